package stats

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestLocationMatchesPublishedValues(t *testing.T) {
	t.Parallel()
	// R's own example: mean(c(0:10, 50)) is 8.75, with trim = .1 it is 5.5.
	r := []float64{50, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	near(t, "untrimmed", TrimmedMean(r, 0), 8.75, 1e-12)
	near(t, "trim .1", TrimmedMean(r, .1), 5.5, 1e-12)
	near(t, "trim .2 per side of 5", TrimmedMean([]float64{100, 1, 2, 3, -100}, .2), 2, 1e-12)
	// .29·100 is 28.999… in binary: 29 must go from each side, of 1..100 and outliers.
	xs := make([]float64, 100)
	for i := range xs {
		xs[i] = float64(i)
	}
	xs[28], xs[71] = -1e9, 1e9
	near(t, "trim .29 of 100", TrimmedMean(xs, .29), 49.5, 1e-9)
	// R: quantile(1:10, c(.1, .25, .5)) is 1.9, 3.25, 5.5 (type 7).
	ten := []float64{10, 3, 5, 1, 9, 2, 8, 4, 7, 6}
	near(t, "q10", Quantile(ten, .1), 1.9, 1e-12)
	near(t, "q25", Quantile(ten, .25), 3.25, 1e-12)
	near(t, "median", Median(ten), 5.5, 1e-12)
	near(t, "minimum", Quantile(ten, 0), 1, 0)
	near(t, "maximum", Quantile(ten, 1), 10, 0)
	near(t, "median of one", Median([]float64{7}), 7, 0)
}

func TestLocationOfNothingIsNaN(t *testing.T) {
	t.Parallel()
	for what, got := range map[string]float64{
		"median of nothing": Median(nil), "mean of nothing": TrimmedMean(nil, .2),
		"median with NaN": Median([]float64{1, math.NaN()}), "trim .5": TrimmedMean([]float64{1, 2}, .5),
		"negative trim": TrimmedMean([]float64{1, 2}, -.1), "q > 1": Quantile([]float64{1}, 1.1),
		"q NaN": Quantile([]float64{1}, math.NaN()), "trim NaN": TrimmedMean([]float64{1}, math.NaN()),
	} {
		if !math.IsNaN(got) {
			t.Errorf("%s = %v, want NaN", what, got)
		}
	}
	near(t, "median of infinities", Median([]float64{math.Inf(1), math.Inf(1)}), math.Inf(1), 0)
}

func TestLocationMovesWithTheSampleAndLeavesItAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		xs := sample(1).Draw(t, "xs")
		before := slices.Clone(xs)
		scale, shift := rapid.Float64Range(.01, 100).Draw(t, "scale"), rapid.Float64Range(-100, 100).Draw(t, "shift")
		q, trim := rapid.Float64Range(0, 1).Draw(t, "q"), rapid.Float64Range(0, .49).Draw(t, "trim")
		tol := 1e-9 * (1 + 1e3*scale)
		near(t, "moved quantile", Quantile(moved(xs, scale, shift), q), scale*Quantile(xs, q)+shift, tol)
		near(t, "mirrored quantile", Quantile(moved(xs, -1, 0), 1-q), -Quantile(xs, q), tol)
		near(t, "moved trimmed mean", TrimmedMean(moved(xs, scale, shift), trim), scale*TrimmedMean(xs, trim)+shift, tol)
		near(t, "mirrored trimmed mean", TrimmedMean(moved(xs, -1, 0), trim), -TrimmedMean(xs, trim), tol)
		if !slices.Equal(xs, before) {
			t.Errorf("the sample was changed")
		}
	})
}
