package runner

import (
	"math"
	"time"
)

// outlook is what the stages of the run take, as far as is known beforehand.
type outlook struct{ check, timing, passes time.Duration }

// unknown is the time left of a run that has not shown yet how long it takes.
const unknown time.Duration = math.MaxInt64 / 2

// step tells where the run stands: at a group, with so much time left in all.
// The share done follows from the time, or where that is unknown from the rows,
// and never falls.
func (r *run) step(stage string, g *group, left time.Duration) {
	share := r.decided()
	if left < unknown {
		share = r.now().Seconds() / math.Max(1e-9, (r.now()+left).Seconds())
	} else {
		left = 0
	}
	r.done = math.Max(r.done, share)
	r.tell(Progress{Stage: stage, What: g.Key(), Done: r.done, Left: left})
}

// rest is the time that so many more of all steps take at the pace since began,
// or their part of the forecast as long as there is no pace.
func (r *run) rest(began time.Duration, done, all int, forecast time.Duration) time.Duration {
	if done == 0 {
		return forecast
	}
	return time.Duration(float64(r.Clock.Wall()-began) / float64(done) * float64(all-done))
}

// decided is the share of groups that need no more restarts.
func (r *run) decided() float64 {
	open := 0
	for _, g := range r.groups {
		if g.open(r.plan.MinRestarts, r.plan.MaxRestarts) {
			open++
		}
	}
	return 1 - float64(open)/float64(max(1, len(r.groups)))
}

// toTime is the forecast of the timing to go: what the open rows need, within
// what is left of the budget, and what every row gets whatever the budget.
func (r *run) toTime(budget float64) time.Duration {
	typical, fixed := r.typicalCost(), r.plan.MinRestarts == r.plan.MaxRestarts
	switch {
	case typical == 0 && math.IsInf(budget, 1):
		return unknown
	case typical == 0:
		return r.ahead.timing
	}
	least, wanted := 0.0, 0.0
	for _, g := range r.groups {
		if !g.open(r.plan.MinRestarts, r.plan.MaxRestarts) {
			continue
		}
		cost := g.cost
		if cost == 0 {
			cost = typical
		}
		least += float64(max(0, r.granted()-g.restarts)) * cost
		needs := float64(r.plan.MinRestarts - g.restarts)
		for _, w := range g.wait {
			needs = math.Max(needs, w)
		}
		wanted += needs * cost
	}
	if fixed {
		return seconds(least)
	}
	return seconds(math.Max(least, math.Min(wanted, math.Max(0, budget))))
}

// granted is how many restarts a row gets whatever the budget.
func (r *run) granted() int {
	if r.plan.MinRestarts == r.plan.MaxRestarts {
		return r.plan.MinRestarts
	}
	return leastRestarts
}

// typicalCost is the mean over the groups that were measured; 0 before any was.
func (r *run) typicalCost() float64 {
	sum, n := 0.0, 0
	for _, g := range r.groups {
		if g.cost > 0 {
			sum, n = sum+g.cost, n+1
		}
	}
	return sum / float64(max(1, n))
}

func seconds(s float64) time.Duration {
	if s >= unknown.Seconds() {
		return unknown
	}
	return time.Duration(s * float64(time.Second))
}
