package stats

import "math"

// NestedInterval returns the mean over groups (layouts) of observations
// (restarts) with an interval that counts both the spread between groups and
// within them. Every group weighs the same, whatever its size, and empty
// groups are skipped. N counts the observations. With one group it is that
// group's TInterval, which knows nothing of the spread between groups; with
// two or three it is honestly wide.
//
// The variance of the mean of k group means is estimated by their own variance
// over k: unbiased for any group sizes, and never negative. Its degrees of
// freedom are Satterthwaite's (1946), from the method-of-moments components;
// they are k-1, and the interval exact, when the groups have equal sizes.
//
// Rejected: weighting by group size (the variance becomes a difference of mean
// squares, can go below zero, and its degrees of freedom mean little), and
// dropping the between-group component when it is estimated as zero or less
// (with 8 groups of 5 that happens in half of all runs without a group effect,
// often with a small one, and the interval is then too short).
func NestedInterval(groups [][]float64, confidence float64) Interval {
	groups, n := nonEmpty(groups)
	switch len(groups) {
	case 0:
		return unbounded(math.NaN(), 0)
	case 1:
		return TInterval(groups[0], confidence)
	}
	means := make([]float64, len(groups))
	for i, g := range groups {
		means[i], _ = meanVariance(g)
	}
	grand, between := meanVariance(means)
	k := float64(len(groups))
	return around(grand, math.Sqrt(between/k), satterthwaite(groups, between), confidence, n)
}

// satterthwaite returns the degrees of freedom of the variance of the group
// means: 2·E²/Var of that quadratic form, given each mean's own variance
// v = between component + within / size.
func satterthwaite(groups [][]float64, between float64) float64 {
	var squares, freedom, inverse float64
	for _, g := range groups {
		inverse += 1 / float64(len(g))
		if len(g) > 1 {
			_, v := meanVariance(g)
			squares += v * float64(len(g)-1)
			freedom += float64(len(g) - 1)
		}
	}
	k := float64(len(groups))
	within := 0.0
	if freedom > 0 {
		within = squares / freedom
	}
	component := math.Max(0, between-within*inverse/k)
	var sum, sumSquares float64
	for _, g := range groups {
		v := component + within/float64(len(g))
		sum += v
		sumSquares += v * v
	}
	mean := sum / k
	return (k - 1) * (k - 1) * mean * mean / (sumSquares*(1-2/k) + mean*mean)
}

// nonEmpty returns the groups that hold something, and the number of
// observations in them.
func nonEmpty(groups [][]float64) (kept [][]float64, n int) {
	for _, g := range groups {
		if len(g) > 0 {
			kept = append(kept, g)
			n += len(g)
		}
	}
	return kept, n
}
