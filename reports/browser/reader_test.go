package browser

import (
	"context"
	"strings"
	"testing"

	"assay/reports/internal/fixture"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// heard is one node as a screen reader gets it.
type heard struct{ role, name string }

func heardOn(p *tab) []heard {
	p.t.Helper()
	nodes, err := chromedp.Run(p.ctx, func(ctx context.Context, t *chromedp.Target) ([]*accessibility.Node, error) {
		r, err := cdp.Call(ctx, t, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		return r.Nodes, err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	out := []heard{}
	text := func(v *accessibility.Value) string {
		if v == nil || v.Value == nil {
			return ""
		}
		return strings.Trim(v.Value.String(), `"`)
	}
	for _, n := range nodes {
		if !n.Ignored {
			out = append(out, heard{text(n.Role), text(n.Name)})
		}
	}
	return out
}

func TestEverythingThatActsOrShowsHasAName(t *testing.T) {
	t.Parallel()
	p := newTab(t, screen{}).show(folder(t, fixture.Page()))
	must, count := " button link combobox searchbox checkbox treeitem tree img image region table columnheader rowheader navigation ", map[string]int{}
	for _, h := range heardOn(p) {
		count[h.role]++
		if strings.Contains(must, " "+h.role+" ") && strings.TrimSpace(h.name) == "" {
			t.Errorf("a %s has no name", h.role)
		}
	}
	for _, role := range []string{"banner", "main", "navigation", "heading", "table", "rowheader", "columnheader", "tree", "treeitem", "searchbox", "checkbox", "status"} {
		if count[role] == 0 {
			t.Errorf("a screen reader finds no %s among %v", role, count)
		}
	}
}

func TestHeadingsAreReadInOrder(t *testing.T) {
	t.Parallel()
	p := newTab(t, screen{}).show(folder(t, fixture.Page()))
	got := eval[[]string](p, `[...document.querySelectorAll('h2')].map(h => h.textContent)`)
	want := []string{"Who wins where", "By how much", "Why", "How sure", "How to repeat it"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("the parts are %q, want %q", got, want)
	}
	last := 1
	for _, level := range eval[[]int](p, `[...document.querySelectorAll('h1,h2,h3,h4,h5')].map(h => +h.tagName[1])`) {
		if level > last+1 {
			t.Errorf("h%d follows h%d", level, last)
		}
		last = level
	}
}

// contrasts lists texts whose contrast with what lies behind them is below
// 4.5 : 1 (WCAG AA), by the formula of that standard.
const contrasts = `(() => {
	const parse = c => { const m = c.match(/[\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
	const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
	const lum = c => { const [r, g, b] = c.slice(0, 3).map(x => { x /= 255; return x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
	const behind = e => { const layers = []; for (; e; e = e.parentElement) { const s = getComputedStyle(e); layers.push(parse(s.backgroundColor)); } return layers.reverse().reduce((b, l) => over(l, b), [255, 255, 255, 1]); };
	const bad = new Set();
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement;
		if (!walk.currentNode.textContent.trim() || !e.checkVisibility() || e.closest('script,style,button[disabled],option')) continue;
		const s = getComputedStyle(e), ink = e.closest('svg') ? s.fill : s.color;
		if (ink === 'none') continue;
		let alpha = 1; for (let x = e; x; x = x.parentElement) alpha *= getComputedStyle(x).opacity;
		const bg = behind(e), c = parse(ink); c[3] *= alpha;
		const [a, b] = [lum(over(c, bg)), lum(bg)], ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
		if (ratio < 4.5) bad.add(ratio.toFixed(2) + ' ' + e.tagName + '.' + (e.className.baseVal ?? e.className) + ' ' + ink + ' on ' + bg.slice(0, 3).map(Math.round) + ': ' + e.textContent.slice(0, 30));
	}
	return [...bad].slice(0, 12);
})()`

func TestEveryTextStandsOutFromItsGround(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]screen{"light": {}, "dark": {dark: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, p := range []*tab{newTab(t, s).show(folder(t, fixture.Page())), flamePage(t, s)} {
				for _, bad := range eval[[]string](p, contrasts) {
					t.Errorf("hard to read: %s", bad)
				}
			}
		})
	}
}
