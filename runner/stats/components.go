package stats

import "math"

// Components are the standard deviations each level of a measurement adds, in
// the unit of the sample: slices of one restart, restarts of one layout, and
// layouts of the binary.
type Components struct{ Slice, Restart, Layout float64 }

// VarianceComponents splits the spread of layouts -> restarts -> slices into
// its levels by the analysis of variance of a nested random-effects design
// (method of moments with unequal sizes; Searle, Casella and McCulloch 1992,
// chapter 3). Empty restarts and layouts are skipped.
//
// A component estimated below zero, as happens about half the time when it is
// truly zero, is reported as 0. A level that is never repeated cannot be told
// from the one above: its component is 0 and its spread appears above (one
// slice per restart: in Restart; one restart per layout: in Layout). A single
// layout gives Layout 0, which then means "not measured".
func VarianceComponents(layouts [][][]float64) Components {
	kept := make([][][]float64, 0, len(layouts))
	for _, layout := range layouts {
		if restarts, n := nonEmpty(layout); n > 0 {
			kept = append(kept, restarts)
		}
	}
	a := analyse(kept)
	// Expected sums of squares, solved from the bottom up, before any clamping:
	// clamping early would bias the levels above.
	slice := ratio(a.ssSlice, a.slices-a.restarts)
	restart := ratio(a.ssRestart-slice*(a.restarts-a.layouts), a.slices-a.inLayouts)
	layout := ratio(a.ssLayout-slice*(a.layouts-1)-restart*(a.inLayouts-a.inAll), a.slices-a.layoutsInAll)
	return Components{Slice: clampedRoot(slice), Restart: clampedRoot(restart), Layout: clampedRoot(layout)}
}

// anova holds the counts, the sums of squares and the size coefficients of a
// nested design with n(i,j) slices in restart j of layout i.
type anova struct {
	layouts, restarts, slices    float64 // counts
	ssLayout, ssRestart, ssSlice float64 // sums of squares about the mean one level up
	inLayouts                    float64 // sum of n(i,j)² / n(i)
	inAll                        float64 // sum of n(i,j)² / n
	layoutsInAll                 float64 // sum of n(i)² / n
}

// analyse does the sums of VarianceComponents on a design without empty parts.
func analyse(layouts [][][]float64) anova {
	a := anova{layouts: float64(len(layouts))}
	layoutMeans, layoutSizes := make([]float64, 0, len(layouts)), make([]float64, 0, len(layouts))
	for _, restarts := range layouts {
		means, sizes := make([]float64, len(restarts)), make([]float64, len(restarts))
		for j, xs := range restarts {
			mean, variance := meanVariance(xs)
			means[j], sizes[j] = mean, float64(len(xs))
			if len(xs) > 1 {
				a.ssSlice += variance * (sizes[j] - 1)
			}
		}
		mean, size, ss, squares := weighted(means, sizes)
		a.restarts += float64(len(restarts))
		a.slices += size
		a.ssRestart += ss
		a.inLayouts += squares / size
		a.inAll += squares
		layoutMeans, layoutSizes = append(layoutMeans, mean), append(layoutSizes, size)
	}
	_, _, ss, squares := weighted(layoutMeans, layoutSizes)
	a.ssLayout = ss
	a.inAll = ratio(a.inAll, a.slices)
	a.layoutsInAll = ratio(squares, a.slices)
	return a
}

// weighted returns the mean of xs weighted by their sizes, the total size, the
// weighted sum of squares about the mean, and the sum of squared sizes.
func weighted(xs, sizes []float64) (mean, size, ss, squares float64) {
	for i, x := range xs {
		size += sizes[i]
		squares += sizes[i] * sizes[i]
		mean += sizes[i] * x
	}
	mean /= size
	for i, x := range xs {
		ss += sizes[i] * (x - mean) * (x - mean)
	}
	return mean, size, ss, squares
}

// ratio is num/den, or 0 where the design leaves nothing to divide by. The
// denominators count observations, so anything under a millionth is rounding.
func ratio(num, den float64) float64 {
	if den < 1e-6 {
		return 0
	}
	return num / den
}

// clampedRoot is the standard deviation of a variance estimate that may be
// negative.
func clampedRoot(variance float64) float64 {
	if variance <= 0 {
		return 0
	}
	return math.Sqrt(variance)
}
