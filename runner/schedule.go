package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"assay/runner/samples"
	"assay/runner/verdict"
)

// controlEvery is how many restarts of contenders there are to one of the
// null control, so that it sees the same hours of the machine as they do.
const controlEvery = 8

// time spends the budget on restarts, one at a time, where they decide most.
func (r *run) time(ctx context.Context) error {
	began := r.Clock.Wall()
	beside := &antagonists{command: r.Helper}
	defer beside.stop()
	for n := 0; ; n++ {
		left := math.Inf(1)
		if r.plan.Budget > 0 && !r.plan.UntilDecided {
			left = r.plan.Budget - (r.Clock.Wall() - began).Seconds()
		}
		g := r.next(n, left)
		if g == nil {
			return errors.Join(r.spent(left), r.overspent(left))
		}
		r.foresee(left)
		r.step("timing", g, r.toTime(left)+r.ahead.passes)
		if err := beside.set(ctx, g.Scenario); err != nil {
			return err
		}
		if err := r.once(ctx, g); err != nil {
			return err
		}
	}
}

// once measures a group once. A worker that fails twice running takes its group with it.
func (r *run) once(ctx context.Context, g *group) error {
	rec, err := r.restart(ctx, g)
	if err == nil {
		for _, j := range g.learn(rec, r.plan.MinRestarts == r.plan.MaxRestarts) {
			r.note(g, describe(j))
		}
		return nil
	}
	if isStop(err) || ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if g.failures++; g.failures < 2 {
		return r.journal.Append(samples.Record{Warning: fmt.Sprintf("%s: a restart was lost: %v", g.Key(), err)})
	}
	return r.fail(g, "", err)
}

func describe(j verdict.Judgement) string {
	return fmt.Sprintf("%s is %s, %+.1f %% [%+.1f %+.1f] after %d restarts", j.Variant, j.Verdict,
		100*(j.Ratio-1), 100*(j.Lo-1), 100*(j.Hi-1), j.Restarts)
}

// next picks the group of the next restart: first the groups up to the minimum,
// in turn, as many as the budget can take there; then, as long as it lasts, the
// one whose next verdict is the nearest or that has had the least; the control at
// its regular place. Nil ends the timing.
func (r *run) next(n int, left float64) *group {
	short := r.shortest(left)
	if left <= 0 && (short == nil || short.restarts >= leastRestarts) && r.plan.MinRestarts < r.plan.MaxRestarts {
		return nil
	}
	if g := r.controlDue(n, short); g != nil {
		return g
	}
	if short != nil {
		return short
	}
	var best *group
	for _, g := range r.groups {
		if g.Control || !g.open(r.plan.MinRestarts, r.plan.MaxRestarts) || r.hopeless(g) {
			continue
		}
		if best == nil || r.beyond(best, left) || g.before(best, n%2 == 0) && !r.beyond(g, left) {
			best = g
		}
	}
	return best
}

// beyond says that the rest of the budget cannot take a group to the minimum of
// restarts: it is measured only while there is nothing better to do.
func (r *run) beyond(g *group, left float64) bool { return r.plan.Limited() && r.missing(g) > left }

// before orders groups by the nearness of their next verdict, every other time
// by how little they were measured: forecasts from few restarts are guesses,
// and a row whose first estimate happened to lie near the threshold would
// starve on its bad luck.
func (g *group) before(o *group, byNeed bool) bool {
	a, b := g.need(), o.need()
	if byNeed && !(math.IsInf(a, 1) && math.IsInf(b, 1)) {
		return a < b
	}
	return g.restarts < o.restarts
}

// leastRestarts is what every row gets, whatever the budget: below two there is
// no interval.
const leastRestarts = 2

// hopeless rows are given up only where nothing else ends the run.
func (r *run) hopeless(g *group) bool {
	return r.plan.UntilDecided && g.restarts >= r.plan.MinRestarts && g.need() > hopelessSeconds
}

const hopelessSeconds = 600

// shortest is the next of the groups below the minimum of restarts that what is
// left of the budget can take there, counted from the cheapest on; these get
// theirs in turn. A budget divided evenly among groups that cost seconds and
// groups that cost milliseconds decided nothing at all: 33 groups had 5 restarts
// each after 70 s. What every group gets in any case comes first.
func (r *run) shortest(left float64) *group {
	var short []*group
	for _, g := range r.groups {
		if !g.failed && g.restarts < r.plan.MinRestarts {
			short = append(short, g)
		}
	}
	if !r.plan.Limited() {
		left = math.Inf(1)
	}
	slices.SortStableFunc(short, func(a, b *group) int { return cmp.Compare(r.missing(a), r.missing(b)) })
	var best *group
	for _, g := range short {
		owed := g.restarts < leastRestarts
		if left -= r.missing(g); left < 0 && !owed {
			continue
		}
		if best == nil || g.restarts < best.restarts {
			best = g
		}
	}
	return best
}

// missing is the forecast of seconds until a group has the minimum of restarts.
func (r *run) missing(g *group) float64 {
	return float64(r.plan.MinRestarts-g.restarts) * g.cost
}

// controlDue returns the control at every ninth restart while it is undecided.
func (r *run) controlDue(n int, short *group) *group {
	if n%(controlEvery+1) != controlEvery {
		return nil
	}
	for _, g := range r.groups {
		if g.Control && g.open(r.plan.MinRestarts, r.plan.MaxRestarts) && r.anyOpen(g, short) {
			return g
		}
	}
	return nil
}

// anyOpen keeps the control from running on alone.
func (r *run) anyOpen(control, short *group) bool {
	if short != nil {
		return true
	}
	for _, g := range r.groups {
		if g != control && g.open(r.plan.MinRestarts, r.plan.MaxRestarts) {
			return true
		}
	}
	return false
}
