package browser

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"assay/reports"
	"assay/reports/view"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience bounds everything that one test does in the browser.
const patience = 2 * time.Minute

// browserContext starts the one browser of this process.
var browserContext = sync.OnceValues(func() (context.Context, error) {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless_shell"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return nil, exec.ErrNotFound
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // it refuses to run as root otherwise
	}
	alloc, _ := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(alloc)
	return ctx, chromedp.Do(ctx, chromedp.Navigate("about:blank"))
})

func TestMain(m *testing.M) {
	code := m.Run()
	if ctx, err := browserContext(); err == nil {
		_ = chromedp.Cancel(ctx) //nolint:errcheck // the process ends anyway
	}
	os.Exit(code)
}

// tab is one open page and what went wrong on it.
type tab struct {
	t       *testing.T
	ctx     context.Context
	url     string
	scripts bool // run on it

	mu       sync.Mutex
	faults   []string // errors, blocked things, dialogs
	requests []string
}

// screen is how a page is shown.
type screen struct {
	wide     int64 // CSS pixels; 0 = 1280
	dark     bool
	print    bool
	noScript bool
}

// newTab opens a tab without a page.
func newTab(t *testing.T, s screen) *tab {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes seconds: run without -short")
	}
	browser, err := browserContext()
	if err != nil {
		t.Skipf("no browser (%v): install chromium, for example with `apt-get install chromium`, to test the report in one", err)
	}
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	t.Cleanup(stop)
	p := &tab{t: t, ctx: ctx, scripts: !s.noScript}
	if err := chromedp.Listen(ctx, p.hear); err != nil {
		t.Fatal(err)
	}
	if s.wide == 0 {
		s.wide = 1280
	}
	scheme, medium := "light", "screen"
	if s.dark {
		scheme = "dark"
	}
	if s.print {
		medium = "print"
	}
	p.do(chromedp.EmulateViewport(s.wide, 900),
		command(network.Enable, network.EnableParams{}), command(log.Enable, cdp.Empty{}),
		command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: medium, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}),
		command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: s.noScript}))
	return p
}

// command makes an action of a protocol command whose result nobody wants.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

func (p *tab) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		p.faults = append(p.faults, fmt.Sprintf("console %s", e.Type))
	case *runtime.EventExceptionThrown:
		p.faults = append(p.faults, "exception: "+e.ExceptionDetails.Text+" "+e.ExceptionDetails.Exception.Description)
	case *log.EventEntryAdded:
		p.faults = append(p.faults, "log: "+e.Entry.Text)
	case *page.EventJavascriptDialogOpening:
		p.faults = append(p.faults, "dialog: "+e.Message)
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, e.Request.URL)
	}
}

// show opens a file and waits until its scripts ran.
func (p *tab) show(path string) *tab {
	p.t.Helper()
	p.url = "file://" + path
	p.do(chromedp.Navigate(p.url), chromedp.WaitReady(chromedp.CSS("main")))
	if p.scripts { // what they draw comes a moment after the page
		p.do(chromedp.WaitReady(chromedp.CSS("[data-flame].flame")))
		if eval[bool](p, `document.querySelector('[data-timeline]') !== null`) {
			p.do(chromedp.WaitReady(chromedp.CSS("[data-timeline].timeline .u-over")))
		}
	}
	return p
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// eval runs an expression of the test's own and returns its value.
func eval[T any](p *tab, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// quiet fails when the page asked for anything but itself, or anything went wrong on it.
func (p *tab) quiet() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.faults {
		p.t.Errorf("the page has a fault: %s", f)
	}
	for _, r := range p.requests {
		if r != p.url {
			p.t.Errorf("the page asked for %s", r)
		}
	}
	if len(p.requests) == 0 {
		p.t.Error("not even the page was seen to be asked for: this test sees nothing")
	}
}

// folder writes a whole report and returns the path of its page.
func folder(t *testing.T, v view.View) string {
	t.Helper()
	dir := t.TempDir()
	err := reports.WriteAll(v, func(name string) (io.WriteCloser, error) { return os.Create(filepath.Join(dir, name)) })
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "index.html")
}

// file writes one page.
func file(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// asJSON is a view's result as result.json holds it.
func asJSON(t *testing.T, v view.View, into any) {
	t.Helper()
	for _, f := range reports.Formats() {
		if f.Name != "json" {
			continue
		}
		var out bytes.Buffer
		if err := f.Write(v, &out); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out.Bytes(), into); err != nil {
			t.Fatal(err)
		}
	}
}

// quoted is a string as a script spells it.
func quoted(s string) string {
	data, _ := json.Marshal(s) //nolint:errchkjson // a string
	return strings.ReplaceAll(string(data), "</", `<\/`)
}
