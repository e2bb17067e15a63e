package why

import (
	"math"
	"slices"

	"assay/runner/result"
	"assay/runner/samples"
	"assay/runner/stats"
)

// cost sums up a profiler's: the median over operations, because a machine that
// was busy for one pass says nothing about the profiler.
func cost(ratios []float64) result.Estimate {
	i := stats.MedianInterval(ratios, .95)
	if math.IsInf(i.Lo, 0) || math.IsInf(i.Hi, 0) { // too few for bounds: the extremes are all that can be said
		i.Lo, i.Hi = slices.Min(ratios), slices.Max(ratios)
	}
	return result.Estimate{Ratio: math.Exp(i.Est), Lo: math.Exp(i.Lo), Hi: math.Exp(i.Hi)}
}

// middle is the median time per operation of some passes.
func middle(passes []samples.Profiled) float64 {
	ns := make([]float64, len(passes))
	for i, p := range passes {
		ns[i] = p.NsPerOp
	}
	return stats.Median(ns)
}
