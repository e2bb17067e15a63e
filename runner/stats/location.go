package stats

import (
	"math"
	"slices"
)

// TrimmedMean returns the mean of xs without its floor(trim·n) smallest and as
// many largest values: trim is per side, 0 <= trim < .5, and .2 is the usual
// choice (it keeps the middle 60 %). It is NaN for an empty sample, a sample
// holding a NaN, or a trim outside its range.
func TrimmedMean(xs []float64, trim float64) float64 {
	sorted, ok := sortedCopy(xs)
	if !ok || !(trim >= 0 && trim < .5) {
		return math.NaN()
	}
	// The small term keeps .29·100 = 28.999… from dropping 28.
	cut := int(trim*float64(len(sorted)) + 1e-9)
	kept := sorted[cut : len(sorted)-cut]
	sum := 0.0
	for _, x := range kept {
		sum += x
	}
	return sum / float64(len(kept))
}

// Quantile returns the q-quantile of xs, 0 <= q <= 1, in any order, by linear
// interpolation between order statistics (type 7 of Hyndman and Fan 1996, the
// default of R, NumPy and spreadsheets). It is NaN for an empty sample, a
// sample holding a NaN, or a q outside [0, 1].
func Quantile(xs []float64, q float64) float64 {
	sorted, ok := sortedCopy(xs)
	if !ok || !(q >= 0 && q <= 1) {
		return math.NaN()
	}
	return sortedQuantile(sorted, q)
}

// Median returns the middle value of xs, or the mean of the two middle ones.
// It is NaN for an empty sample or a sample holding a NaN.
func Median(xs []float64) float64 { return Quantile(xs, .5) }

// sortedCopy returns xs in ascending order; ok is false when there is nothing
// to order: no values, or a NaN among them.
func sortedCopy(xs []float64) (sorted []float64, ok bool) {
	if len(xs) == 0 {
		return nil, false
	}
	sorted = slices.Clone(xs)
	slices.Sort(sorted) // NaNs come first
	return sorted, !math.IsNaN(sorted[0])
}

// sortedQuantile is Quantile on an ascending, non-empty sample.
func sortedQuantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) || sorted[i] == sorted[i+1] { // equal infinities must not meet Inf-Inf
		return sorted[i]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
