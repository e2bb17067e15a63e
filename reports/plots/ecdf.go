package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"assay/reports/view"
	"assay/reports/words"
	"assay/runner/result"
)

// ecdf draws the share of single operations that took at most a time, a figure
// per group: the middle and its shape, which the percentiles on their stretched
// axis do not show. The tail beyond the last percent is theirs.
func ecdf(v view.View) []Figure {
	byGroup, order := map[result.Key][]view.Tail{}, []result.Key{}
	for _, t := range v.Tails {
		if len(t.At) < 2 || len(t.At) != len(t.Ns) {
			continue
		}
		if byGroup[t.Key] == nil {
			order = append(order, t.Key)
		}
		byGroup[t.Key] = append(byGroup[t.Key], t)
	}
	floors := map[rowKey]bool{}
	for _, c := range v.Result.Cases {
		floors[rowKey{c.Key, c.Variant}] = c.Null
	}
	out := []Figure{}
	for _, k := range order {
		tails := slices.Clone(byGroup[k])
		slices.SortStableFunc(tails, func(a, b view.Tail) int { // floors last, so that they take no variant's colour
			return cmp.Compare(rankOf(floors[rowKey{k, a.Variant}]), rankOf(floors[rowKey{k, b.Variant}]))
		})
		if f, ok := ecdfFigure(k, tails); ok {
			out = append(out, f)
		}
	}
	return out
}

func rankOf(floor bool) int {
	if floor {
		return 1
	}
	return 0
}

// bodyShare is how much of the distribution the axis must hold; what is slower
// runs out of the panel on the right.
const bodyShare = 0.99

func ecdfFigure(k result.Key, tails []view.Tail) (Figure, bool) {
	values, names := []float64{}, []string{}
	for _, t := range tails {
		names = append(names, words.Clean(t.Variant))
		for i, at := range t.At {
			if at <= bodyShare {
				values = append(values, t.Ns[i])
			}
		}
	}
	f := panel{
		tickX: nanos, labelX: "time of one operation (logarithmic)", labelY: "share of operations that took at most this long",
		tickY: func(v float64) string { return fmt.Sprintf("%.0f%%", 100*v) }, y: scale{lo: 0, hi: 1},
	}
	var ok bool
	if f.x, ok = fit(true, 0.02, values...); !ok {
		return Figure{}, false
	}
	title := "Distribution of single operations of " + k.Family + "/" + k.Op + " " + k.Workload
	if k.Scenario != "" {
		title += ", " + k.Scenario
	}
	title = words.Clean(title)
	const high = 320.0
	return Figure{
		Kind: Latency, Name: slug("ecdf", k.Family, k.Op, k.Workload, k.Scenario), Title: title, Wide: wide, High: high,
		Alt: "Steps rising from 0 to 100 percent over time, one per variant: the further left, the faster. The latency table has the percentiles.",
		draw: func(p pen) {
			header(p, title, "Further left is faster; steep is steady. The slowest percent stands in the figure of percentiles.")
			gutter := math.Min(widest(p.fonts, labelStyle, names), maxLabel) + 26
			f.place(margin+30, 70, wide-2*margin-30-gutter, high-70-42)
			f.frame(p)
			f.steps(p, tails, names)
		},
	}, true
}

// steps draws one distribution per variant, with a mark at its median. A line
// ends where it leaves the panel. The names stand in a column beside it: all
// lines end at the top, so names at their ends would tell nothing.
func (f panel) steps(p pen, tails []view.Tail, names []string) {
	for i, t := range tails {
		xy, last := []float64{}, 0.0
		for j, ns := range t.Ns {
			if !f.x.holds(ns) || j+1 < len(t.Ns) && t.Ns[j+1] == ns { // of equal times the last holds all of them
				continue
			}
			x := f.x.at(ns)
			xy = append(xy, x, f.y.at(last), x, f.y.at(t.At[j]))
			last = t.At[j]
		}
		p.line(hue(i), 1.4, nil, xy...)
		if m := len(t.At) / 2; f.x.holds(t.Ns[m]) {
			p.dot(hue(i), f.x.at(t.Ns[m]), f.y.at(t.At[m]), 3, i/6, false)
		}
		y := f.y.to + 8 + 15*float64(i)
		p.dot(hue(i), f.x.to+11, y, 2.6, i/6, false)
		p.text(labelStyle, f.x.to+18, y, left, cut(p.fonts, labelStyle, names[i], maxLabel))
	}
}
