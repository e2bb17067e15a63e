package sequential

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// mixture computes the t-mixture from its definition, by brute force: the
// likelihood of the data's maximal invariant under mean/sd = delta is the
// integral over sigma of prod N(x; delta·sigma, sigma²) / sigma; E is its ratio
// to delta = 0, averaged over delta ~ N(0, 1/c).
func mixture(xs []float64, c float64) float64 {
	invariant := func(delta float64) float64 {
		sum := 0.0
		for u := -6.0; u <= 16; u += .02 { // u = log sigma
			sigma, ss := math.Exp(u), 0.0
			for _, x := range xs {
				ss += (x/sigma - delta) * (x/sigma - delta)
			}
			sum += math.Exp(-ss/2 - float64(len(xs))*u)
		}
		return sum
	}
	num, den := 0.0, 0.0
	for delta := -14.0; delta <= 14; delta += .05 {
		w := math.Exp(-c * delta * delta / 2)
		num += w * invariant(delta)
		den += w
	}
	return num / den / invariant(0)
}

func TestTMixIsTheMixtureItClaimsToBe(t *testing.T) {
	t.Parallel()
	for _, xs := range [][]float64{{3}, {1, 2}, {.4, -.1, .7}, {-1, -1.5, -.8, -1.1, -.9}, {2, -2, 1, .5}} {
		for _, c := range []float64{.25, 1} {
			want := math.Log(mixture(xs, c))
			near(t, "log E", fed(&TMix{Prior: c}, xs).LogE(0), want, 1e-6)
		}
	}
	near(t, "one observation", fed(&TMix{}, []float64{3}).LogE(0), 0, 1e-12)
	// By hand: n = 2, x = 1, 3, c = 1/4: S = 4, V = 10, so E = 1/3 · 22.5/6.5.
	near(t, "by hand", fed(&TMix{}, []float64{1, 3}).LogE(0), math.Log(22.5/6.5/3), 1e-12)
}

func TestSignIsTheBettingGameItClaimsToBe(t *testing.T) {
	t.Parallel()
	r := seeded(1)
	var s Sign
	wealth, above, below := 1.0, 0.0, 0.0
	for range 60 {
		x := r.NormFloat64() + .5
		// Krichevsky and Trofimov's bet before each sign: (seen + ½) / (n + 1).
		if x > 0 {
			wealth *= 2 * (above + .5) / (above + below + 1)
			above++
		} else {
			wealth *= 2 * (below + .5) / (above + below + 1)
			below++
		}
		s.Add(x)
		near(t, "log E", s.LogE(0), math.Log(wealth), 1e-9)
	}
	nine, ten := &Sign{}, &Sign{}
	fed(nine, make([]float64, 9))
	fed(ten, make([]float64, 10))
	// All on one side: C(2n, n)/2^n, 48620/512 = 95 and 184756/1024 = 180.
	near(t, "nine", math.Exp(nine.LogE(-1)), 48620.0/512, 1e-9)
	near(t, "ten", math.Exp(ten.LogE(-1)), 184756.0/1024, 1e-9)
}

func TestConstantObservations(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 12; n++ {
		for _, value := range []float64{0, .1, -3} {
			p := &TMix{}
			for range n {
				p.Add(value)
			}
			size := float64(n)
			near(t, "on the hypothesis", p.LogE(value), math.Log(.25/(size+.25))/2, 1e-12)
			near(t, "off the hypothesis", p.LogE(value+1), (size-1)/2*math.Log((size+.25)/.25), 1e-9)
			lo, hi := p.Interval(.01)
			if n < 5 && !(math.IsInf(lo, -1) && math.IsInf(hi, 1)) || n >= 5 && (lo != value || hi != value) {
				t.Errorf("n = %d of %v: interval [%v, %v]", n, value, lo, hi)
			}
		}
	}
	ties := fed(&Sign{}, make([]float64, 50))
	near(t, "only ties", ties.LogE(0), 0, 1e-12)
	if lo, hi := ties.Interval(.01); lo != 0 || hi != 0 {
		t.Errorf("only ties: [%v, %v], want [0, 0]", lo, hi)
	}
}

func TestEmptyAndPoisonedProcessesClaimNothing(t *testing.T) {
	t.Parallel()
	rule := Rule{Alpha: .01, Threshold: .01}
	for name, p := range fresh() {
		lo, hi := p.Interval(.01)
		if p.N() != 0 || p.LogE(3) != 0 || !math.IsNaN(p.Estimate()) || !math.IsInf(lo, -1) || !math.IsInf(hi, 1) {
			t.Errorf("%s: the empty process claims something: %v [%v, %v]", name, p.Estimate(), lo, hi)
		}
	}
	bad := map[string][]float64{"tmix first": {math.Inf(1)}, "tmix": {1, 1, math.NaN()}, "tmix Inf": {1, 2, math.Inf(-1)}, "sign": {math.NaN(), 1}}
	for name, xs := range bad {
		p := adder(&TMix{})
		if name == "sign" {
			p = &Sign{}
		}
		fed(p, append(xs, make([]float64, 60)...))
		lo, hi := p.Interval(.01)
		if !math.IsNaN(p.LogE(0)) || !math.IsNaN(p.LogE(1)) || !math.IsNaN(p.Estimate()) || !math.IsInf(lo, -1) || !math.IsInf(hi, 1) {
			t.Errorf("%s: not poisoned: %v, E %v, [%v, %v]", name, p.Estimate(), p.LogE(0), lo, hi)
		}
		if v := rule.Decide(p); v.Decision != Undecided {
			t.Errorf("%s: %v", name, v.Decision)
		}
	}
	wide := fed(&Sign{}, []float64{math.Inf(1), math.Inf(1), math.Inf(-1), 1, 2, 3, 4, 5, 6, 7, 8, 9})
	if lo, hi := wide.Interval(.5); math.IsNaN(wide.LogE(0)) || !(lo <= wide.Estimate() && wide.Estimate() <= hi) {
		t.Errorf("signs of infinities: %v in [%v, %v]", wide.Estimate(), lo, hi)
	}
}

func TestProcessesMoveMirrorAndForgetOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(rapid.Float64Range(-1e3, 1e3), 1, 40).Draw(t, "xs")
		m := rapid.Float64Range(-1e3, 1e3).Draw(t, "m")
		// Powers of two, so that moved ties stay ties and distinct stays distinct.
		scale := math.Ldexp(1, rapid.IntRange(-8, 8).Draw(t, "log scale"))
		for name := range fresh() {
			p, up, mirror, back, shifted := fresh()[name], fresh()[name], fresh()[name], fresh()[name], fresh()[name]
			for i := range xs {
				p.Add(xs[i])
				up.Add(scale * xs[i])
				mirror.Add(-xs[i])
				back.Add(xs[len(xs)-1-i])
				shifted.Add(xs[i] - m)
			}
			e := p.LogE(m)
			tol := 1e-6 * (1 + math.Abs(e))
			near(t, name+" scaled", up.LogE(scale*m), e, tol)
			near(t, name+" mirrored", mirror.LogE(-m), e, tol)
			near(t, name+" reversed", back.LogE(m), e, tol)
			if math.Abs(p.Estimate()-m) > 1e-3 || name == "sign" {
				near(t, name+" translated", shifted.LogE(0), e, 1e-4*(1+math.Abs(e)))
			}
			lo, hi := p.Interval(.2)
			mlo, mhi := mirror.Interval(.2)
			near(t, name+" mirrored low", mlo, -hi, 1e-6*(1+math.Abs(hi)))
			near(t, name+" mirrored high", mhi, -lo, 1e-6*(1+math.Abs(lo)))
		}
	})
}

func TestIntervalsAreTheCentresNotRejected(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(rapid.Float64Range(-3, 3), 2, 60).Draw(t, "xs")
		if rapid.Bool().Draw(t, "coarse") { // many ties
			for i := range xs {
				xs[i] = math.Round(xs[i])
			}
		}
		alpha, m := rapid.Float64Range(.001, .5).Draw(t, "alpha"), rapid.Float64Range(-5, 5).Draw(t, "m")
		for name, p := range fresh() {
			fed(p, xs)
			lo, hi := p.Interval(alpha)
			if !(lo <= p.Estimate() && p.Estimate() <= hi) {
				t.Errorf("%s: estimate %v outside [%v, %v]", name, p.Estimate(), lo, hi)
			}
			margin, e := 1e-7*(1+math.Abs(m)), p.LogE(m)
			if (m < lo-margin || m > hi+margin) && e < math.Log(1/alpha)-1e-6 {
				t.Errorf("%s: %v lies outside [%v, %v] with log E only %v", name, m, lo, hi, e)
			}
			if name == "both" {
				continue // its interval is a little wider than it need be
			}
			if m > lo+margin && m < hi-margin && e >= math.Log(1/alpha)+1e-6 {
				t.Errorf("%s: %v lies inside [%v, %v] with log E %v", name, m, lo, hi, e)
			}
		}
	})
}

func TestTMixKeepsItsMomentsFarFromZero(t *testing.T) {
	t.Parallel()
	near, far := &TMix{}, &TMix{}
	for i := range 1000 {
		x := float64(i % 7)
		near.Add(x)
		far.Add(x + 1<<30)
	}
	if d := math.Abs(near.SD() - far.SD()); d > 1e-6 {
		t.Errorf("SD differs by %v a billion away", d)
	}
	if d := math.Abs(near.LogE(3) - far.LogE(3+1<<30)); d > 1e-4 {
		t.Errorf("log E differs by %v a billion away", d)
	}
	if !math.IsNaN((&TMix{}).SD()) {
		t.Error("SD of nothing is not NaN")
	}
}

func TestTMixAllocatesNothing(t *testing.T) {
	p, w := &TMix{}, &Watch{Rule: Rule{Alpha: .01, Threshold: .01}}
	if n := testing.AllocsPerRun(100, func() { p.Add(.01); w.Look(p) }); n != 0 {
		t.Errorf("%v allocations per observation and look", n)
	}
}
