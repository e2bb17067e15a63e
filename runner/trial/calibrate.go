package trial

import (
	"fmt"
	"math"
	"slices"
)

const (
	calibrationTries = 7
	maxBatches       = 1 << 20
)

// quickest runs slices of n batches until one takes less than enough, three at
// most, and returns the least time in nanoseconds: noise only ever adds, and a
// single try that was preempted would end the search for n too soon.
func (a *arm) quickest(n int, enough int64) (int64, error) {
	least := int64(math.MaxInt64)
	for range 3 {
		t, err := a.slice(0, n)
		if err != nil {
			return 0, err
		}
		if least = min(least, t.Wall); least < enough {
			break
		}
	}
	return least, nil
}

// Calibrate returns the batches per slice for every arm: what the plan says,
// or what its shape fixes, or as many as fill the target. One try can be
// preempted and be wrong by a factor, so the median of several decides.
func (w *Worker) Calibrate() ([]int, error) {
	counts := make([]int, len(w.arms))
	for i, a := range w.arms {
		n, err := w.calibrate(a)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.Name, err)
		}
		counts[i] = n
	}
	return counts, nil
}

func (w *Worker) calibrate(a *arm) (int, error) {
	if a.Batches > 0 {
		return a.Batches, nil
	}
	target := w.trial.SliceNS
	n := 1
	for {
		took, err := a.quickest(n, target/4)
		if err != nil {
			return 0, err
		}
		if n == 1 && took >= target {
			return 1, nil // seven tries more would say the same, and a one-shot may take a second each
		}
		if took >= target/4 || n >= maxBatches {
			break
		}
		n *= 2
	}
	took := make([]float64, calibrationTries)
	for i := range took {
		t, err := a.slice(0, n)
		if err != nil {
			return 0, err
		}
		took[i] = float64(t.Wall) / float64(n)
	}
	slices.Sort(took)
	per := max(1, took[calibrationTries/2])
	best := min(maxBatches, max(1, int(float64(target)/per+0.5)))
	if fits := a.t.Fits(); best > fits && float64(fits)*per > float64(target)/2 {
		best = fits // a somewhat shorter slice rather than inputs the branch predictor has seen
	}
	return best, nil
}
