package sequential

import (
	"math"
	"math/rand/v2"
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
func seeded(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(20240608, stream)) }

// adder is a process that takes observations.
type adder interface {
	Process
	Add(x float64)
}

// fresh returns one process of each kind.
func fresh() map[string]adder {
	return map[string]adder{"tmix": &TMix{}, "sign": &Sign{}, "both": &Both{}}
}

// fed returns p after all of xs.
func fed(p adder, xs []float64) adder {
	for _, x := range xs {
		p.Add(x)
	}
	return p
}

// noise is 4 standard errors of a share p over n trials: a correct procedure
// fails such a bound once in 16,000 seeds, and the seeds here are fixed.
func noise(p float64, n int) float64 { return 4 * math.Sqrt(p*(1-p)/float64(n)) }

// heavy returns one value of Student's t with 3 degrees of freedom.
func heavy(r *rand.Rand) float64 {
	a, b, c := r.NormFloat64(), r.NormFloat64(), r.NormFloat64()
	return r.NormFloat64() / math.Sqrt((a*a+b*b+c*c)/3)
}
