package sequential

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The MDE of observations whose spread is exactly that of the simulated samples
// is found about four times in five. 2000 samples have a standard error of .009;
// the rest of the allowance is for the width of each sample's own sequence,
// which scatters with its spread. (With a spread
// guessed from another sample of 24 the share is .71.)
func TestMDEIsFoundAboutFourTimesInFive(t *testing.T) {
	t.Parallel()
	const alpha, n, samples = 0.01, 24, 2000
	var exact Both
	for i := range n { // plus and minus, with a standard deviation of 1
		exact.Add(math.Sqrt((n-1.0)/n) * float64(1-2*(i%2)))
	}
	effect := MDE(&exact, alpha)
	rng := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range samples {
		var p Both
		for range n {
			p.Add(effect + rng.NormFloat64())
		}
		if lo, _ := p.Interval(alpha); lo > 0 {
			found++
		}
	}
	if share := float64(found) / samples; share < 0.72 || share > 0.88 {
		t.Errorf("found in %v of samples, want about .8", share)
	}
}
