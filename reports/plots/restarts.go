package plots

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"assay/reports/digest"
	"assay/reports/view"
	"assay/runner/result"
)

// restarts draws every restart of a chart as a short mark, a row per variant and
// workload. Within a row time runs from top to bottom, so the width of the cloud
// is the spread, a slant is a drift of the machine, and a second cloud is a slow
// mode. Each row is drawn over its own median: the figures of ratios say where
// the rows stand, and one three times as slow as the others would press all
// clouds into lines. Contenders show their ratio to the base where it is known,
// the base its time: what the pairing took out of the others.
func restarts(v view.View, about chart) []Figure {
	found := map[rowKey]view.Series{}
	for _, s := range v.Series {
		found[rowKey{s.Key, s.Variant}] = s
	}
	c := rowChart{
		title: "Restarts of " + about.name, xLabel: "over the row's own median (logarithmic)", tick: plain, ref: 1,
		note: "One mark per restart, the first on top. Blue: ratio to the base. Grey: the base's own time, whose drift the ratios are free of.",
	}
	sections, paired, own := strips(about, found)
	x, ok := fitPaired(paired, own)
	if !ok {
		return nil
	}
	out := []Figure{}
	for _, part := range pages(sections) {
		c.x, c.sections = x, part
		out = append(out, c.figure(Spread, slug(append([]string{"restarts"}, about.parts...)...), "Every restart over the median of its row, per variant and workload; shows spread, drift and slow modes."))
	}
	return out
}

// rowKey names one row of a result.
type rowKey struct {
	result.Key
	variant string
}

// strips makes the rows, and returns what they hold apart: the ratios of the
// contenders, and times that nothing was paired with.
func strips(about chart, found map[rowKey]view.Series) (sections []section, paired, own []float64) {
	sections = about.sections(func(g digest.Group, r digest.Row) (row, bool) {
		points, isRatio := restartValues(found[rowKey{g.Key, r.Variant}])
		if len(points) == 0 {
			return row{}, false
		}
		if isRatio {
			paired = append(paired, points...)
		} else {
			own = append(own, points...)
		}
		return row{value: fmt.Sprintf("n = %d", len(points)), mark: strip(points, !isRatio)}, true
	})
	return sections, paired, own
}

// restartValues are a series in the order measured, over its median: ratios to
// the base, or times where there are none.
func restartValues(s view.Series) (values []float64, isRatio bool) {
	ratios, times := []float64{}, []float64{}
	for _, p := range inTime(s.Points) {
		if loggable(p.Ratio) {
			ratios = append(ratios, p.Ratio)
		}
		if loggable(p.Ns) {
			times = append(times, p.Ns)
		}
	}
	if values, isRatio = ratios, s.Variant != s.Base && len(ratios) > 0; !isRatio {
		values = times
	}
	m := median(values)
	for i := range values {
		values[i] /= m
	}
	return values, isRatio
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[n/2] + sorted[(n-1)/2]) / 2
}

// ownShare is how much of the width the base's own times may take from the ratios.
const ownShare = 0.5

// fitPaired makes the scale of the ratios, and widens it for the base's own
// times no further than to twice its length: on a busy machine these scatter
// twenty times as far as the ratios, which would become lines. Marks beyond the
// scale stand on its border.
func fitPaired(paired, own []float64) (scale, bool) {
	inner, ok := fit(true, 0.05, paired...)
	if !ok {
		return fit(true, 0.05, own...)
	}
	all, _ := fit(true, 0.05, append(slices.Clone(own), paired...)...)
	room := math.Pow(inner.hi/inner.lo, (1/ownShare-1)/2)
	inner.lo, inner.hi = math.Max(all.lo, inner.lo/room), math.Min(all.hi, inner.hi*room)
	return inner, true
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

func strip(points []float64, plain bool) func(pen, scale, float64) {
	return func(p pen, x scale, y float64) {
		const high = rowHigh - 3
		marks, each := [][3]float64{}, high/float64(len(points))
		for i, v := range points {
			top := y - high/2 + each*float64(i)
			marks = append(marks, [3]float64{x.at(v), top, top + max(each, 2.2)})
		}
		shade := blue
		if plain {
			shade = muted
		}
		p.ticks(shade, 1.4, marks)
		p.ticks(ink, 1, [][3]float64{{x.at(1), y - high/2 - 1, y + high/2 + 1}})
	}
}
