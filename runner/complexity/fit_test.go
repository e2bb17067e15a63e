package complexity

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// near fails unless got is within tol of want.
func near(t interface{ Errorf(string, ...any) }, what string, got, want, tol float64) {
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, tol)
	}
}

func mustFit(t interface{ Fatalf(string, ...any) }, points []Point) Result {
	r, err := Fit(points)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return r
}

// measured draws times at the sizes from a + b·f(n), with relative noise that
// the points know of (claimed) and that they have (true).
func measured(r *rand.Rand, c Class, a, b float64, sizes []float64, truth, claimed float64) []Point {
	points := make([]Point, len(sizes))
	for i, n := range sizes {
		exact := Model{Class: c, A: a, B: b}.Predict(n)
		points[i] = Point{N: n, Time: exact * math.Exp(truth*r.NormFloat64()), RelSE: claimed}
	}
	return points
}

func seeded(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(20240609, stream)) }

// curves are one sensible cost of each class, in ns.
func curves() []Model {
	return []Model{{Class: Constant, A: 12}, {Class: Logarithmic, A: 5, B: 8}, {Class: Linear, A: 40, B: .6}, {Class: Linearithmic, A: 40, B: .2}, {Class: Quadratic, A: 90, B: .003}}
}

func TestExactCurvesAreRecognisedWithTheirCoefficients(t *testing.T) {
	t.Parallel()
	for _, c := range curves() {
		points := measured(seeded(1), c.Class, c.A, c.B, spread(7, 1000), 0, 0)
		best := mustFit(t, points).Best()
		sure := Sure
		if c.Class == Constant { // never certain
			sure = .5
		}
		if best.Class != c.Class || best.Weight < sure {
			t.Errorf("%v: found %v with weight %v", c.Class, best.Class, best.Weight)
		}
		near(t, c.Class.String()+" b", best.B, c.B, 1e-6*c.B)
		near(t, c.Class.String()+" at 10⁷", best.Predict(1e7)/c.Predict(1e7), 1, 1e-6)
	}
}

func TestCoefficientsMatchAHandComputedLine(t *testing.T) {
	t.Parallel()
	// Equal relative errors weigh by 1/time². With times 1, 2, 4, 4 at sizes 1
	// to 4 the weights are 16, 4, 1, 1 (times 1/16): sums 22, of n 31, of t 32,
	// of n² 57, of nt 60. So b = (22·60-31·32)/(22·57-31²) = 328/293 and
	// a = (32-31b)/22.
	points := []Point{{1, 1, .1}, {2, 2, .1}, {3, 4, .1}, {4, 4, .1}}
	m, _, _ := fitClass(Linear, points, 0)
	near(t, "b", m.B, 328.0/293, 1e-12)
	near(t, "a", m.A, (32-31*328.0/293)/22, 1e-12)
}

// The two ways to be wrong about "how sure": weights that promise more than the
// share of right answers, and certainty about the wrong class.
func TestWeightsDoNotPromiseMoreThanTheyKeep(t *testing.T) {
	t.Parallel()
	const runs = 300
	near := []float64{1000, 1500, 2000, 3000}
	for i, c := range []struct {
		why     string
		sizes   []float64
		claimed float64 // the errors the points admit to; they have 5 %
		right   float64 // at least
	}{
		{"three decades, honest errors", spread(7, 1000), .05, .95},
		{"three decades, proud errors", spread(7, 1000), .005, .94},
		{"three decades, unknown errors", spread(7, 1000), 0, .94},
		{"a factor of three, honest errors", near, .05, .5},
		{"a factor of three, proud errors", near, .005, .5},
		{"a factor of three, unknown errors", near, 0, .5},
	} {
		t.Run(c.why, func(t *testing.T) {
			t.Parallel()
			r, promised, right := seeded(20+uint64(i)), 0.0, 0
			for _, truth := range curves() {
				surelyWrong := 0
				for range runs {
					best := mustFit(t, measured(r, truth.Class, truth.A, truth.B, c.sizes, .05, c.claimed)).Best()
					promised += best.Weight
					if best.Class == truth.Class {
						right++
					} else if best.Weight > .95 {
						surelyWrong++
					}
				}
				if surelyWrong > runs*5/100 {
					t.Errorf("%v: wrong with a weight over .95 in %d of %d", truth.Class, surelyWrong, runs)
				}
			}
			total := float64(runs * len(curves()))
			kept, promise := float64(right)/total, promised/total
			t.Logf("mean weight of the best %.3f, right in %.3f", promise, kept)
			if promise > kept+.03 || kept < c.right {
				t.Errorf("promised %.3f, kept %.3f (at least %.2f)", promise, kept, c.right)
			}
		})
	}
}

func TestSlopeIntervalCoversTheExponent(t *testing.T) {
	t.Parallel()
	const runs = 3000
	for i, c := range []struct{ exponent, truth, claimed float64 }{{0, .04, .04}, {1, .04, .04}, {1.5, .04, .001}, {2, .04, 0}} {
		r, hits := seeded(10+uint64(i)), 0
		for range runs {
			points := measured(r, Constant, 1, 0, spread(7, 1000), c.truth, c.claimed)
			for i := range points {
				points[i].Time *= math.Pow(points[i].N, c.exponent)
			}
			if got := mustFit(t, points); got.SlopeLo <= c.exponent && c.exponent <= got.SlopeHi {
				hits++
			}
		}
		got := float64(hits) / runs
		t.Logf("exponent %v, errors claimed %v: covered %.3f", c.exponent, c.claimed, got)
		// Scaling errors up only makes honest ones a little too wide.
		if got < .95-4*math.Sqrt(.95*.05/runs) || got > .995 {
			t.Errorf("exponent %v: covered %v", c.exponent, got)
		}
	}
}

func TestSlopeOfPerfectPointsIsAsWideAsTheirErrors(t *testing.T) {
	t.Parallel()
	points := []Point{{1, 7, .05}, {10, 70, .05}, {100, 700, .05}, {1000, 7000, .05}}
	r := mustFit(t, points)
	// Centred logs of the sizes: ±1.5 and ±.5 of ln 10, squares 5·(ln 10)²; t with 2 df.
	half := 4.30265 * math.Hypot(.05, least) / (math.Sqrt(5) * math.Ln10)
	near(t, "slope", r.Slope, 1, 1e-12)
	near(t, "half width", r.SlopeHi-r.Slope, half, 1e-6)
	near(t, "half width below", r.Slope-r.SlopeLo, half, 1e-6)
}

func TestStepsAtCacheSizesShowAsMisfit(t *testing.T) {
	t.Parallel()
	points := measured(seeded(4), Linear, 0, 1, spread(7, 1000), 0, .002)
	if got := mustFit(t, points).Misfit; got != 0 {
		t.Errorf("a clean line has misfit %v", got)
	}
	for i := range points {
		if i >= 3 {
			points[i].Time *= 1.4
		}
	}
	r := mustFit(t, points)
	t.Logf("after a step of 40 %%: %v, weight %.2f, misfit %.2f", r.Best().Class, r.Best().Weight, r.Misfit)
	if r.Misfit < .02 || r.Best().Weight > .99 {
		t.Errorf("a step of 40 %% leaves misfit %v and weight %v", r.Misfit, r.Best().Weight)
	}
}

func TestFitRefusesWhatItCannotUse(t *testing.T) {
	t.Parallel()
	good := []Point{{1, 1, .1}, {2, 2, .1}, {3, 3, .1}, {4, 4, .1}}
	nan, inf := math.NaN(), math.Inf(1)
	bad := []Point{{.5, 1, .1}, {nan, 1, .1}, {1e160, 1, .1}, {4, 0, .1}, {4, -1, .1}, {4, inf, .1}, {4, nan, .1}, {4, 1, -.1}, {4, 1, inf}, {4, 1, nan}}
	for _, last := range bad {
		if _, err := Fit(append(good[:3:3], last)); err == nil || !strings.Contains(err.Error(), "point 3 has size") {
			t.Errorf("%+v: error %v, want one that names point 3", last, err)
		}
	}
	if _, err := Fit(append(good[:3:3], Point{3, 5, .1})); err == nil || !strings.Contains(err.Error(), "3 distinct sizes") {
		t.Errorf("three sizes: %v", err)
	}
	if r, err := Fit(good); err != nil || len(r.Models) != 5 {
		t.Errorf("good points: %v, %v", r, err)
	}
	if _, err := Fit(nil); err == nil {
		t.Error("no points: no error")
	}
	if got := Class(9).String() + Class(-1).String(); got != "O(?)O(?)" {
		t.Errorf("unknown classes read %q", got)
	}
}

func TestFitFollowsTheUnitOfTimeAndIgnoresOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(4, 12).Draw(t, "points")
		points, moved := make([]Point, n), make([]Point, n)
		scale := math.Ldexp(1, rapid.IntRange(-30, 30).Draw(t, "log scale"))
		for i := range points {
			points[i] = Point{
				N:     float64(i+1) * rapid.Float64Range(1, 1.4).Draw(t, "n"),
				Time:  rapid.Float64Range(.1, 1000).Draw(t, "time"),
				RelSE: rapid.Float64Range(0, .5).Draw(t, "error"),
			}
			moved[n-1-i] = points[i]
			moved[n-1-i].Time *= scale
		}
		if points[0].N == points[1].N || n > 4 && points[3].N == points[4].N {
			t.Skip("sizes collided")
		}
		a, err := Fit(points)
		if err != nil {
			t.Skip(err)
		}
		b := mustFit(t, moved)
		near(t, "slope", b.Slope, a.Slope, 1e-6*(1+math.Abs(a.Slope)))
		near(t, "misfit", b.Misfit, a.Misfit, 1e-6*(1+a.Misfit))
		sum := 0.0
		for i, m := range a.Models {
			sum += m.Weight
			if m.B < 0 || i > 0 && m.Weight > a.Models[i-1].Weight || math.IsNaN(m.Weight) {
				t.Errorf("model %d: %+v", i, m)
			}
			near(t, "scaled prediction", b.Models[i].Predict(50), scale*m.Predict(50), scale*1e-3*(1+math.Abs(m.Predict(50))))
		}
		near(t, "sum of weights", sum, 1, 1e-9)
		if !(a.SlopeLo <= a.Slope && a.Slope <= a.SlopeHi) {
			t.Errorf("slope %v outside [%v, %v]", a.Slope, a.SlopeLo, a.SlopeHi)
		}
	})
}

func TestFitEndsWithNumbersOnAnyPointsItAccepts(t *testing.T) {
	t.Parallel()
	power := func(t *rapid.T, lo, hi float64, what string) float64 {
		return math.Pow(10, rapid.Float64Range(lo, hi).Draw(t, what))
	}
	rapid.Check(t, func(t *rapid.T) {
		points := make([]Point, rapid.IntRange(4, 9).Draw(t, "points"))
		for i := range points {
			points[i] = Point{N: power(t, 0, 18, "n"), Time: power(t, -60, 60, "time"), RelSE: power(t, -9, 6, "error")}
		}
		r, err := Fit(points)
		if err != nil {
			return
		}
		sum := r.Slope + r.SlopeLo + r.SlopeHi + r.Misfit
		for _, m := range r.Models {
			sum += m.Weight
			if math.IsNaN(m.A+m.B) || math.IsInf(m.A+m.B, 0) {
				t.Errorf("model %+v", m)
			}
		}
		if math.IsNaN(sum) || math.IsInf(sum, 0) {
			t.Errorf("not numbers: %+v", r)
		}
	})
}
