package plots

import (
	"fmt"
	"image/color"

	"assay/reports/digest"
	"assay/reports/view"
	"assay/reports/words"
	"assay/runner/result"
)

// forest draws times over their base, a section per workload: a point and its 95 % interval per variant on a logarithmic scale, the line of
// no difference, and the threshold as a band around it.
func forest(v view.View, about chart) []Figure {
	values, base := []float64{1}, ""
	sections := about.sections(func(_ digest.Group, r digest.Row) (row, bool) {
		c, ok := r.Versus[digest.Time]
		if !ok || r.Null || !loggable(c.Ratio) {
			return row{}, false
		}
		base = words.Clean(c.Base)
		if r.Loud() {
			return row{value: "WRONG or failed", faint: true}, true
		}
		values = append(values, c.Ratio, c.Lo, c.Hi)
		return row{value: words.Interval(c.Ratio, c.Lo, c.Hi), mark: whisker(c)}, true
	})
	x, ok := fit(true, 0.06, values...)
	if !ok || len(values) < 2 {
		return nil
	}
	out := []Figure{}
	for _, part := range pages(sections) {
		c := rowChart{
			title: fmt.Sprintf("Time of %s over %s", about.name, base), x: x, tick: plain, ref: 1,
			note: "Left of the line is faster. Bars are 95% intervals over restarts.", xLabel: "ratio to " + base + " (logarithmic)", sections: part,
			legend: []key{{"faster", blue, false}, {"slower", orange, false}, {"same", muted, false}, {"undecided", muted, true}},
		}
		if t := v.Result.Threshold; t > 0 && t < 1 {
			c.band = [2]float64{1 / (1 + t), 1 + t}
			c.note += fmt.Sprintf(" The band is the threshold, %s.", words.Percent(t))
		}
		out = append(out, c.figure(Ratios, slug(append([]string{"ratio"}, about.parts...)...), "Ratios of time to the base with 95% intervals, per variant and workload. The same figures stand in the tables."))
	}
	return out
}

// whisker is the mark of one comparison.
func whisker(c result.Comparison) func(pen, scale, float64) {
	return func(p pen, x scale, y float64) {
		shade := verdictInk(c.Verdict)
		if loggable(c.Lo) && good(c.Hi) && c.Hi >= c.Lo {
			p.line(shade, 1.6, nil, x.at(c.Lo), y, x.at(c.Hi), y)
			p.ticks(shade, 1.6, [][3]float64{{x.at(c.Lo), y - 3, y + 3}, {x.at(c.Hi), y - 3, y + 3}})
		}
		p.dot(shade, x.at(c.Ratio), y, 3.6, 0, c.Verdict == "undecided")
	}
}

func verdictInk(verdict string) color.Color {
	switch verdict {
	case "faster", "better":
		return blue
	case "slower", "worse":
		return orange
	}
	return muted
}
