package runner

import (
	"sync/atomic"
	"testing"
	"time"

	"assay/runner/clock"
)

// A budget that cannot take all comparisons to a verdict takes as many as it can:
// the cheap ones. Divided evenly it would decide none.
func TestABudgetThatIsTooSmallDecidesTheCheapComparisons(t *testing.T) {
	t.Parallel()
	p := planned("large", "cheap", "vast", "light")
	p.Budget = 40
	s := slow{
		scripted: scripted{scripts: map[string]string{"large": "1.25", "cheap": "1.25", "vast": "1.25", "light": "1.25"}, started: &atomic.Int64{}},
		clock:    &clock.Fake{}, begun: &atomic.Int64{},
		cost: map[string]time.Duration{"large": 4 * time.Second, "cheap": time.Second, "vast": 6 * time.Second, "light": time.Second},
	}
	run, err := carriedOut(t, t.Context(), p, Runner{Clock: s.clock, Source: s})
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, restart := range run.Restarts {
		if g := p.Groups[restart.Group]; !g.Control {
			counts[g.Op]++
		}
	}
	// What is left at the end is too little for a verdict on either, and goes to one.
	want := map[string]int{"cheap": p.MinRestarts, "light": p.MinRestarts, "large": leastRestarts, "vast": leastRestarts + 1}
	for op, n := range want {
		if counts[op] != n {
			t.Errorf("%s had %d restarts, want %d", op, counts[op], n)
		}
	}
}
