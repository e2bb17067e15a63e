package cli

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"assay/runner"
	"assay/runner/clock"
)

// plainLines shows a run of so long, told about every so often, and returns the
// seconds at which lines were printed, and the lines.
func plainLines(length, every time.Duration) (at []float64, lines []string) {
	var out bytes.Buffer
	clk := &clock.Fake{}
	p := newProgress(&out, clk)
	for now := time.Duration(0); now < length; now += every {
		stage := "timing"
		if now < length/20 {
			stage = "checking"
		}
		p.show(runner.Progress{Stage: stage, What: "page/get", Done: float64(now) / float64(length), Left: length - now})
		if out.Len() > 0 {
			at, lines = append(at, now.Seconds()), append(lines, out.String())
			out.Reset()
		}
		clk.Advance(every, 0)
	}
	p.done()
	return at, lines
}

func TestPlainProgressComesAtBoundedIntervals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		length, every time.Duration
		want          string
	}{
		{4 * time.Second, 50 * time.Millisecond, "[0]"},
		{20 * time.Second, 100 * time.Millisecond, "[0 5 10 15]"},                           // steps come every 2 s: not more often than 5
		{100 * time.Second, time.Second, "[0 5 10 20 30 40 50 60 70 80 90]"},                // a stage, then the steps
		{400 * time.Second, time.Second, "[0 15 20 35 40 55 70 80 95 110 120 135 150 160 "}, // every 15 s between the steps
		{200 * time.Second, 40 * time.Second, "[0 40 80 120 160]"},                          // nothing happens in between
	} {
		at, lines := plainLines(c.length, c.every)
		if got := fmt.Sprint(at); !strings.HasPrefix(got, c.want) {
			t.Errorf("a run of %v: lines at %v, want %v", c.length, got, c.want)
		}
		for i, line := range lines {
			want := fmt.Sprintf(", about %v left\n", c.length-time.Duration(at[i]*float64(time.Second)))
			if !strings.HasSuffix(line, want) || strings.Count(line, "\n") != 1 {
				t.Errorf("a run of %v: %q, want it to end in %q", c.length, line, want)
			}
		}
	}
}

func TestPlainProgressSaysWhenNoTimeIsKnownAndKeepsNotes(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := newProgress(&out, &clock.Fake{})
	p.show(runner.Progress{Stage: "timing", What: "page/get", Done: .5})
	p.show(runner.Progress{Note: "page/get: nibble is slower"})
	p.show(runner.Progress{Note: "page/get: raw is faster"})
	want := "assay: timing page/get: 50 %, time left not known yet\nassay: page/get: nibble is slower\nassay: page/get: raw is faster\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
