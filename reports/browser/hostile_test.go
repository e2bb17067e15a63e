package browser

import (
	"slices"
	"strings"
	"testing"

	"assay/reports/internal/fixture"
)

// harmless are the elements that the pages make; anything else came out of a name.
const harmless = " A B BODY BUTTON CANVAS CAPTION CODE DD DETAILS DIV DL DT FIGCAPTION FIGURE G H1 H2 H3 H4 HEAD HEADER HTML I INPUT LABEL LI MAIN META NAV OPTION P PATH PRE RECT " +
	"SCRIPT SECTION SELECT SPAN STYLE SUMMARY SVG TABLE TBODY TD TEXT TH THEAD TITLE TR UL "

const inventory = `(() => { const tags = new Set(), odd = [];
	for (const e of document.querySelectorAll('*')) {
		tags.add(e.tagName.toUpperCase());
		for (const a of e.attributes) if (a.name.startsWith('on') || a.name === 'src' || a.name === 'srcdoc') odd.push(e.tagName + ' ' + a.name);
		if (e.href && typeof e.href === 'string' && !e.href.startsWith('file://')) odd.push('link to ' + e.href);
	}
	return [[...tags], odd]; })()`

func TestHostileNamesAddNothingToTheReport(t *testing.T) {
	t.Parallel()
	p := newTab(t, screen{}).show(folder(t, fixture.Hostile()))
	last := eval[int](p, `document.querySelectorAll('.flame select')[0].options.length`) - 1
	for _, step := range []string{ // show what the hostile names are drawn in
		`(() => { const s = document.querySelectorAll('.flame select')[0]; s.value = ` + quoted(string(rune('0'+last))) + `; s.dispatchEvent(new Event('change')); })()`,
		`(() => { const s = document.querySelectorAll('.timeline select')[0]; s.value = s.options.length - 1; s.dispatchEvent(new Event('change')); })()`,
		`document.querySelectorAll('details').forEach(d => d.open = true)`,
		`document.querySelectorAll('.flame-box').forEach(b => b.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})))`,
	} {
		eval[any](p, step)
	}
	if shown := eval[string](p, `document.querySelector('.flame').textContent + document.querySelector('.timeline').textContent`); !strings.Contains(shown, "<script>alert(1)") {
		t.Fatal("the hostile names are not shown at all: this test sees nothing")
	}
	checkInventory(p)
	if n := eval[int](p, `document.scripts.length`); n != 5 {
		t.Errorf("%d scripts, want two of data and three programs", n)
	}
	p.quiet()
}

func TestHostileSymbolsAddNothingToTheFlamePage(t *testing.T) {
	t.Parallel()
	flames := fixture.Hostile().Flames
	data, err := flames[len(flames)-1].Graph.Page("</title><script>alert(1)</script>")
	if err != nil {
		t.Fatal(err)
	}
	p := newTab(t, screen{}).show(file(t, data))
	eval[any](p, `document.querySelectorAll('.flame-box').forEach(b => b.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})))`)
	checkInventory(p)
	if n := eval[int](p, `document.scripts.length`); n != 2 {
		t.Errorf("%d scripts, want the data and the program", n)
	}
	p.quiet()
}

func checkInventory(p *tab) {
	p.t.Helper()
	found := eval[[][]string](p, inventory)
	for _, tag := range found[0] {
		if !strings.Contains(harmless, " "+tag+" ") {
			p.t.Errorf("a name made an element %s", tag)
		}
	}
	if odd := slices.Compact(found[1]); len(odd) > 0 {
		p.t.Errorf("names made %q", odd)
	}
}
