package plots

import (
	"fmt"
	"image/color"
	"math"

	"assay/reports/digest"
	"assay/reports/view"
	"assay/reports/words"
)

// density draws the exact units of one operation as bars, a section per
// workload, against the bounds where there are any.
func density(v view.View, op []digest.Group) []Figure {
	out := []Figure{}
	for _, unit := range digest.Varying(op) {
		for _, part := range pages(bars(v, op, unit)) {
			if f, ok := barFigure(op[0], unit, part); ok {
				out = append(out, f)
			}
		}
	}
	return out
}

func bars(v view.View, op []digest.Group, unit digest.Unit) []section {
	out := []section{}
	for _, g := range op {
		s := section{title: words.Clean(g.Workload)}
		if b, ok := v.Find(g.Family, g.Workload, unit.Name); ok && loggable(b.Value) {
			s.limit, s.about = b.Value, "bound "+words.Plain(b.Value)
		}
		best := map[string]bool{}
		for _, name := range g.Leaders(unit.Name) {
			best[name] = true
		}
		for _, r := range g.Rows {
			stat, ok := r.Stats[unit.Name]
			value := stat.Value()
			if r.Null || !ok || !good(value) || value < 0 {
				continue
			}
			line := row{label: words.Clean(r.Variant), value: words.Plain(value), size: value}
			fill := slate
			if best[r.Variant] {
				fill = blue
			}
			if r.Loud() {
				line.value, line.faint = "WRONG or failed", true
			} else {
				line.mark = bar(value, fill)
				if s.limit > 0 {
					line.share = fmt.Sprintf("%.0f%%", 100*value/s.limit)
				}
			}
			s.rows = append(s.rows, line)
		}
		if len(s.rows) > 0 {
			out = append(out, s)
		}
	}
	return out
}

func bar(value float64, fill color.Color) func(pen, scale, float64) {
	return func(p pen, x scale, y float64) {
		p.rect(fill, x.at(0), y-5, math.Max(x.at(value)-x.at(0), 0.5), 10)
	}
}

func barFigure(g digest.Group, unit digest.Unit, sections []section) (Figure, bool) {
	most, bounded := 0.0, false
	for _, s := range sections {
		most, bounded = math.Max(most, s.limit), bounded || s.limit > 0
		for _, r := range s.rows {
			most = math.Max(most, r.size)
		}
	}
	if most <= 0 {
		return Figure{}, false
	}
	side := "Longer is better; the best is blue."
	if unit.Better != "higher" {
		side = "Shorter is better; the best is blue."
	}
	if bounded {
		side += " The dashed line is the bound, the percentage the share of it."
	}
	name := words.Clean(g.Family + "/" + g.Op)
	c := rowChart{
		title: words.Clean(unit.Name) + " of " + name, note: side, xLabel: words.Clean(unit.Name), tick: plain,
		x: scale{lo: 0, hi: most * 1.02}, sections: sections,
	}
	return c.figure(Counts, slug("density", g.Family, g.Op, g.Scenario, unit.Name),
		fmt.Sprintf("Bars of %s per variant and workload. %s", words.Clean(unit.Name), side)), true
}
