package plots

import (
	"math"

	"assay/reports/digest"
	"assay/reports/words"
)

// latency draws the percentiles of single operations, a figure per group: rarity
// from left to right (a step to the right of p90 is ten times as rare, the last
// is the one slowest), time upwards on a logarithmic scale. A cumulative
// distribution would need every bucket and hide the tail in its last percent.
func latency(groups []digest.Group) []Figure {
	out := []Figure{}
	for _, g := range groups {
		if f, ok := latencyFigure(g); ok {
			out = append(out, f)
		}
	}
	return out
}

// tail is one variant's percentiles as points of the panel.
type tail struct {
	name string
	at   []float64 // place of the percentile
	ns   []float64
}

func latencyFigure(g digest.Group) (Figure, bool) {
	tails, names, values := tailsOf(g)
	f := panel{
		tickY: nanos, labelY: "time of one operation (logarithmic)", labelX: "percentile; from p90 on, each step is ten times as rare",
		x: scale{lo: 0, hi: math.Max(1, float64(len(names)-1))},
	}
	f.tickX = func(v float64) string { return names[int(v)] }
	for i := range names {
		f.atX = append(f.atX, float64(i))
	}
	var ok bool
	if f.y, ok = fit(true, 0.05, values...); !ok || len(names) < 2 {
		return Figure{}, false
	}
	texts := []string{}
	for _, t := range tails {
		texts = append(texts, t.name)
	}
	const high = 340.0
	title := words.Clean("Latency of " + g.Name())
	return Figure{
		Kind: Latency, Name: slug("latency", g.Family, g.Op, g.Workload, g.Scenario), Title: title, Wide: wide, High: high,
		Alt: "Lines of time over percentile, one per variant; the latency table has the same figures.",
		draw: func(p pen) {
			header(p, title, "Lower is better. A line that turns up early has a heavy tail.")
			gutter := math.Min(widest(p.fonts, labelStyle, texts), maxLabel) + 26
			f.place(margin+50, 70, wide-2*margin-50-gutter, high-70-42)
			f.frame(p)
			f.tails(p, tails, texts)
		},
	}, true
}

// tailsOf collects the percentiles of a group, the names of those it has, and
// every value.
func tailsOf(g digest.Group) (tails []tail, names []string, values []float64) {
	byRow := make([]tail, len(g.Rows))
	for _, u := range g.Units {
		name, _, ok := digest.Percentile(u.Name)
		if !ok {
			continue
		}
		names = append(names, name)
		for i, r := range g.Rows {
			if s, ok := r.Stats[u.Name]; ok && !r.Loud() && loggable(s.Value()) {
				byRow[i].name = words.Clean(r.Variant)
				byRow[i].at, byRow[i].ns = append(byRow[i].at, float64(len(names)-1)), append(byRow[i].ns, s.Value())
				values = append(values, s.Value())
			}
		}
	}
	for _, t := range byRow {
		if len(t.at) > 0 {
			tails = append(tails, t)
		}
	}
	return tails, names, values
}

func (f panel) tails(p pen, tails []tail, texts []string) {
	ends := make([]float64, len(tails))
	for i, t := range tails {
		xy, shade := []float64{}, hue(i)
		for j, at := range t.at {
			x, y := f.x.at(at), f.y.at(t.ns[j])
			xy = append(xy, x, y)
			p.dot(shade, x, y, 3, i/6, false)
		}
		p.line(shade, 1.4, nil, xy...)
		ends[i] = xy[len(xy)-1]
	}
	f.ends(p, ends, texts)
}
