package stats

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// TInterval returns the mean of xs with Student's t interval at the given
// confidence, such as .95. The observations must be independent; few of them
// need to be near normal. With fewer than two the bounds are infinite.
func TInterval(xs []float64, confidence float64) Interval {
	if len(xs) == 0 {
		return unbounded(math.NaN(), 0)
	}
	if len(xs) == 1 {
		return unbounded(xs[0], 1)
	}
	mean, variance := meanVariance(xs)
	n := float64(len(xs))
	return around(mean, math.Sqrt(variance/n), n-1, confidence, len(xs))
}

// MedianInterval returns the median of xs between two order statistics, the
// narrowest symmetric pair whose exact binomial coverage is at least the given
// confidence, whatever the (continuous) distribution. Where even the extremes
// do not reach it (fewer than 6 values for .95, 8 for .99) the bounds are
// infinite.
func MedianInterval(xs []float64, confidence float64) Interval {
	sorted, ok := sortedCopy(xs)
	if !ok {
		return unbounded(math.NaN(), len(xs))
	}
	n := len(sorted)
	median := sortedQuantile(sorted, .5)
	rank := medianRank(n, confidence)
	if rank == 0 {
		return unbounded(median, n)
	}
	return Interval{Est: median, Lo: sorted[rank-1], Hi: sorted[n-rank], N: n}
}

// medianRank returns the largest r for which the r-th smallest and r-th
// largest of n values enclose the median with at least the given confidence,
// 0 if none does.
func medianRank(n int, confidence float64) int {
	if !validLevel(confidence) {
		return 0
	}
	flips := distuv.Binomial{N: float64(n), P: .5}
	// The median lies below the r-th smallest when fewer than r values do.
	misses := func(r int) float64 { return 2 * flips.CDF(float64(r-1)) }
	return sort.Search(n/2, func(i int) bool { return misses(i+1) > 1-confidence })
}

// WelchInterval returns mean(b) - mean(a) of two independent samples with
// Welch's t interval (unequal variances, Satterthwaite's degrees of freedom;
// Welch 1947). N counts both samples. The order is base first, variant second.
// With fewer than two values on a side the bounds are infinite. Paired data,
// such as the two arms of one restart, must be subtracted first and go to
// TInterval.
func WelchInterval(a, b []float64, confidence float64) Interval {
	n := len(a) + len(b)
	if len(a) == 0 || len(b) == 0 {
		return unbounded(math.NaN(), n)
	}
	meanA, varA := meanVariance(a)
	meanB, varB := meanVariance(b)
	if len(a) < 2 || len(b) < 2 {
		return unbounded(meanB-meanA, n)
	}
	dfA, dfB := float64(len(a)-1), float64(len(b)-1)
	va, vb := varA/float64(len(a)), varB/float64(len(b))
	df := (va + vb) * (va + vb) / (va*va/dfA + vb*vb/dfB)
	return around(meanB-meanA, math.Sqrt(va+vb), df, confidence, n)
}

// meanVariance returns the mean and the unbiased variance of xs; the variance
// of one value is NaN. Values that are all equal have a variance of exactly
// zero: rounding in the mean must not leave a crumb that looks like noise.
func meanVariance(xs []float64) (mean, variance float64) {
	same := true
	for _, x := range xs {
		same = same && x == xs[0]
	}
	if same && len(xs) > 1 {
		return xs[0], 0
	}
	return stat.MeanVariance(xs, nil)
}
