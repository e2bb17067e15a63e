package plots

import (
	"fmt"
	"math"

	"assay/reports/view"
	"assay/reports/words"
	"assay/runner/result"
)

// growth draws the curves of a sweep, a figure per operation and workload: time
// over the swept field on two logarithmic scales, so that the steepness of a
// line is the exponent of its growth.
func growth(v view.View) []Figure {
	type topic struct{ family, op, workload, scenario, field string }
	curves, order := map[topic][]result.Curve{}, []topic{}
	for _, c := range v.Result.Curves {
		k := topic{c.Family, c.Op, c.Workload, c.Scenario, c.Field}
		if curves[k] == nil {
			order = append(order, k)
		}
		curves[k] = append(curves[k], c)
	}
	out := []Figure{}
	for _, k := range order {
		if f, ok := growthFigure(curves[k]); ok {
			out = append(out, f)
		}
	}
	return out
}

func growthFigure(curves []result.Curve) (Figure, bool) {
	xs, ys, drawn := []float64{}, []float64{}, []result.Curve{}
	for _, c := range curves {
		if c.Points = positive(c.Points); len(c.Points) < 2 {
			continue
		}
		drawn = append(drawn, c)
		for _, p := range c.Points {
			xs, ys = append(xs, p.N), append(ys, p.Ns, p.Lo, p.Hi)
		}
	}
	f := panel{tickX: plain, tickY: nanos, labelY: "time per operation"}
	var okX, okY bool
	f.x, okX = fit(true, 0.02, xs...)
	f.y, okY = fit(true, 0.05, ys...)
	if !okX || !okY {
		return Figure{}, false
	}
	c := curves[0]
	f.labelX = words.Clean(c.Field) + " (both scales logarithmic)"
	title := fmt.Sprintf("Time of %s as %s grows", words.Clean(c.Family+"/"+c.Op), words.Clean(c.Field))
	f.title = words.Clean(c.Workload)
	if c.Scenario != "" {
		f.title += ", beside " + words.Clean(c.Scenario)
	}
	const high = 400.0
	return Figure{
		Kind: Growth, Name: slug("growth", c.Family, c.Op, c.Workload, c.Scenario, c.Field), Title: title, Wide: wide, High: high,
		Alt: "Lines of time per operation over " + words.Clean(c.Field) + ", one per variant; the growth table has the same figures.",
		draw: func(p pen) {
			header(p, title, "A steeper line grows faster; a flat one does not grow. Bars are 95% intervals.")
			texts := curveTexts(drawn)
			gutter := math.Min(widest(p.fonts, labelStyle, texts), maxLabel) + 26
			f.place(margin+50, 78, wide-2*margin-50-gutter, high-78-42)
			f.frame(p)
			f.curves(p, drawn, texts)
		},
	}, true
}

// curveTexts names each line and its best model, with ? where others fit too.
func curveTexts(curves []result.Curve) []string {
	out := make([]string, len(curves))
	for i, c := range curves {
		out[i] = words.Clean(c.Variant)
		if len(c.Models) > 0 {
			out[i] += "  " + words.Clean(c.Models[0].Name)
			if c.Claim != c.Models[0].Name {
				out[i] += "?"
			}
		}
	}
	return out
}

func (f panel) curves(p pen, curves []result.Curve, texts []string) {
	ends := make([]float64, len(curves))
	for i, c := range curves {
		xy, shade := []float64{}, hue(i)
		for _, pt := range c.Points {
			x, y := f.x.at(pt.N), f.y.at(pt.Ns)
			xy = append(xy, x, y)
			if loggable(pt.Lo) && pt.Hi >= pt.Lo && good(pt.Hi) {
				p.ticks(shade, 1, [][3]float64{{x, f.y.at(pt.Hi), f.y.at(pt.Lo)}})
			}
			p.dot(shade, x, y, 3, i/6, false)
		}
		p.line(shade, 1.4, nil, xy...)
		ends[i] = xy[len(xy)-1]
	}
	f.ends(p, ends, texts)
}

// positive keeps the points a logarithmic scale can hold.
func positive(points []result.Point) []result.Point {
	out := []result.Point{}
	for _, p := range points {
		if loggable(p.N) && loggable(p.Ns) {
			out = append(out, p)
		}
	}
	return out
}
