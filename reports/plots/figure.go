// Package plots draws the figures of a report with gonum/plot's canvases.
//
// A figure is drawn when a view has the data for it and not because of the
// family it comes from. Each is drawn once, on vector operations, and written
// as SVG or PNG; there is no second drawing path that could drift from the
// first.
//
// Charts lay themselves out on a draw.Canvas instead of a plot.Plot, because
// row labels of any length, text columns and a bound per group do not fit its
// axes; and bars on its logarithmic axis panic.
package plots

import (
	"bytes"
	"fmt"
	"image/color"
	"io"
	"regexp"
	"strconv"
	"strings"

	"assay/reports/digest"
	"assay/reports/view"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Figure is one picture of a report.
type Figure struct {
	Name  string // a safe file name without extension, unique in its report
	Kind  Kind
	Title string // what it is
	Alt   string // what it shows, for readers who cannot see it
	Wide  float64
	High  float64 // both in points
	draw  func(pen)
	shop  *workshop // shared by the figures of a report
}

// Kind says what question a figure answers; a page groups figures by it.
type Kind string

// The kinds, in the order of a report.
const (
	Ratios   Kind = "Time against the base"
	Tradeoff Kind = "Trade-offs"
	Counts   Kind = "Counts"
	Latency  Kind = "Latency"
	Growth   Kind = "Growth"
	Stacked  Kind = "Where the time of each step went"
	Spread   Kind = "Restarts"
	Flames   Kind = "Flame graphs"
	Slices   Kind = "Samples over time"
)

// Figures draws everything the view has data for, in the order of a report.
func Figures(v view.View) []Figure {
	groups := digest.Groups(v.Result)
	all := charts(groups)
	figures, counts, tradeoffs := []Figure{}, []Figure{}, []Figure{}
	for _, c := range all {
		figures = append(figures, forest(v, c)...)
		if c.Merged { // one contender has nothing to trade off, and its counts stand in a table
			continue
		}
		counts = append(counts, density(v, c.Groups)...)
		tradeoffs = append(tradeoffs, pareto(v, groups, c.Groups)...)
	}
	figures = append(figures, tradeoffs...)
	figures = append(figures, counts...)
	figures = append(figures, latency(groups)...)
	figures = append(figures, ecdf(v)...)
	figures = append(figures, growth(v)...)
	figures = append(figures, sweeps(v)...)
	figures = append(figures, ladders(v)...)
	for _, c := range all {
		figures = append(figures, restarts(v, c)...)
	}
	figures = append(figures, flames(v)...)
	figures = append(figures, slicesOverTime(v)...)
	figures = unique(figures)
	shop := &workshop{}
	for i := range figures {
		figures[i].shop = shop
	}
	return figures
}

// SVG writes the figure as a standalone SVG document with a light background.
func (f Figure) SVG(w io.Writer) error { return f.vector(w, paper) }

// Inline writes the figure as SVG without a background, for a page that has one.
func (f Figure) Inline(w io.Writer) error { return f.vector(w, nil) }

func (f Figure) vector(w io.Writer, background color.Color) error {
	c := vgsvg.New(vg.Length(f.Wide), vg.Length(f.High))
	var shift []float64
	f.paint(draw.New(c), background, &shift)
	var doc bytes.Buffer
	if _, err := c.WriteTo(&doc); err != nil {
		return fmt.Errorf("figure %s: %w", f.Name, err)
	}
	// The document names a font it does not carry; Arial and Helvetica have the same widths.
	out := bytes.ReplaceAll(doc.Bytes(), []byte("font-family:Liberation Sans;"), []byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif;"))
	out = anchored(out, shift)
	if _, err := w.Write(out); err != nil {
		return fmt.Errorf("figure %s: %w", f.Name, err)
	}
	return nil
}

// textStart matches where a text of a document begins; the library places every
// text by its left end.
var textStart = regexp.MustCompile(`<text x="([^"]*)"([^>]*?style=")`)

// anchored ties the texts that stand on their right end to that end. Where a
// reader has none of the fonts that the document names, another one is wider, and
// a column of numbers at the right border would run out of the picture.
func anchored(doc []byte, shift []float64) []byte {
	n := -1
	return textStart.ReplaceAllFunc(doc, func(text []byte) []byte {
		n++
		m := textStart.FindSubmatch(text)
		x, err := strconv.ParseFloat(string(m[1]), 64)
		if n >= len(shift) || shift[n] == 0 || err != nil {
			return text
		}
		return fmt.Appendf(nil, `<text x="%.5g"%stext-anchor:end;`, x+shift[n], m[2])
	})
}

// slug makes a file name of names from outside: lower case letters, digits and
// single dashes, nothing that a shell or a browser could read as more.
func slug(parts ...string) string {
	var b strings.Builder
	dash := true
	for _, r := range strings.ToLower(strings.Join(parts, "-")) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
			dash = false
		case !dash:
			b.WriteByte('-')
			dash = true
		}
	}
	s := b.String()
	if len(s) > 80 {
		s = s[:80]
	}
	if s = strings.Trim(s, "-"); s == "" {
		return "figure"
	}
	return s
}

// unique numbers names that would overwrite each other.
func unique(figures []Figure) []Figure {
	seen := map[string]bool{}
	for i := range figures {
		name := figures[i].Name
		for n := 2; seen[figures[i].Name]; n++ {
			figures[i].Name = fmt.Sprintf("%s-%d", name, n)
		}
		seen[figures[i].Name] = true
	}
	return figures
}
