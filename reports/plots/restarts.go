package plots

import (
	"fmt"
	"slices"
	"sort"

	"assay/reports/digest"
	"assay/reports/view"
	"assay/runner/result"
)

// restarts draws every restart of a chart as a short mark, a row per variant and
// workload. Within a row time runs from top to bottom, so the width of the cloud
// is the spread, a slant is a drift of the machine, and a second cloud is a slow
// mode. The ratio to the base is drawn where it is known, the time itself where
// it is not.
func restarts(v view.View, about chart) []Figure {
	found := map[rowKey]view.Series{}
	for _, s := range v.Series {
		found[rowKey{s.Key, s.Variant}] = s
	}
	c := rowChart{title: "Restarts of " + about.name, xLabel: "ratio to the base (logarithmic)", tick: plain, ref: 1,
		note: "One mark per restart, the first at the top of its row, the last at the bottom; the long mark is the median."}
	sections, values := strips(about, found, func(p view.SeriesPoint) float64 { return p.Ratio })
	if len(values) == 0 {
		sections, values = strips(about, found, func(p view.SeriesPoint) float64 { return p.Ns })
		c.xLabel, c.tick, c.ref = "time per operation (logarithmic)", nanos, 0
	}
	x, ok := fit(true, 0.05, values...)
	if !ok {
		return nil
	}
	out := []Figure{}
	for _, part := range pages(sections) {
		c.x, c.sections = x, part
		out = append(out, c.figure(Spread, slug(append([]string{"restarts"}, about.parts...)...), "The ratio at every restart, per variant and workload; shows spread, drift and slow modes."))
	}
	return out
}

// rowKey names one row of a result.
type rowKey struct {
	result.Key
	variant string
}

// strips makes the rows of one value per restart; the base against itself is no row.
func strips(about chart, found map[rowKey]view.Series, value func(view.SeriesPoint) float64) (sections []section, all []float64) {
	sections = about.sections(func(g digest.Group, r digest.Row) (row, bool) {
		one := found[rowKey{g.Key, r.Variant}]
		points := []float64{}
		for _, p := range inTime(one.Points) {
			if y := value(p); loggable(y) {
				points = append(points, y)
			}
		}
		flat := len(points) > 0 && slices.Min(points) == slices.Max(points)
		if len(points) == 0 || flat && one.Variant == one.Base {
			return row{}, false
		}
		all = append(all, points...)
		return row{value: fmt.Sprintf("n = %d", len(points)), mark: strip(points, one.Variant == one.Base)}, true
	})
	return sections, all
}

func inTime(points []view.SeriesPoint) []view.SeriesPoint {
	out := slices.Clone(points)
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].At != out[j].At {
			return out[i].At < out[j].At
		}
		return out[i].Restart < out[j].Restart
	})
	return out
}

func strip(points []float64, base bool) func(pen, scale, float64) {
	sorted := slices.Clone(points)
	sort.Float64s(sorted)
	median := sorted[len(sorted)/2]
	if len(sorted)%2 == 0 {
		median = (median + sorted[len(sorted)/2-1]) / 2
	}
	return func(p pen, x scale, y float64) {
		const high = rowHigh - 3
		marks, each := [][3]float64{}, high/float64(len(points))
		for i, v := range points {
			top := y - high/2 + each*float64(i)
			marks = append(marks, [3]float64{x.at(v), top, top + max(each, 2.2)})
		}
		shade := blue
		if base {
			shade = muted
		}
		p.ticks(shade, 1.4, marks)
		p.ticks(ink, 1, [][3]float64{{x.at(median), y - high/2 - 1, y + high/2 + 1}})
	}
}
