package runner

import (
	"fmt"
	"math"

	"assay/runner/samples"
)

// tolerated is how far timing may go past the budget without a word: the last
// restart ends when it ends.
const tolerated = 1.25

// spent warns when the budget ended before the rows had what a verdict takes.
func (r *run) spent(left float64) error {
	short, need := 0, 0.0
	for _, g := range r.groups {
		if missing := r.plan.MinRestarts - g.restarts; missing > 0 && !g.failed && !g.Control {
			short++
			need += float64(missing) * g.cost
		}
	}
	if short == 0 {
		return nil
	}
	return r.journal.Append(samples.Record{Warning: fmt.Sprintf(
		"the budget of %.3g s ended before %d of %d comparisons had the %d restarts a verdict takes: give --budget %.0fs or more, or select less",
		r.plan.Budget, short, len(r.groups)-1, r.plan.MinRestarts, math.Ceil(1.2*(r.plan.Budget-left+need)))})
}

// foresee tells once that the budget will be exceeded, as soon as the restarts
// that are owed to the groups measured so far do not fit.
func (r *run) foresee(left float64) {
	r.owing = left <= 0
	if r.foreseen || !r.plan.Limited() {
		return
	}
	took, owed := r.plan.Budget-left, 0.0
	for _, g := range r.groups {
		if !g.failed {
			owed += float64(max(0, leastRestarts-g.restarts)) * g.cost
		}
	}
	if owed == 0 || took+owed <= tolerated*r.plan.Budget {
		return
	}
	r.foreseen = true
	r.tell(Progress{Note: fmt.Sprintf("the budget of %.3g s will be exceeded by %.3g s or more: %s", r.plan.Budget, took+owed-r.plan.Budget, r.because(took, true))})
}

// overspent warns, and tells, that the budget was exceeded, by what and why.
func (r *run) overspent(left float64) error {
	took := r.plan.Budget - left
	if !r.plan.Limited() || took <= tolerated*r.plan.Budget {
		return nil
	}
	text := fmt.Sprintf("the budget of %.3g s was exceeded by %.3g s: timing took %.3g s, because %s: raise --budget or select fewer rows",
		r.plan.Budget, took-r.plan.Budget, took, r.because(took, r.owing))
	r.tell(Progress{Note: text})
	return r.journal.Append(samples.Record{Warning: text})
}

// because says what makes timing outlast the budget when it has taken so many
// seconds: the restarts that are owed to every group, or one that had begun.
func (r *run) because(took float64, owed bool) string {
	groups, restarts := 0, 0
	largest := r.groups[0]
	for _, g := range r.groups {
		restarts += g.restarts
		if g.cost > largest.cost {
			largest = g
		}
		if !g.failed {
			groups++
		}
	}
	slowest := fmt.Sprintf("one of %s takes %.3g s", largest.Key(), largest.cost)
	if !owed {
		return "a restart that has begun is finished, and " + slowest
	}
	return fmt.Sprintf("each of %d comparisons, the control among them, gets %d restarts whatever the budget, of %.3g s on average (%s)",
		groups, leastRestarts, took/float64(max(1, restarts)), slowest)
}
