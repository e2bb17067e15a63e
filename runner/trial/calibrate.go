package trial

import (
	"fmt"
	"slices"
)

const (
	calibrationTries = 7
	maxBatches       = 1 << 20
)

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
		t, err := a.slice(0, n)
		if err != nil {
			return 0, err
		}
		if t.Wall >= target/4 || n >= maxBatches {
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
	return min(maxBatches, max(1, int(float64(target)/per+0.5))), nil
}
