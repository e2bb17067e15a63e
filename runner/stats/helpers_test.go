package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// near fails unless got is within tol of want; infinities must match exactly.
func near(t interface{ Errorf(string, ...any) }, what string, got, want, tol float64) {
	if got == want {
		return
	}
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, tol)
	}
}

// seeded returns the random source of one test; every test has its own stream.
func seeded(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(20240607, stream)) }

// normals returns n normal values with the given mean and sd.
func normals(r *rand.Rand, n int, mean, sd float64) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = mean + sd*r.NormFloat64()
	}
	return xs
}

// heavy returns one value of Student's t with 3 degrees of freedom.
func heavy(r *rand.Rand) float64 {
	a, b, c := r.NormFloat64(), r.NormFloat64(), r.NormFloat64()
	return r.NormFloat64() / math.Sqrt((a*a+b*b+c*c)/3)
}

// share counts how often trial succeeds in n tries.
func share(n int, trial func() bool) float64 {
	hits := 0
	for range n {
		if trial() {
			hits++
		}
	}
	return float64(hits) / float64(n)
}

// noise is 4 standard errors of a share p over n trials: a correct procedure
// fails such a bound once in 16,000 seeds, and the seeds here are fixed.
func noise(p float64, n int) float64 { return 4 * math.Sqrt(p*(1-p)/float64(n)) }

// covers fails unless the interval made by draw holds truth in 95 % of n
// samples, within the binomial noise.
func covers(t *testing.T, n int, truth float64, draw func() Interval) {
	t.Helper()
	got := share(n, func() bool { in := draw(); return in.Lo <= truth && truth <= in.Hi })
	near(t, "coverage", got, .95, noise(.95, n))
	t.Logf("coverage %.4f over %d samples", got, n)
}

// sample draws a small sample of ordinary numbers.
func sample(min int) *rapid.Generator[[]float64] {
	return rapid.SliceOfN(rapid.Float64Range(-1e3, 1e3), min, 40)
}

// moved returns scale·x + shift for every x.
func moved(xs []float64, scale, shift float64) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = scale*x + shift
	}
	return out
}

// Student's sleep data (1908): extra hours of sleep of ten patients under two
// drugs; the intervals below are those R's t.test prints for it.
func sleepOne() []float64 { return []float64{.7, -1.6, -.2, -1.2, -.1, 3.4, 3.7, .8, 0, 2} }
func sleepTwo() []float64 { return []float64{1.9, .8, 1.1, .1, -.1, 4.4, 5.5, 1.6, 4.6, 3.4} }
