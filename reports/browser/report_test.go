package browser

import (
	"context"
	"math"
	"strconv"
	"strings"
	"testing"

	"assay/reports/internal/fixture"
	"assay/runner/result"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestTheReportOpensWithoutErrorAndWithoutRequest(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]screen{"light": {}, "dark": {dark: true}, "phone": {wide: 400}, "print": {print: true}, "no script": {noScript: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newTab(t, s).show(folder(t, fixture.Page())).quiet()
		})
	}
}

// cellOf is a cell of a matrix as a reader finds it: by family, operation,
// workload and variant.
type cellOf struct{ Family, Op, Workload, Variant, Text, Spoken string }

const readMatrices = `[...document.querySelectorAll('table.matrix')].flatMap(t => {
	const family = t.caption.textContent.split(':')[0];
	const heads = [...t.tHead.rows].map(r => [...r.cells].slice(1));
	const ops = heads[0].flatMap(c => Array(c.colSpan).fill(c.textContent));
	return [...t.tBodies[0].rows].flatMap(r => [...r.cells].slice(1).map((c, i) => ({
		Family: family, Op: ops[i], Workload: heads[1][i].textContent, Variant: r.cells[0].textContent,
		Text: c.querySelector('.v > span').firstChild.textContent, Spoken: c.querySelector('.hear').textContent.trim()})));
})`

func TestTheMatrixMatchesResultJSON(t *testing.T) {
	t.Parallel()
	v := fixture.Page()
	var r result.Result
	asJSON(t, v, &r)
	cells, columns := map[[4]string]cellOf{}, map[[2]string]bool{}
	for _, c := range eval[[]cellOf](newTab(t, screen{}).show(folder(t, v)), readMatrices) {
		cells[[4]string{c.Family, c.Op, c.Workload, c.Variant}] = c
		columns[[2]string{c.Family, c.Op}] = true
	}
	broken := map[[4]string]string{}
	key := func(k result.Key, unit, variant string) [4]string {
		op := k.Op
		if unit != "ns/op" {
			op = unit + " (" + op + ")"
		}
		if k.Scenario != "" {
			op += ", " + k.Scenario
		}
		return [4]string{k.Family, op, k.Workload, variant}
	}
	for _, w := range r.Wrong {
		broken[key(w.Key, "ns/op", w.Variant)] = "answers wrongly"
	}
	for _, f := range r.Failed {
		broken[key(f.Key, "ns/op", f.Variant)] = "could not be measured"
	}
	checked := 0
	for _, c := range r.Comparisons {
		k := key(c.Key, c.Unit, c.Variant)
		got, shown := cells[k]
		if c.Unit != "ns/op" && !columns[[2]string{k[0], k[1]}] {
			continue // a count that is the same everywhere, or another one turned over, has no column
		}
		if !shown {
			t.Errorf("%v has no cell", k)
			continue
		}
		want := c.Verdict
		if b := broken[k]; b != "" {
			want = b
		} else if ratio, ok := ratioOf(got.Text); !ok || math.Abs(ratio-c.Ratio) > 0.006*c.Ratio {
			t.Errorf("%v shows %q, result.json has the ratio %g", k, got.Text, c.Ratio)
		}
		if got.Spoken != want {
			t.Errorf("%v says %q, result.json %q", k, got.Spoken, want)
		}
		checked++
	}
	if checked < 50 {
		t.Errorf("only %d cells were checked", checked)
	}
}

// ratioOf reads "+38.7%" or "3.90x" back.
func ratioOf(text string) (float64, bool) {
	if s, ok := strings.CutSuffix(text, "x"); ok {
		x, err := strconv.ParseFloat(s, 64)
		return x, err == nil
	}
	x, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSuffix(text, "%"), "+"), 64)
	return 1 + x/100, err == nil
}

func TestAReasonOpensItsFlameGraph(t *testing.T) {
	t.Parallel()
	v := fixture.Page()
	for i := range v.Result.Comparisons {
		if c := &v.Result.Comparisons[i]; c.Key == v.Flames[0].Key && c.Variant == "nibble" {
			c.Why = "all of it is in find"
		}
	}
	p := newTab(t, screen{}).show(folder(t, v))
	p.do(chromedp.Click(chromedp.CSS("[data-flame-show]")))
	if label := eval[string](p, `document.querySelector('.flame-tree').getAttribute('aria-label')`); !strings.Contains(label, "nibble against raw") {
		t.Errorf("the graph shows %q", label)
	}
	p.quiet()
}

func TestSamplesOverTimeZoomByButtonAndByMouse(t *testing.T) {
	t.Parallel()
	p := newTab(t, screen{}).show(folder(t, fixture.Page()))
	said := func() string { return eval[string](p, `document.querySelector('.timeline [role=status]').textContent`) }
	whole := said()
	if !strings.Contains(whole, "480 of 480 dots") || !strings.Contains(whole, "4000 were measured") {
		t.Fatalf("at first it says %q", whole)
	}
	button := func(name string) {
		eval[any](p, `[...document.querySelectorAll('.timeline button')].find(b => b.textContent === `+quoted(name)+`).click()`)
	}
	button("Zoom in")
	if half := said(); half == whole || strings.Contains(half, "480 of") {
		t.Errorf("zoomed in it says %q", half)
	}
	button("Whole run")
	if said() != whole {
		t.Errorf("zoomed out again it says %q", said())
	}
	box := eval[[]float64](p, `(() => { const o = document.querySelector('.u-over'); o.scrollIntoView({block: 'center'}); const r = o.getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })()`)
	y := box[1] + box[3]/2
	p.do(chromedp.MouseEvent("mouseMoved", box[0]+0.2*box[2], y), chromedp.MouseEvent("mousePressed", box[0]+0.2*box[2], y, chromedp.ButtonLeft, chromedp.ClickCount(1)),
		chromedp.MouseEvent("mouseMoved", box[0]+0.3*box[2], y, chromedp.ButtonLeft), chromedp.MouseEvent("mouseMoved", box[0]+0.4*box[2], y, chromedp.ButtonLeft),
		chromedp.MouseEvent("mouseReleased", box[0]+0.4*box[2], y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
	if fifth := said(); fifth == whole {
		t.Error("dragging over the chart did not zoom")
	}
	eval[any](p, `document.querySelector('.timeline-legend input').click()`)
	if rows := eval[int](p, `document.querySelectorAll('.timeline tbody tr').length`); rows != 2 {
		t.Errorf("%d variants in the table, want 2", rows)
	}
	p.quiet()
}

func TestNothingSpillsSidewaysOnAPhone(t *testing.T) {
	t.Parallel()
	p := newTab(t, screen{wide: 400}).show(folder(t, fixture.Page()))
	if w := eval[int](p, `document.documentElement.scrollWidth`); w > 400 {
		t.Errorf("the page is %d pixels wide: %s sticks out", w, eval[string](p, `[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > 401 && !e.closest('.scroll,.flame-tree,.timeline-plot,.hear,details:not([open])')).map(e => e.tagName + '.' + e.className).slice(0, 5).join(' ')`))
	}
}

func TestWithoutScriptEverythingEssentialIsThere(t *testing.T) {
	t.Parallel()
	v := fixture.Page()
	p := newTab(t, screen{noScript: true}).show(folder(t, v))
	text, err := chromedp.Run(p.ctx, chromedp.Text(chromedp.CSS("body")))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Who wins where", "page: every variant against raw", "+38.7%", "31% fewer branches", "The graph", "need JavaScript", "Null control", "PARTIAL",
		"assay run page", "samples.bench", "Published figures",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("without script %q is missing", want)
		}
	}
	p.quiet()
}

func TestPrintedItHasNoControlsAndNoCutTables(t *testing.T) {
	t.Parallel()
	p := newTab(t, screen{print: true}).show(folder(t, fixture.Page()))
	for _, gone := range []string{"nav", ".skip", ".flame-bar", ".timeline button"} {
		if n := eval[int](p, `[...document.querySelectorAll(`+quoted(gone)+`)].filter(e => e.getClientRects().length).length`); n > 0 {
			t.Errorf("%d %s are printed", n, gone)
		}
	}
	if n := eval[int](p, `[...document.querySelectorAll('.scroll')].filter(e => getComputedStyle(e).overflowX !== 'visible').length`); n > 0 {
		t.Errorf("%d tables are cut off at the edge of the paper", n)
	}
	pdf, err := chromedp.Run(p.ctx, chromedp.PrintToPDF())
	if err != nil || len(pdf) < 50_000 {
		t.Errorf("printed it takes %d bytes: %v", len(pdf), err)
	}
}

// press sends one key to what has the focus.
func press(p *tab, key string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(key))
}

func TestTheKeyboardReachesEverythingThatActs(t *testing.T) {
	t.Parallel()
	p := newTab(t, screen{}).show(folder(t, fixture.Page()))
	want := eval[int](p, `[...document.querySelectorAll('a[href],button:not([disabled]),input,select,summary,[tabindex="0"]')].filter(e => e.checkVisibility()).length`)
	eval[any](p, `window.visited = new Set(), document.addEventListener('focusin', e => visited.add(e.target))`)
	for range want + 5 {
		press(p, kb.Tab)
	}
	if got := eval[int](p, `visited.size`); got < want {
		t.Errorf("the tab key reached %d of %d: missing %s", got, want, eval[string](p, `[...document.querySelectorAll('a[href],button:not([disabled]),input,select,summary,[tabindex="0"]')].filter(e => e.checkVisibility() && !visited.has(e)).map(e => e.outerHTML.slice(0, 80)).slice(0, 4).join('\n')`))
	}
	p.quiet()
}

func TestThePolicyStopsAScriptThatGotIn(t *testing.T) {
	t.Parallel()
	p := newTab(t, screen{}).show(folder(t, fixture.Page()))
	eval[any](p, `(() => { const s = document.createElement('script'); s.textContent = 'window.gotIn = true'; document.body.append(s); document.body.insertAdjacentHTML('beforeend', '<p onclick="window.gotIn = true" id="trap">x</p>'); document.getElementById('trap').click(); })()`)
	if eval[bool](p, `window.gotIn === true`) {
		t.Error("an inline script ran")
	}
	if p.blocked() < 2 {
		t.Error("the browser did not report what it blocked: this test sees nothing")
	}
	if _, err := chromedp.Run(p.ctx, func(ctx context.Context, target *chromedp.Target) (any, error) {
		return chromedp.Evaluate[any](`fetch('https://example.org/').then(() => 'loaded', e => { throw e })`, chromedp.EvalAwaitPromise)(ctx, target)
	}); err == nil {
		t.Error("a request went out")
	}
}

func (p *tab) blocked() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, f := range p.faults {
		if strings.Contains(f, "Content Security Policy") {
			n++
		}
	}
	return n
}
