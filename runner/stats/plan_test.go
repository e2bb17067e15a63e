package stats

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

func TestAllocateFindsTheBestOfAllPairs(t *testing.T) {
	t.Parallel()
	sd := rapid.Float64Range(.1, 3)
	rapid.Check(t, func(t *rapid.T) {
		c := Components{sd.Draw(t, "slice"), sd.Draw(t, "restart"), sd.Draw(t, "layout")}
		costSlice, costRestart, costLayout := 1.0, rapid.Float64Range(.5, 20).Draw(t, "restart cost"), rapid.Float64Range(.5, 40).Draw(t, "layout cost")
		price := func(s, r float64) float64 { // written out again, not the one under test
			return (c.Layout*c.Layout + c.Restart*c.Restart/r + c.Slice*c.Slice/(r*s)) * (costLayout + r*(costRestart+s*costSlice))
		}
		s, r := Allocate(c, costSlice, costRestart, costLayout)
		got, best := price(float64(s), float64(r)), math.Inf(1)
		for i := 1.0; i <= 60; i++ {
			for j := 1.0; j <= 60; j++ {
				best = math.Min(best, price(i, j))
			}
		}
		// Rounding two coordinates at once can miss the best whole pair by a
		// little when both are small (worst of 3000 random designs: .5 %).
		if got > 1.05*best {
			t.Errorf("(%d, %d) costs %v, the best pair %v", s, r, got, best)
		}
	})
}

func TestAllocateFollowsTheFormulaAndItsEdges(t *testing.T) {
	t.Parallel()
	cases := []struct {
		c          Components
		cs, cr, cl float64
		s, r       int
	}{
		{Components{4, 2, 1}, 1, 16, 64, 8, 4},            // sqrt(16/1)·4/2 = 8, sqrt(64/16)·2/1 = 4
		{Components{1, 10, 100}, 1, 1, 1, 1, 1},           // all the noise is above
		{Components{4, 0, 1}, 1, 9, 16, 20, 1},            // no restart noise: sqrt(25)·4/1 in one restart
		{Components{4, 2, 0}, 1, 16, 64, 8, maxRepeats},   // no layout noise: stay in one layout
		{Components{4, 0, 0}, 1, 16, 64, maxRepeats, 1},   // only slice noise
		{Components{0, 0, 0}, 1, 16, 64, 1, 1},            // no noise at all
		{Components{4, 2, 1}, 0, 16, 64, maxRepeats, 4},   // free slices
		{Components{4, 2, 1}, 1, -16, 64, 1, 36},          // a negative cost counts as none: sqrt(64/1)·sqrt(16+4)
		{Components{1e9, 1, 1}, 1, 1e6, 1, maxRepeats, 1}, // capped
	}
	for _, unknown := range []Components{{math.NaN(), 1, 1}, {1, math.NaN(), math.NaN()}, {math.Inf(1), math.Inf(1), 1}} {
		if s, r := Allocate(unknown, 1, math.NaN(), 1); s < 1 || r < 1 || s > maxRepeats || r > maxRepeats {
			t.Errorf("%+v: %d slices, %d restarts", unknown, s, r)
		}
	}
	for _, c := range cases {
		if s, r := Allocate(c.c, c.cs, c.cr, c.cl); s != c.s || r != c.r {
			t.Errorf("%+v: %d slices, %d restarts; want %d, %d", c, s, r, c.s, c.r)
		}
	}
}

func TestProportionsMatchNewcombe(t *testing.T) {
	t.Parallel()
	// Newcombe 1998, "Two-sided confidence intervals for the single
	// proportion", Table I: score and exact intervals at 95 %.
	for _, c := range []struct {
		k, n                         int
		scoreLo, scoreHi, exLo, exHi float64
	}{
		{81, 263, .2553, .3662, .2527, .3676},
		{15, 148, .0624, .1605, .0578, .1617},
		{0, 20, 0, .1611, 0, .1684},
		{1, 29, .0061, .1718, .0009, .1776},
	} {
		score, exact := Wilson(c.k, c.n, .95), ClopperPearson(c.k, c.n, .95)
		near(t, "score low", score.Lo, c.scoreLo, 5e-5)
		near(t, "score high", score.Hi, c.scoreHi, 5e-5)
		near(t, "exact low", exact.Lo, c.exLo, 5e-5)
		near(t, "exact high", exact.Hi, c.exHi, 5e-5)
	}
}

func TestProportionsMirrorAndKeepTheirPromise(t *testing.T) {
	t.Parallel()
	const n = 20
	for name, form := range map[string]func(int, int, float64) Interval{"wilson": Wilson, "exact": ClopperPearson} {
		for k := 0; k <= n; k++ {
			in, mirror := form(k, n, .95), form(n-k, n, .95)
			near(t, name+" mirrored", mirror.Lo, 1-in.Hi, 1e-9)
			if !(0 <= in.Lo && in.Lo <= in.Est && in.Est <= in.Hi && in.Hi <= 1) {
				t.Errorf("%s of %d: %v out of order", name, k, in)
			}
		}
		mean, worst := 0.0, 1.0
		for i := 1; i < 1000; i++ {
			p, coverage := float64(i)/1000, 0.0
			for k := 0; k <= n; k++ {
				if in := form(k, n, .95); in.Lo <= p && p <= in.Hi {
					coverage += distuv.Binomial{N: n, P: p}.Prob(float64(k))
				}
			}
			mean, worst = mean+coverage/999, math.Min(worst, coverage)
		}
		t.Logf("%s: mean coverage %.4f, worst %.4f", name, mean, worst)
		if name == "exact" && worst < .95 {
			t.Errorf("Clopper and Pearson cover only %v", worst)
		}
		if name == "wilson" && math.Abs(mean-.95) > .01 {
			t.Errorf("Wilson covers %v on average", mean)
		}
	}
	for _, in := range []Interval{Wilson(1, 0, .95), Wilson(3, 2, .95), Wilson(-1, 2, .95), ClopperPearson(1, 2, 1), ClopperPearson(0, 0, .95)} {
		if in.Lo != 0 || in.Hi != 1 {
			t.Errorf("%v: want bounds 0 and 1", in)
		}
	}
}
