package plots

import (
	"fmt"
	"math"

	"assay/reports/digest/sweep"
	"assay/reports/view"
	"assay/reports/words"
)

// sweeps draws what was counted over a swept field, a figure per unit: counts
// have no interval, so a line is its points.
func sweeps(v view.View) []Figure {
	out := []Figure{}
	for _, t := range sweep.Tables(v.Result) {
		if f, ok := sweptFigure(t); ok {
			out = append(out, f)
		}
	}
	return out
}

func sweptFigure(t sweep.Table) (Figure, bool) {
	f := panel{tickX: plain, tickY: plain, labelY: words.Clean(t.Unit), title: words.Clean(t.Workload), labelX: words.Clean(t.Field) + " (logarithmic)"}
	texts, ys := []string{}, []float64{0} // from 0, so that a small change does not look like a large one
	for _, r := range t.Rows {
		texts = append(texts, words.Clean(r.Variant))
		ys = append(ys, r.Means...)
	}
	var okX, okY bool
	f.x, okX = fit(true, 0.02, t.At...)
	f.y, okY = fit(false, 0.05, ys...)
	if !okX || !okY || len(t.At) < 2 {
		return Figure{}, false
	}
	f.y.lo = math.Max(f.y.lo, 0)
	title := fmt.Sprintf("%s of %s as %s grows", words.Clean(t.Unit), words.Clean(t.Family+"/"+t.Op), words.Clean(t.Field))
	const high = 400.0
	return Figure{
		Kind: Growth, Name: slug("swept", t.Family, t.Op, t.Unit, t.Workload, t.Field), Title: title, Wide: wide, High: high,
		Alt: "Lines of " + words.Clean(t.Unit) + " over " + words.Clean(t.Field) + ", one per variant; the growth tables have the same figures.",
		draw: func(p pen) {
			header(p, title, "Counted, not timed: the same on every machine. "+better(t.Better))
			gutter := math.Min(widest(p.fonts, labelStyle, texts), maxLabel) + 26
			f.place(margin+50, 78, wide-2*margin-50-gutter, high-78-42)
			f.frame(p)
			ends := []float64{}
			for i, r := range t.Rows {
				ends = append(ends, f.swept(p, i, t.At, r.Means))
			}
			f.ends(p, ends, texts)
		},
	}, true
}

// better says which way is up.
func better(direction string) string {
	switch direction {
	case "lower":
		return "Lower is better."
	case "higher":
		return "Higher is better."
	}
	return ""
}

// swept draws one line and returns where it ends.
func (f panel) swept(p pen, i int, at, means []float64) (end float64) {
	xy := []float64{}
	for k, m := range means {
		if good(m) {
			x, y := f.x.at(at[k]), f.y.at(m)
			p.dot(hue(i), x, y, 3, i/6, false)
			xy = append(xy, x, y)
		}
	}
	if len(xy) == 0 {
		return f.y.from
	}
	p.line(hue(i), 1.4, nil, xy...)
	return xy[len(xy)-1]
}
