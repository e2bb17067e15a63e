package sequential

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

const (
	looks = 200 // every stream is looked at after every one of these
	alpha = .01
)

// alarms returns the share of runs in which the evidence against a true centre
// ever reached 1/alpha.
func alarms(runs int, fresh func() adder, stream func() func() float64) float64 {
	alarmed, limit := 0, math.Log(1/alpha)
	for range runs {
		p, next := fresh(), stream()
		for range looks {
			p.Add(next())
			if p.LogE(0) >= limit {
				alarmed++
				break
			}
		}
	}
	return float64(alarmed) / float64(runs)
}

func newTMix() adder { return &TMix{} }
func newSign() adder { return &Sign{} }
func newBoth() adder { return &Both{} }

// disturbed returns normal values of which one in ten is ten times as wide.
func disturbed(r *rand.Rand) float64 {
	x := r.NormFloat64()
	if r.IntN(10) == 0 {
		x *= 10
	}
	return x
}

// independent makes a stream of one draw after another.
func independent(draw func() float64) func() func() float64 {
	return func() func() float64 { return draw }
}

func TestLookingAfterEveryObservationRaisesAtMostAlphaFalseAlarms(t *testing.T) {
	t.Parallel()
	const runs = 4000
	cases := []struct {
		name  string
		fresh func() adder
		draw  func(r *rand.Rand) float64
	}{
		{"t-mixture, normal", newTMix, (*rand.Rand).NormFloat64},
		{"t-mixture, heavy tails", newTMix, heavy},
		{"t-mixture, two skewed arms", newTMix, func(r *rand.Rand) float64 { return r.ExpFloat64() - r.ExpFloat64() }},
		{"both, normal", newBoth, (*rand.Rand).NormFloat64},
		{"both, heavy tails", newBoth, heavy},
		{"both, one in ten ten times as wide", newBoth, disturbed},
		{"sign, normal", newSign, (*rand.Rand).NormFloat64},
		{"sign, heavy tails", newSign, heavy},
		{"sign, skewed", newSign, func(r *rand.Rand) float64 { return r.ExpFloat64() - math.Ln2 }},
		{"sign, mostly ties", newSign, func(r *rand.Rand) float64 { return math.Round(.8 * r.NormFloat64()) }},
	}
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := seeded(10 + uint64(i))
			got := alarms(runs, c.fresh, independent(func() float64 { return c.draw(r) }))
			t.Logf("%.4f of %d runs alarmed in %d looks", got, runs, looks)
			if got > alpha+noise(alpha, runs) {
				t.Errorf("%v alarmed, want at most %v and the noise of %d runs", got, alpha, runs)
			}
		})
	}
}

// The limits the package comment states, kept as figures: what the guarantee
// does not cover must be visible here, or the simulation proves nothing.
func TestAlarmsWhereTheAssumptionsFail(t *testing.T) {
	t.Parallel()
	const runs = 2000
	r := seeded(20)
	correlated := func() func() float64 { // first-order autoregression, .6
		x := r.NormFloat64()
		return func() float64 {
			x = .6*x + .8*r.NormFloat64()
			return x
		}
	}
	batched := func() func() float64 { // means of 32 correlated slices
		next := correlated()
		return func() float64 {
			sum := 0.0
			for range 32 {
				sum += next()
			}
			return sum
		}
	}
	skewed := independent(func() float64 { return r.ExpFloat64() - 1 })
	log := func(what string, share float64) float64 {
		t.Logf("%-28s %.4f of %d runs", what, share, runs)
		return share
	}
	if got := log("correlated slices", alarms(runs, newTMix, correlated)); got < 3*alpha {
		t.Errorf("correlated slices alarmed in only %v", got)
	}
	if got := log("batches of 32 of them", alarms(runs/4, newTMix, batched)); got > alpha+noise(alpha, runs/4) {
		t.Errorf("batches alarmed in %v", got)
	}
	if got := log("exponential, t-mixture", alarms(runs, newTMix, skewed)); got < alpha || got > .1 {
		t.Errorf("skewed data alarmed in %v: update the package comment", got)
	}
	drift := func() func() float64 {
		at := 0.0
		return func() float64 { at += .02; return at + r.NormFloat64() }
	}
	if got := log("drifting, unpaired", alarms(runs, newTMix, drift)); got < .9 {
		t.Errorf("drift alarmed in only %v", got)
	}
	pairs := func() func() float64 {
		next := drift()
		return func() float64 {
			a, b := next(), next()
			if r.IntN(2) == 0 {
				return a - b
			}
			return b - a
		}
	}
	if got := log("drifting, random pairs", alarms(runs, newTMix, pairs)); got > alpha+noise(alpha, runs) {
		t.Errorf("random pairs under drift alarmed in %v", got)
	}
}

func TestPeekingWithAPlainTTestAlarmsMuchMore(t *testing.T) {
	t.Parallel()
	const runs = 1000
	r, alarmed := seeded(30), 0
	critical := make([]float64, looks+1)
	for n := 3; n <= looks; n++ {
		critical[n] = distuv.StudentsT{Sigma: 1, Nu: float64(n - 1)}.Quantile(1 - alpha/2)
	}
	for range runs {
		p := &TMix{}
		for n := 1; n <= looks; n++ {
			p.Add(r.NormFloat64())
			if n >= 3 && math.Abs(p.Estimate()) > critical[n]*p.SD()/math.Sqrt(float64(n)) {
				alarmed++
				break
			}
		}
	}
	t.Logf("%d of %d alarmed", alarmed, runs)
	if alarmed < 4*runs/100 {
		t.Errorf("%d of %d: the streams are too tame to test anything", alarmed, runs)
	}
}

func TestConfidenceSequenceCoversAtEveryLook(t *testing.T) {
	t.Parallel()
	const runs, level = 2000, .05
	for name := range fresh() {
		r, missed := seeded(40), 0
		for range runs {
			p := fresh()[name]
			for range looks {
				p.Add(7 + 3*r.NormFloat64())
				if lo, hi := p.Interval(level); lo > 7 || hi < 7 {
					missed++
					break
				}
			}
		}
		t.Logf("%s: %d of %d ever missed", name, missed, runs)
		if got := float64(missed) / runs; got > level+noise(level, runs) {
			t.Errorf("%s: the sequence missed in %v", name, got)
		}
	}
}

// A whole run under the rule: what is stopped, when, and how rightly.
func TestStoppingEarlyIsRightAndSavesObservations(t *testing.T) {
	t.Parallel()
	const runs, most = 2000, 40
	rule := Rule{Alpha: alpha, Threshold: .01, MinN: 8}
	for i, c := range []struct {
		name      string
		mean, sd  float64
		want      Decision
		found     float64 // at least
		observed  float64 // at most, on average
		wrongMost float64
	}{
		{"5 % slower", .05, .012, Slower, .99, 12, alpha},
		{"5 % faster", -.05, .012, Faster, .99, 12, alpha},
		{"nothing", 0, .005, Same, .99, 12, alpha},
		{"nothing, noisy", 0, .05, Undecided, .98, 40, alpha},
		{"exactly the threshold, never Same", .01, .005, Slower, .2, 40, alpha},
	} {
		r := seeded(50 + uint64(i))
		counts, observed := map[Decision]int{}, 0
		for range runs {
			w, p, v := Watch{Rule: rule}, &TMix{}, Verdict{}
			for v.Decision == Undecided && p.N() < most {
				p.Add(c.mean + c.sd*r.NormFloat64())
				v = w.Look(p)
			}
			counts[v.Decision]++
			observed += p.N()
		}
		found, mean := float64(counts[c.want])/runs, float64(observed)/runs
		wrong := float64(counts[Faster]+counts[Slower]+counts[Same]-counts[c.want]) / runs
		if c.want == Undecided {
			wrong = float64(counts[Faster]+counts[Slower]) / runs
		}
		t.Logf("%-34s %v %.3f, wrong %.4f, %.1f observations", c.name, c.want, found, wrong, mean)
		if found < c.found || mean > c.observed || wrong > c.wrongMost+noise(c.wrongMost, runs) {
			t.Errorf("%s: found %v (at least %v), wrong %v, %v observations (at most %v)", c.name, found, c.found, wrong, mean, c.observed)
		}
	}
}

// The price of looking: power against a t test at a fixed n = 40, in a log.
func TestPowerAgainstAFixedTTestIsDocumented(t *testing.T) {
	t.Parallel()
	const runs, n = 1500, 40
	critical := distuv.StudentsT{Sigma: 1, Nu: n - 1}.Quantile(1 - alpha/2)
	limit, r := math.Log(1/alpha), seeded(60)
	for _, effect := range []float64{.3, .5, .6, .8, 1, 1.5} {
		fixed, mixed, signs, at := 0, 0, 0, 0
		for range runs {
			p, s, crossed, signed := &TMix{}, &Sign{}, 0, false
			for i := 1; i <= n; i++ {
				x := effect + r.NormFloat64()
				p.Add(x)
				s.Add(x)
				if crossed == 0 && p.LogE(0) >= limit {
					crossed = i
				}
				signed = signed || s.LogE(0) >= limit
			}
			if math.Abs(p.Estimate())*math.Sqrt(n) > critical*p.SD() {
				fixed++
			}
			if crossed > 0 {
				mixed++
				at += crossed
			}
			if signed {
				signs++
			}
		}
		share := func(k int) float64 { return float64(k) / runs }
		t.Logf("mean/sd %.1f: fixed t %.3f; t-mixture %.3f after %.1f observations; sign %.3f",
			effect, share(fixed), share(mixed), float64(at)/math.Max(1, float64(mixed)), share(signs))
		if share(mixed) > share(fixed)+noise(.5, runs) {
			t.Errorf("effect %v: anytime evidence found more (%v) than the fixed test (%v)", effect, share(mixed), share(fixed))
		}
		if effect >= 1 && share(mixed) < .98 {
			t.Errorf("effect %v found in only %v", effect, share(mixed))
		}
	}
}
