package sequential

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// still is a process frozen at chosen values.
type still struct {
	n           int
	est, lo, hi float64
}

func (s still) N() int                              { return s.n }
func (s still) Estimate() float64                   { return s.est }
func (s still) LogE(float64) float64                { return 1 }
func (s still) Interval(float64) (float64, float64) { return s.lo, s.hi }

func TestRuleFollowsTheProtocol(t *testing.T) {
	t.Parallel()
	rule, nan, inf := Rule{Alpha: .01, Threshold: .01, MinN: 8}, math.NaN(), math.Inf(1)
	cases := []struct {
		why  string
		p    still
		want Decision
	}{
		{"clear slowdown", still{8, .05, .04, .06}, Slower},
		{"clear speed-up", still{8, -.05, -.06, -.04}, Faster},
		{"slowdown exactly at the threshold", still{8, .01, .001, .019}, Slower},
		{"excludes zero, below the threshold, wide", still{8, .009, .001, .017}, Undecided},
		{"excludes zero, wholly within the threshold", still{8, .005, .002, .008}, Same},
		{"tight around zero", still{8, 0, -.009, .009}, Same},
		{"touches the threshold", still{8, 0, -.01, .01}, Undecided},
		{"one side not rejected", still{8, .005, -.001, .011}, Undecided},
		{"includes zero", still{8, .05, 0, .1}, Undecided},
		{"too few observations", still{7, .05, .04, .06}, Undecided},
		{"no interval", still{8, .05, -inf, inf}, Undecided},
		{"no estimate", still{8, nan, -inf, inf}, Undecided},
	}
	for _, c := range cases {
		if got := rule.Decide(c.p); got.Decision != c.want || got.Estimate != c.p.est && !math.IsNaN(c.p.est) || got.N != c.p.n {
			t.Errorf("%s: %+v, want %v", c.why, got, c.want)
		}
	}
	for _, bad := range []Rule{{Alpha: 0, Threshold: .01}, {Alpha: 2, Threshold: .01}, {Alpha: nan, Threshold: .01}, {Alpha: .01, Threshold: -1}, {Alpha: .01, Threshold: nan}} {
		for name, p := range fresh() {
			for range 50 {
				p.Add(.5)
			}
			if v := bad.Decide(p); v.Decision != Undecided {
				t.Errorf("%s under %+v: %v", name, bad, v.Decision)
			}
		}
	}
}

func TestDecisionsHaveTheirWords(t *testing.T) {
	t.Parallel()
	for d, want := range map[Decision]string{Undecided: "undecided", Faster: "faster", Slower: "slower", Same: "same", 99: "undecided"} {
		if d.String() != want {
			t.Errorf("%d is %q, want %q", int(d), d, want)
		}
	}
}

func TestVerdictsEqualTheEvidenceAgainstThreeCentres(t *testing.T) {
	t.Parallel()
	swap := map[Decision]Decision{Undecided: Undecided, Faster: Slower, Slower: Faster, Same: Same}
	rapid.Check(t, func(t *rapid.T) {
		centre, spread := rapid.Float64Range(-3, 3).Draw(t, "centre"), rapid.Float64Range(.01, 1).Draw(t, "spread")
		xs := rapid.SliceOfN(rapid.Float64Range(-1, 1), 1, 60).Draw(t, "xs")
		rule := Rule{Alpha: .05, Threshold: 1}
		limit := math.Log(1 / rule.Alpha)
		for name := range fresh() {
			p, mirror := fresh()[name], fresh()[name]
			for _, x := range xs {
				x = centre + spread*x
				if x == 0 || x == 1 || x == -1 {
					t.Skip("a tie with a tested centre: the closed interval keeps it")
				}
				p.Add(x)
				mirror.Add(-x)
			}
			got, est := rule.Decide(p).Decision, p.Estimate()
			e0, up, down := p.LogE(0), p.LogE(1), p.LogE(-1)
			for _, e := range []float64{e0 - limit, up - limit, down - limit, math.Abs(est) - 1} {
				if math.Abs(e) < 1e-6 {
					t.Skip("on the edge")
				}
			}
			want := Undecided
			switch {
			case e0 >= limit && est <= -1:
				want = Faster
			case e0 >= limit && est >= 1:
				want = Slower
			case up >= limit && down >= limit && math.Abs(est) < 1:
				want = Same
			}
			if got != want && !(name == "both" && got == Undecided) { // both is a little slow to decide
				t.Errorf("%s: %v, but log E is %v, %v, %v at 0, 1, -1 and the estimate %v", name, got, e0, up, down, est)
			}
			if back := rule.Decide(mirror).Decision; back != swap[got] {
				t.Errorf("%s: %v, with the arms swapped %v", name, got, back)
			}
		}
	})
}

func TestWatchKeepsAVerdictThatEvidenceLeftButTheEstimateSupports(t *testing.T) {
	t.Parallel()
	w := Watch{Rule: Rule{Alpha: .01, Threshold: .01, MinN: 5}}
	looks := []struct {
		why   string
		p     still
		want  Decision
		moved bool
	}{
		{"too early to count", still{4, .9, .8, 1}, Undecided, false},
		{"nothing yet", still{5, .04, -.01, .09}, Undecided, false},
		{"crosses", still{6, .03, .001, .06}, Slower, false},
		{"sinks, the estimate still supports it", still{7, .02, -.001, .07}, Slower, false},
		{"the estimate falls below the threshold", still{8, .005, -.002, .02}, Undecided, false},
		{"the estimate changes side: not Faster by old evidence", still{9, -.02, -.06, .03}, Undecided, true},
		{"and comes back", still{10, .015, -.01, .03}, Slower, false},
		{"settles within the threshold", still{11, .005, .002, .008}, Same, false},
		{"contradicts all of that", still{12, .05, .04, .06}, Undecided, true},
	}
	for _, look := range looks {
		if got := w.Look(look.p); got.Decision != look.want || got.Moved != look.moved {
			t.Errorf("%s: %v, moved %v; want %v, %v", look.why, got.Decision, got.Moved, look.want, look.moved)
		}
	}
}

func TestRemainingIsWhenTheRuleDecides(t *testing.T) {
	t.Parallel()
	rule := Rule{Alpha: .01, Threshold: .01}
	for _, c := range []struct{ mean, sd float64 }{{.05, .02}, {-.02, .02}, {0, .02}, {.004, .01}, {.0099, .005}, {.01, .03}, {.03, 0}} {
		const n = 6
		wait := Remaining(c.mean, c.sd, n, rule.Alpha, rule.Threshold)
		decided := func(n int) bool {
			p := &TMix{n: n, mean: c.mean, q: float64(n-1) * c.sd * c.sd}
			return rule.Decide(p).Decision != Undecided
		}
		at := n + int(wait)
		if !decided(at) || wait > 0 && decided(at-1) {
			t.Errorf("%+v: forecast %v more, decided there %v, one before %v", c, wait, decided(at), decided(at-1))
		}
	}
	inf := math.Inf(1)
	for _, c := range []struct {
		mean, sd float64
		n        int
		alpha, t float64
	}{
		{.05, .02, 1, .01, .01},
		{0, .02, 9, .01, 0},
		{math.NaN(), .02, 9, .01, .01},
		{.05, math.NaN(), 9, .01, .01},
		{.05, inf, 9, .01, .01},
		{inf, 1, 9, .01, .01},
		{.05, .02, 9, 0, .01},
		{.05, .02, 9, .01, math.NaN()},
		{.01 - 1e-12, 1, 9, .01, .01},
	} {
		if got := Remaining(c.mean, c.sd, c.n, c.alpha, c.t); got != inf {
			t.Errorf("%+v: %v, want +Inf", c, got)
		}
	}
}

func TestRemainingShrinksWithTheEffectAndGrowsWithTheNoise(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		mean, sd := rapid.Float64Range(.02, .2).Draw(t, "mean"), rapid.Float64Range(.01, .5).Draw(t, "sd")
		n := rapid.IntRange(2, 50).Draw(t, "n")
		base := Remaining(mean, sd, n, .01, .01)
		if Remaining(2*mean, sd, n, .01, .01) > base || Remaining(mean, 2*sd, n, .01, .01) < base ||
			Remaining(mean, sd, n, .001, .01) < base || Remaining(-mean, sd, n, .01, .01) != base {
			t.Errorf("the forecast %v is not monotone at mean %v, sd %v, n %d", base, mean, sd, n)
		}
	})
}
