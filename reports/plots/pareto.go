package plots

import (
	"cmp"
	"fmt"
	"slices"
	"sort"

	"assay/reports/digest"
	"assay/reports/view"
	"assay/reports/words"
	"assay/runner/result"
)

// pareto draws an exact unit against the time of one operation, a panel per
// workload, with the front of variants that no other beats in both. The unit may
// come from another operation of the family (a page is filled once and looked up
// often); where a family has several, the one with a bound is drawn, else the
// first in which variants differ.
func pareto(v view.View, groups, op []digest.Group) []Figure {
	unit, ok := costUnit(v, groups, op[0].Family)
	if !ok {
		return nil
	}
	panels := []cloud{}
	for _, g := range op {
		if c := scatter(groups, g, unit); len(c.points) >= 2 {
			panels = append(panels, c)
		}
	}
	if len(panels) == 0 {
		return nil
	}
	return []Figure{paretoFigure(op[0], unit, panels)}
}

// cloud is one panel: variants by time and unit.
type cloud struct {
	title  string
	points []trade
}

type trade struct {
	variant  string
	ns, unit float64
	front    bool
}

// costUnit picks the exact unit of a family to set against time.
func costUnit(v view.View, groups []digest.Group, family string) (digest.Unit, bool) {
	found := digest.Unit{}
	for _, g := range groups {
		if g.Family != family {
			continue
		}
		for _, u := range digest.Varying([]digest.Group{g}) {
			if _, ok := v.Find(family, g.Workload, u.Name); ok {
				return u, true
			}
			if found.Name == "" {
				found = u
			}
		}
	}
	return found, found.Name != ""
}

func scatter(groups []digest.Group, g digest.Group, unit digest.Unit) cloud {
	c := cloud{title: words.Clean(g.Workload)}
	for _, r := range g.Rows {
		ns := r.Stats[digest.Time].Value()
		cost, ok := unitOf(groups, g.Key, r.Variant, unit.Name)
		if r.Null || r.Loud() || !ok || !loggable(ns) || !good(cost) {
			continue
		}
		c.points = append(c.points, trade{variant: words.Clean(r.Variant), ns: ns, unit: cost})
	}
	for i := range c.points {
		c.points[i].front = !slices.ContainsFunc(c.points, func(o trade) bool { return dominates(o, c.points[i], unit.Better) })
	}
	return c
}

// unitOf finds a variant's unit under the same workload: in the group itself,
// else in another operation of the family.
func unitOf(groups []digest.Group, k result.Key, variant, unit string) (float64, bool) {
	best, found := 0.0, false
	for _, g := range groups {
		if g.Family != k.Family || g.Workload != k.Workload {
			continue
		}
		for _, r := range g.Rows {
			s, ok := r.Stats[unit]
			if r.Variant != variant || !ok || r.Loud() {
				continue
			}
			if g.Key == k {
				return s.Value(), true
			}
			if !found {
				best, found = s.Value(), true
			}
		}
	}
	return best, found
}

func dominates(a, b trade, better string) bool {
	x, y := a.unit, b.unit
	if better != "higher" {
		x, y = -x, -y
	}
	return a.ns <= b.ns && x >= y && (a.ns < b.ns || x > y)
}

func paretoFigure(g digest.Group, unit digest.Unit, panels []cloud) Figure {
	columns := min(len(panels), 2)
	rows := (len(panels) + columns - 1) / columns
	const panelHigh, top = 268.0, 84.0
	name, corner := words.Clean(g.Family+"/"+g.Op), "top left"
	if unit.Better != "higher" {
		corner = "bottom left"
	}
	title := fmt.Sprintf("%s against time of %s", words.Clean(unit.Name), name)
	if g.Scenario != "" {
		title += ", " + words.Clean(g.Scenario)
	}
	note := "Best is " + corner + ". The line joins the variants that no other beats in both; rings are beaten."
	return Figure{
		Kind: Tradeoff, Name: slug("front", g.Family, g.Op, g.Scenario), Title: title, Alt: "Scatter of " + words.Clean(unit.Name) + " over time per operation. " + note,
		Wide: wide, High: top + panelHigh*float64(rows),
		draw: func(p pen) {
			header(p, title, note)
			w := (wide - 2*margin) / float64(columns)
			for i, c := range panels {
				c.paint(p, unit, margin+w*float64(i%columns)+44, top+panelHigh*float64(i/columns), w-84, panelHigh-76)
			}
		},
	}
}

func (c cloud) paint(p pen, unit digest.Unit, x, y, w, h float64) {
	xs, ys := []float64{}, []float64{}
	for _, t := range c.points {
		xs, ys = append(xs, t.ns), append(ys, t.unit)
	}
	f := panel{title: c.title, tickX: nanos, tickY: plain, labelX: "time per operation", labelY: words.Clean(unit.Name)}
	log := slices.Max(xs) > 5*slices.Min(xs)
	if log {
		f.labelX += " (logarithmic)"
	}
	f.x, _ = fit(log, 0.14, xs...)
	f.y, _ = fit(false, 0.2, ys...)
	f.place(x, y, w, h)
	f.frame(p)
	line := c.front(p, f)
	points, texts, styles := [][2]float64{}, []string{}, []style{}
	slices.SortStableFunc(c.points, func(a, b trade) int { // the front takes its labels' places first
		return cmp.Compare(order(a), order(b))
	})
	for _, t := range c.points {
		at := [2]float64{f.x.at(t.ns), f.y.at(t.unit)}
		shade, st := muted, style{9.5, muted, false}
		if t.front {
			shade, st = blue, style{9.5, ink, false}
		}
		p.dot(shade, at[0], at[1], 3.6, 0, !t.front)
		points, texts, styles = append(points, at), append(texts, cut(p.fonts, st, t.variant, 130)), append(styles, st)
	}
	f.labels(p, points, texts, styles, line)
}

func order(t trade) int {
	if t.front {
		return 0
	}
	return 1
}

// front draws the staircase through the undominated variants: between two of
// them nothing better than the worse corner has been shown to exist. It returns
// the room the line takes.
func (c cloud) front(p pen, f panel) []box {
	steps := []trade{}
	for _, t := range c.points {
		if t.front {
			steps = append(steps, t)
		}
	}
	sort.SliceStable(steps, func(i, j int) bool { return steps[i].ns < steps[j].ns })
	xy := []float64{}
	for i, t := range steps {
		if i > 0 {
			xy = append(xy, f.x.at(t.ns), f.y.at(steps[i-1].unit))
		}
		xy = append(xy, f.x.at(t.ns), f.y.at(t.unit))
	}
	taken := []box{}
	for i := 2; i+1 < len(xy); i += 2 {
		taken = append(taken, box{min(xy[i-2], xy[i]) - 1, min(xy[i-1], xy[i+1]) - 1, max(xy[i-2], xy[i]) + 1, max(xy[i-1], xy[i+1]) + 1})
	}
	if len(steps) > 1 {
		p.line(blue, 1.2, nil, xy...)
	}
	return taken
}

func sortBy(order []int, value func(int) float64) {
	sort.SliceStable(order, func(a, b int) bool { return cmp.Compare(value(order[a]), value(order[b])) < 0 })
}
