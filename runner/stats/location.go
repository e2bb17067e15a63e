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

// outlying is how many robust standard deviations from the median count as an
// outlier. In 20,000 simulated samples each, 95 % t intervals of tamed normal
// samples of 8, 12, 20 and 40 cover .944, .946, .948 and .947 (at 3 deviations
// .933 to .947), and where one value in ten is ten times as wide they are half
// as long as those of the raw ones and cover .948 to .960.
const outlying = 4

// Tame returns xs in their order, with what lies further than four robust
// standard deviations (1.4826 median absolute deviations) from the median
// pulled in to there: winsorizing by a fixed distance, after Huber 1964. One
// restart in ten that met a neighbour at its worst would otherwise decide the
// spread of all.
//
// A neighbour meets either arm, so its outliers lie on both sides. Where they
// lie on one side, more lopsided than a fair coin is in one case of twenty, they
// are the code's own (a slow mode that some processes fall into) and count in
// full: xs comes back as it is. So it does below four values, and where more
// than half are equal: such samples do not say what is far.
func Tame(xs []float64) []float64 {
	tame := slices.Clone(xs)
	sorted, ok := sortedCopy(xs)
	if !ok || len(xs) < 4 {
		return tame
	}
	centre := sortedQuantile(sorted, .5)
	for i, x := range sorted {
		sorted[i] = math.Abs(x - centre)
	}
	slices.Sort(sorted)
	reach := outlying * 1.4826 * sortedQuantile(sorted, .5)
	if !(reach > 0) {
		return tame
	}
	below, above := 0, 0
	for i, x := range tame {
		switch {
		case x < centre-reach:
			tame[i] = centre - reach
			below++
		case x > centre+reach:
			tame[i] = centre + reach
			above++
		}
	}
	if lopsided(below, above) {
		return slices.Clone(xs)
	}
	return tame
}

// lopsided says that a fair coin would fall like this in less than one case of
// twenty: 6 to 0, 8 to 1, 10 to 2.
func lopsided(a, b int) bool {
	n, few := a+b, min(a, b)
	tail, ways := 0.0, 1.0
	for k := 0; k <= few; k++ {
		tail += ways
		ways *= float64(n-k) / float64(k+1)
	}
	return 2*few < n && 2*tail < .05*math.Exp2(float64(n))
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
