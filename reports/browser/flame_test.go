package browser

import (
	"strings"
	"testing"

	"assay/reports/internal/fixture"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// flamePage is the difference flame graph as `assay profile flame` writes it:
// raw costs 120 ns/op of 10 ms samples, nibble 140.
func flamePage(t *testing.T, s screen) *tab {
	t.Helper()
	data, err := fixture.Page().Flames[0].Graph.Page("nibble against raw")
	if err != nil {
		t.Fatal(err)
	}
	return newTab(t, s).show(file(t, data))
}

// frame finds a box by the start of its name.
func frame(name string) string {
	return `[...document.querySelectorAll('.flame-box')].find(e => e.getAttribute('aria-label').startsWith(` + quoted(name) + `))`
}

// widthOf is a box's share of the graph.
func widthOf(p *tab, name string) float64 {
	p.t.Helper()
	return eval[float64](p, `(() => { const e = `+frame(name)+`; return e ? e.getBoundingClientRect().width / document.querySelector('.flame-tree').getBoundingClientRect().width : -1; })()`)
}

const find = "assay/encodings/page.(*nibble).find"

func TestAFlameGraphShowsBothSidesPerOperation(t *testing.T) {
	t.Parallel()
	p := flamePage(t, screen{})
	label := eval[string](p, frame(find)+`.getAttribute('aria-label')`)
	if want := find + ": nibble 120 ns/op (85.7 %), raw 0 (0.0 %), change +120; itself 60.0 against 0"; label != want {
		t.Errorf("the frame says\n%s, want\n%s", label, want)
	}
	if got, want := widthOf(p, find), 120.0/260; got < want-0.01 || got > want+0.01 {
		t.Errorf("the frame is %.3f wide, want %.3f of both sides together", got, want)
	}
	if tint := eval[string](p, frame(find)+`.className`); !strings.Contains(tint, "m4") {
		t.Errorf("a frame of one side alone is %s, want the strongest tint", tint)
	}
	if tint := eval[string](p, frame("runtime.memmove")+`.className`); !strings.Contains(tint, "c0") {
		t.Errorf("a frame that costs the same on both sides is %s", tint)
	}
	p.quiet()
}

func TestClickZoomsAndEscapeShowsTheWhole(t *testing.T) {
	t.Parallel()
	p := flamePage(t, screen{})
	eval[any](p, frame(find)+`.click()`)
	if got := widthOf(p, find); got < 0.99 {
		t.Errorf("after a click the frame is %.2f wide", got)
	}
	if got := widthOf(p, "runtime.memmove"); got != -1 {
		t.Errorf("a frame beside the zoomed one is still %.2f wide", got)
	}
	if !eval[bool](p, `document.activeElement === `+frame(find)) {
		t.Error("the focus did not follow the zoom")
	}
	press(p, kb.Escape)
	if got := widthOf(p, find); got > 0.6 {
		t.Errorf("after Escape the frame is %.2f wide", got)
	}
	p.quiet()
}

func TestSearchMarksFramesAndSumsThemOnce(t *testing.T) {
	t.Parallel()
	p := flamePage(t, screen{})
	p.do(chromedp.SendKeys(chromedp.CSS("input[type=search]"), "ENCODINGS"))
	// Four frames match (find and decode on each side); decode lies inside find and counts once.
	if got, want := eval[string](p, `document.querySelector('.flame-found').textContent`), "4 frames match: nibble 120 ns/op (85.7 %), raw 100 (83.3 %), change +20.0"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	if n := eval[int](p, `document.querySelectorAll('.flame-box.hit').length`); n != 4 {
		t.Errorf("%d frames are marked, want 4", n)
	}
	p.quiet()
}

func TestArrowsWalkTheFlameGraph(t *testing.T) {
	t.Parallel()
	p := flamePage(t, screen{})
	eval[any](p, `document.querySelector('.flame-box[tabindex="0"]').focus()`)
	at := func() string {
		return eval[string](p, `document.activeElement.getAttribute('aria-label').split(':')[0]`)
	}
	top := at()
	press(p, kb.ArrowDown)
	if at() != find {
		t.Errorf("down leads to %q, want the largest callee", at())
	}
	press(p, kb.ArrowRight)
	if !strings.Contains(at(), "(*raw).find") {
		t.Errorf("right leads to %q", at())
	}
	press(p, kb.ArrowUp)
	if at() != top {
		t.Errorf("up leads to %q, want %q", at(), top)
	}
	press(p, kb.ArrowDown)
	press(p, kb.Enter)
	if got := widthOf(p, find); got < 0.99 {
		t.Errorf("Enter did not zoom: the frame is %.2f wide", got)
	}
	if n := eval[int](p, `document.querySelectorAll('.flame-box[tabindex="0"]').length`); n != 1 {
		t.Errorf("%d frames are in the tab order, want one", n)
	}
	p.quiet()
}

func TestTheFlamePageFitsAPhoneAndPaper(t *testing.T) {
	t.Parallel()
	p := flamePage(t, screen{wide: 400, dark: true})
	if w := eval[int](p, `document.documentElement.scrollWidth`); w > 400 {
		t.Errorf("the page is %d pixels wide", w)
	}
	if p := flamePage(t, screen{print: true}); eval[int](p, `document.querySelector('.flame-bar').getClientRects().length`) > 0 {
		t.Error("the controls are printed")
	}
	p = flamePage(t, screen{noScript: true})
	text, err := chromedp.Run(p.ctx, chromedp.Text(chromedp.CSS("main")))
	if err != nil || !strings.Contains(text, find) {
		t.Errorf("without script the functions are not listed: %v", err)
	}
}
