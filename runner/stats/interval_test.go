package stats

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

func TestTQuantilesMatchThePrintedTable(t *testing.T) {
	t.Parallel()
	// Fisher and Yates, Statistical Tables, Table III, to the digits printed.
	table := []struct{ df, p, want float64 }{
		{1, .975, 12.706},
		{2, .975, 4.303},
		{5, .975, 2.571},
		{10, .975, 2.228},
		{30, .975, 2.042},
		{120, .975, 1.980},
		{1, .995, 63.657},
		{2, .995, 9.925},
		{10, .995, 3.169},
		{30, .995, 2.750},
		{120, .995, 2.617},
		{math.Inf(1), .975, 1.960},
		{math.Inf(1), .995, 2.576},
		{9e5, .995, 2.576},
		{3e4, .975, 1.960},
	}
	for _, row := range table {
		near(t, "t", tQuantile(row.p, row.df), row.want, .0005)
	}
	// The two ways meet where one hands over, also far out.
	for _, p := range []float64{.025, .005, 1e-5, 1e-8} {
		series := tQuantile(p, 1000.001)
		near(t, "handover", series, tQuantile(p, 1000), 3e-6)
		near(t, "its tail", distuv.StudentsT{Sigma: 1, Nu: 1000}.CDF(series)/p, 1, 1e-4)
	}
	for _, df := range []float64{1001, 1e5, 1e9} { // farther out the tails only fatten
		if got, z := tQuantile(5e-13, df), zQuantile(5e-13); !(got < z && got > z-.1) {
			t.Errorf("df %v: %v, normal %v", df, got, z)
		}
	}
}

func TestTIntervalMatchesROnTheSleepData(t *testing.T) {
	t.Parallel()
	one, two, diff := sleepOne(), sleepTwo(), make([]float64, 10)
	for i := range diff {
		diff[i] = one[i] - two[i]
	}
	in := TInterval(diff, .95) // R: t.test(extra ~ group, paired = TRUE)
	near(t, "estimate", in.Est, -1.58, 1e-12)
	near(t, "low", in.Lo, -2.4598858, 1e-7)
	near(t, "high", in.Hi, -.7001142, 1e-7)
	welch := WelchInterval(two, one, .95) // R: t.test(extra ~ group), df 17.776
	near(t, "estimate", welch.Est, -1.58, 1e-12)
	near(t, "low", welch.Lo, -3.3654832, 1e-6)
	near(t, "high", welch.Hi, .2054832, 1e-6)
	if in.N != 10 || welch.N != 20 {
		t.Errorf("N = %d and %d, want 10 and 20", in.N, welch.N)
	}
}

func TestMedianIntervalUsesTheTabulatedRanks(t *testing.T) {
	t.Parallel()
	// Ranks for 95 % as tabulated by Conover and others; 0 means no interval.
	for n, want := range map[int]int{5: 0, 6: 1, 8: 1, 9: 2, 10: 2, 20: 6, 25: 8, 50: 18, 100: 40} {
		if got := medianRank(n, .95); got != want {
			t.Errorf("n = %d: rank %d, want %d", n, got, want)
		}
	}
	xs := []float64{3, 9, 1, 7, 5, 10, 2, 8, 4, 6}
	if got, want := MedianInterval(xs, .95), (Interval{5.5, 2, 9, 10}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestMedianRankIsTheWidestThatBinomialSumsAllow(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 60; n++ {
		for _, confidence := range []float64{.5, .9, .95, .99, .999} {
			want, missed, term := 0, 0.0, math.Pow(2, -float64(n)) // term = C(n, r)/2^n
			for r := 0; 2*(missed+term) <= 1-confidence; r++ {
				missed += term
				want = r + 1
				term *= float64(n-r) / float64(r+1)
			}
			if got := medianRank(n, confidence); got != want {
				t.Errorf("n = %d, confidence %v: rank %d, want %d", n, confidence, got, want)
			}
		}
	}
}

func TestTooLittleDataGivesInfiniteBounds(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	five := []float64{1, 2, 3, 4, 5}
	for what, in := range map[string]Interval{
		"t of none": TInterval(nil, .95), "t of one": TInterval(five[:1], .95), "t of NaN": TInterval([]float64{1, nan, 2}, .95),
		"t of Inf": TInterval([]float64{1, math.Inf(1)}, .95), "t at confidence 1": TInterval(five, 1), "t at NaN": TInterval(five, nan),
		"median of five": MedianInterval(five, .95), "median of NaN": MedianInterval([]float64{nan, 1, 2, 3, 4, 5, 6}, .95),
		"welch of one": WelchInterval(five[:1], five, .95), "welch of none": WelchInterval(nil, five, .95),
		"nested of none": NestedInterval([][]float64{nil, {}}, .95), "nested of one": NestedInterval([][]float64{{1}}, .95),
	} {
		if !math.IsInf(in.Lo, -1) || !math.IsInf(in.Hi, 1) {
			t.Errorf("%s: %v, want infinite bounds", what, in)
		}
	}
	if in := TInterval([]float64{2, 2, 2}, .95); in.Lo != 2 || in.Hi != 2 {
		t.Errorf("equal observations: %v, want [2, 2]", in)
	}
	if in := TInterval([]float64{.1, .1, .1}, .95); in.Lo != .1 || in.Hi != .1 {
		t.Errorf("equal observations: %v, want [.1, .1] without rounding crumbs", in)
	}
}

func TestIntervalsMoveAndMirrorWithTheSample(t *testing.T) {
	t.Parallel()
	forms := map[string]func([]float64) Interval{
		"t":      func(xs []float64) Interval { return TInterval(xs, .99) },
		"median": func(xs []float64) Interval { return MedianInterval(xs, .9) },
		"nested": func(xs []float64) Interval { return NestedInterval([][]float64{xs[:2], xs[2:3], xs[3:]}, .9) },
	}
	rapid.Check(t, func(t *rapid.T) {
		xs := sample(6).Draw(t, "xs")
		scale := rapid.Float64Range(.01, 100).Draw(t, "scale")
		const shift = 7.0
		for name, form := range forms {
			in := form(xs)
			tol := 1e-7 * (1 + scale) * (1 + math.Abs(in.Est) + min(in.Hi-in.Lo, 1e9))
			if !(in.Lo <= in.Est && in.Est <= in.Hi) || in.N != len(xs) {
				t.Errorf("%s: %v is out of order", name, in)
			}
			up, mirror := form(moved(xs, scale, shift)), form(moved(xs, -1, 0))
			near(t, name+" moved low", up.Lo, scale*in.Lo+shift, tol)
			near(t, name+" moved high", up.Hi, scale*in.Hi+shift, tol)
			near(t, name+" mirrored low", mirror.Lo, -in.Hi, tol)
			near(t, name+" mirrored high", mirror.Hi, -in.Lo, tol)
		}
		a, b := xs[:3], xs[3:]
		there, back := WelchInterval(a, b, .9), WelchInterval(b, a, .9)
		near(t, "swapped low", back.Lo, -there.Hi, 1e-6)
		near(t, "swapped high", back.Hi, -there.Lo, 1e-6)
	})
}

func TestIntervalsCoverTheTruth(t *testing.T) {
	t.Parallel()
	const runs = 8000
	t.Run("t of 8 normals", func(t *testing.T) {
		t.Parallel()
		r := seeded(1)
		covers(t, runs, 3, func() Interval { return TInterval(normals(r, 8, 3, 2), .95) })
	})
	t.Run("t of 40 heavy-tailed", func(t *testing.T) {
		t.Parallel()
		r := seeded(2)
		got := share(runs, func() bool {
			xs := make([]float64, 40)
			for i := range xs {
				xs[i] = heavy(r)
			}
			in := TInterval(xs, .95)
			return in.Lo <= 0 && 0 <= in.Hi
		})
		t.Logf("coverage %.4f", got)
		// Heavy tails make t conservative; below nominal would be a defect.
		if got < .95-noise(.95, runs) || got > .97 {
			t.Errorf("coverage %v, want .95 to .97", got)
		}
	})
	t.Run("Welch with sd 1 and 5, n 30 and 10", func(t *testing.T) {
		t.Parallel()
		r := seeded(3)
		covers(t, runs, 2, func() Interval { return WelchInterval(normals(r, 30, 1, 1), normals(r, 10, 3, 5), .95) })
	})
	t.Run("median of heavy tails has its exact coverage", func(t *testing.T) {
		t.Parallel()
		r := seeded(4)
		exact := 1 - 2*distuv.Binomial{N: 20, P: .5}.CDF(5) // ranks 6 and 15: .9586
		got := share(runs, func() bool {
			xs := make([]float64, 20)
			for i := range xs {
				xs[i] = heavy(r)
			}
			in := MedianInterval(xs, .95)
			return in.Lo <= 0 && 0 <= in.Hi
		})
		near(t, "coverage", got, exact, noise(exact, runs))
	})
}

// A drifting host breaks an interval over slices in time order, and a random
// assignment of arms repairs the comparison: the reason the protocol pairs.
func TestDriftBreaksSeparateRunsButNotPairs(t *testing.T) {
	t.Parallel()
	r := seeded(5)
	const runs, n = 2000, 20
	separate, paired := 0, 0
	for range runs {
		a, b, diff := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range n {
			a[i] = .2*float64(i) + r.NormFloat64()
			b[i] = .2*float64(i+n) + r.NormFloat64()
			x, y := .2*float64(2*i)+r.NormFloat64(), .2*float64(2*i+1)+r.NormFloat64()
			if r.IntN(2) == 0 {
				x, y = y, x
			}
			diff[i] = y - x
		}
		if in := WelchInterval(a, b, .95); in.Lo > 0 || in.Hi < 0 {
			separate++
		}
		if in := TInterval(diff, .95); in.Lo > 0 || in.Hi < 0 {
			paired++
		}
	}
	t.Logf("false alarms: %d separate, %d paired of %d", separate, paired, runs)
	if separate < runs*9/10 {
		t.Errorf("%d of %d: separate runs under drift should nearly always alarm", separate, runs)
	}
	if float64(paired)/runs > .05+noise(.05, runs) {
		t.Errorf("%d of %d: random pairs under drift should alarm in 5 %%", paired, runs)
	}
}
