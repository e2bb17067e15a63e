package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/pprof/profile"
)

func side(ns int64) *profile.Profile {
	f := &profile.Function{ID: 1, Name: "toy.find"}
	l := &profile.Location{ID: 1, Line: []profile.Line{{Function: f}}}
	return &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "cpu", Unit: "nanoseconds"}}, PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"},
		Sample: []*profile.Sample{{Location: []*profile.Location{l}, Value: []int64{ns}}}, Location: []*profile.Location{l}, Function: []*profile.Function{f},
	}
}

// Not parallel with other tests of this package: the driver is told of its
// folder through the environment.
func TestTheViewShowsTheDifferenceOnLoopbackUntilItIsStopped(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	urls, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- Serve(ctx, View{Profile: side(9e7), Base: side(4e7), Ready: func(url string) { urls <- url }})
	}()
	url := ""
	select {
	case url = <-urls:
	case err := <-ended:
		t.Fatalf("it ended at once: %v", err)
	}
	if !strings.HasPrefix(url, "http://127.0.0.1:") {
		t.Fatalf("it serves on %q", url)
	}
	if status, page := get(t, url+"top", ""); status != http.StatusOK || !strings.Contains(page, "toy.find") || !strings.Contains(page, "50ms") {
		t.Errorf("%d, the page does not show the difference: %.300s", status, page)
	}
	if status, page := get(t, url+"flamegraph", ""); status != http.StatusOK || !strings.Contains(page, "toy.find") {
		t.Errorf("%d, no flame graph: %.300s", status, page)
	}
	if status, _ := get(t, url+"top", "evil.example"); status != http.StatusForbidden {
		t.Errorf("a page elsewhere that points its name here is answered with %d", status)
	}
	if status, _ := get(t, url+"saveconfig?config=x", ""); status != http.StatusNotFound {
		t.Errorf("settings can be saved: %d", status)
	}
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}

// get returns the answer to a request, under another host's name where one is given.
func get(t *testing.T, url, host string) (status int, page string) {
	t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if host != "" {
		request.Host = host
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}
