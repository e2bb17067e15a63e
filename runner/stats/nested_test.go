package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// dyestuff is the yield of Davies (1947): 6 batches of 5 preparations. Its
// components are printed in every text on the subject: 42.00 between batches,
// 49.51 within; grand mean 1527.5 with standard error 19.38.
func dyestuff() [][]float64 {
	return [][]float64{
		{1545, 1440, 1440, 1520, 1580},
		{1540, 1555, 1490, 1560, 1495},
		{1595, 1550, 1605, 1510, 1560},
		{1445, 1440, 1595, 1465, 1545},
		{1595, 1630, 1515, 1635, 1625},
		{1520, 1455, 1450, 1480, 1445},
	}
}

// pastes is the strength of chemical pastes of Davies and Goldsmith (1972): 10
// batches, 3 casks each, 2 assays each; components 1.287, 2.904 and 0.823.
func pastes() [][][]float64 {
	return [][][]float64{
		{{62.8, 62.6}, {60.1, 62.3}, {62.7, 63.1}},
		{{60.0, 61.4}, {57.5, 56.9}, {61.1, 58.9}},
		{{58.7, 57.5}, {63.9, 63.1}, {65.4, 63.7}},
		{{57.1, 56.4}, {56.9, 58.6}, {64.7, 64.5}},
		{{55.1, 55.1}, {54.7, 54.2}, {58.8, 57.5}},
		{{63.4, 64.9}, {59.3, 58.1}, {60.5, 60.0}},
		{{62.5, 62.6}, {61.0, 58.7}, {56.9, 57.7}},
		{{59.2, 59.4}, {65.2, 66.0}, {64.8, 64.1}},
		{{54.8, 54.8}, {64.0, 64.0}, {57.7, 56.8}},
		{{58.3, 59.3}, {59.2, 59.2}, {58.9, 56.6}},
	}
}

func TestNestedIntervalMatchesTheDyestuffAnalysis(t *testing.T) {
	t.Parallel()
	in := NestedInterval(dyestuff(), .95)
	se := math.Sqrt((5*1764.05 + 2451.25) / 30) // 19.38, from the published components
	near(t, "mean", in.Est, 1527.5, 1e-9)
	near(t, "low", in.Lo, 1527.5-2.5706*se, .01) // t table, 5 degrees of freedom
	near(t, "high", in.Hi, 1527.5+2.5706*se, .01)
	if in.N != 30 {
		t.Errorf("N = %d, want 30", in.N)
	}
}

func TestNestedIntervalFallsBackAndCollapsesProperly(t *testing.T) {
	t.Parallel()
	xs := sleepTwo()
	if got, want := NestedInterval([][]float64{nil, xs, {}}, .95), TInterval(xs, .95); got != want {
		t.Errorf("one group: %v, want %v", got, want)
	}
	singles := make([][]float64, len(xs))
	for i := range xs {
		singles[i] = xs[i : i+1]
	}
	got, want := NestedInterval(singles, .95), TInterval(xs, .95)
	near(t, "groups of one, low", got.Lo, want.Lo, 1e-9)
	near(t, "groups of one, high", got.Hi, want.Hi, 1e-9)
}

func TestSatterthwaiteFreedomStaysBetweenOneAndGroupsLessOne(t *testing.T) {
	t.Parallel()
	r := seeded(6)
	for range 2000 {
		groups := unbalanced(r, 2+r.IntN(8), r.Float64(), 40)
		means := make([]float64, len(groups))
		for i, g := range groups {
			means[i], _ = meanVariance(g)
		}
		_, between := meanVariance(means)
		if df := satterthwaite(groups, between); !(df > 1-1e-9 && df < float64(len(groups))-1+1e-9) {
			t.Fatalf("df %v for %d groups", df, len(groups))
		}
	}
}

func TestSatterthwaiteFreedomByHand(t *testing.T) {
	t.Parallel()
	// Sizes 2, 1, 4 and a within-group variance of (2 + 2)/4 = 1: the means vary
	// by the component + 1/2, 1, 1/4, and their variance between by + 7/12.
	groups := [][]float64{{0, 2}, {5}, {8, 10, 9, 9}}
	// Component 0: mean v 7/12, sum of squares 21/16, so 4·(49/144)/(7/16+49/144) = 7/4.
	near(t, "no component", satterthwaite(groups, 7./12), 7./4, 1e-12)
	near(t, "negative component counts as none", satterthwaite(groups, .1), 7./4, 1e-12)
	// Component 1: v = 3/2, 2, 5/4: 4·(19/12)²/(125/48 + (19/12)²) = 361/184.
	near(t, "component 1", satterthwaite(groups, 19./12), 361./184, 1e-12)
}

// unbalanced draws k groups of 2 to most values, with a group effect of sd.
func unbalanced(r *rand.Rand, k int, sd float64, most int) [][]float64 {
	groups := make([][]float64, k)
	for i := range groups {
		groups[i] = normals(r, 2+r.IntN(most-1), sd*r.NormFloat64(), 1)
	}
	return groups
}

func TestNestedIntervalCoversWhateverTheGroupEffect(t *testing.T) {
	t.Parallel()
	for i, sd := range []float64{0, .2, .5, 3} {
		r := seeded(10 + uint64(i))
		covers(t, 6000, 0, func() Interval { return NestedInterval(unbalanced(r, 8, sd, 7), .95) })
	}
	r := seeded(20)
	naive := share(4000, func() bool {
		var all []float64
		for _, g := range unbalanced(r, 8, 1, 7) {
			all = append(all, g...)
		}
		in := TInterval(all, .95)
		return in.Lo <= 0 && 0 <= in.Hi
	})
	t.Logf("ignoring the groups covers %.3f", naive)
	if naive > .9 {
		t.Errorf("ignoring the groups covers %v: the simulation has no group effect", naive)
	}
}

func TestVarianceComponentsMatchPublishedAnalyses(t *testing.T) {
	t.Parallel()
	dye := VarianceComponents([][][]float64{dyestuff()})
	near(t, "dyestuff within", dye.Slice, 49.51, .005)
	near(t, "dyestuff between", dye.Restart, 42.00, .005)
	near(t, "dyestuff layouts", dye.Layout, 0, 0)
	paste := VarianceComponents(pastes())
	near(t, "pastes assays", paste.Slice, .8234, .0001)
	near(t, "pastes casks", paste.Restart, 2.9041, .0001)
	near(t, "pastes batches", paste.Layout, 1.2874, .0001)
}

func TestVarianceComponentsOfUnrepeatedLevelsMoveUp(t *testing.T) {
	t.Parallel()
	xs := sleepTwo()
	_, variance := meanVariance(xs)
	restarts, layouts := make([][]float64, len(xs)), make([][][]float64, len(xs))
	for i, x := range xs {
		restarts[i], layouts[i] = []float64{x}, [][]float64{{x}, {}}
	}
	near(t, "one slice per restart", VarianceComponents([][][]float64{restarts}).Restart, math.Sqrt(variance), 1e-9)
	near(t, "one restart per layout", VarianceComponents(append(layouts, nil)).Layout, math.Sqrt(variance), 1e-9)
	for _, empty := range [][][][]float64{nil, {nil}, {{nil}}, {{{1}}}, {{{2, 2}, {2}}}} {
		if got := VarianceComponents(empty); got != (Components{}) {
			t.Errorf("%v: %v, want zeroes", empty, got)
		}
	}
}

func TestVarianceComponentsAreRecoveredFromUnequalSizes(t *testing.T) {
	t.Parallel()
	r, truth := seeded(30), Components{Slice: 3, Restart: 2, Layout: 1}
	layouts := make([][][]float64, 1500)
	for i := range layouts {
		shift := truth.Layout * r.NormFloat64()
		layouts[i] = make([][]float64, 1+r.IntN(9))
		for j := range layouts[i] {
			layouts[i][j] = normals(r, 1+r.IntN(12), shift+truth.Restart*r.NormFloat64(), truth.Slice)
		}
	}
	got := VarianceComponents(layouts)
	t.Logf("truth %v, estimate %.3f", truth, got)
	// The standard errors of these estimates are about .02, .03 and .06.
	near(t, "slice", got.Slice, truth.Slice, .08)
	near(t, "restart", got.Restart, truth.Restart, .12)
	near(t, "layout", got.Layout, truth.Layout, .24)
}
