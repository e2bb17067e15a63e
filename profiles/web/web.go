// Package web serves pprof's own web view of a profile on this machine alone.
//
// It embeds pprof's driver without its tools for binaries: profiles of Go
// programs carry their symbols, and looking for the binaries takes most of a
// second. What the view would write (settings, copies of profiles) it cannot.
package web

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/google/pprof/driver"
	"github.com/google/pprof/profile"
)

// View is what to show and how.
type View struct {
	Profile *profile.Profile
	Base    *profile.Profile // subtracted, as -diff_base does; nil: nothing
	Browser bool             // open one
	Ready   func(url string) // told when the view can be asked for
}

// Serve serves the view on a free port of the loopback address until ctx ends,
// whose error it then returns.
func Serve(ctx context.Context, v View) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("web view: %w", err)
	}
	defer listener.Close()
	place, err := os.MkdirTemp("", "assay-web-")
	if err != nil {
		return fmt.Errorf("web view: %w", err)
	}
	defer os.RemoveAll(place)
	if err := os.Setenv("PPROF_TMPDIR", place); err != nil { // the driver knows no other way to be told
		return fmt.Errorf("web view: %w", err)
	}
	address, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		return fmt.Errorf("web view: %v is no TCP address", listener.Addr())
	}
	host := net.JoinHostPort("127.0.0.1", strconv.Itoa(address.Port))
	words := &flags{set: map[string]string{"http": host, "symbolize": "none"}, args: []string{"variant"}}
	if !v.Browser {
		words.set["no_browser"] = "true"
	}
	if v.Base != nil {
		words.set["diff_base"] = "base"
	}
	err = driver.PProf(&driver.Options{
		Flagset: words, Fetch: source{v}, Sym: noSymbols{}, Obj: noObjects{}, UI: &silent{browser: v.Browser}, Writer: nowhere{},
		HTTPServer: func(args *driver.HTTPServerArgs) error {
			if v.Ready != nil {
				v.Ready("http://" + host + "/ui/")
			}
			return serve(ctx, listener, host, args.Handlers)
		},
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// serve answers requests until ctx ends.
func serve(ctx context.Context, listener net.Listener, host string, handlers map[string]http.Handler) error {
	server := &http.Server{Handler: routes(host, handlers), ReadHeaderTimeout: 10 * time.Second}
	stopped := context.AfterFunc(ctx, func() { server.Close() }) //nolint:errcheck // nothing is left to lose
	defer stopped()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// routes are the pages of the view that only read. A request by another name
// than the address comes from a page elsewhere that has had its name point here.
func routes(host string, handlers map[string]http.Handler) http.Handler {
	mux := http.NewServeMux()
	for _, path := range []string{"/", "/graph", "/top", "/disasm", "/source", "/peek", "/flamegraph", "/download"} {
		if h := handlers[path]; h != nil {
			pattern := "GET /ui" + path
			if path == "/" {
				pattern += "{$}"
			}
			mux.Handle(pattern, http.StripPrefix("/ui", h))
		}
	}
	mux.Handle("GET /{$}", http.RedirectHandler("/ui/", http.StatusTemporaryRedirect))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != host {
			http.Error(w, "ask for http://"+host, http.StatusForbidden)
			return
		}
		mux.ServeHTTP(w, r)
	})
}
