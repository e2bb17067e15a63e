package runner

import (
	"context"
	"math"
	"slices"
	"strings"

	"assay/profiles/counters"
	"assay/runner/plan"
	"assay/runner/samples/work"
	"assay/runner/stats"
)

const (
	// A benchmark of somebody else's may draw hash seeds, share work among
	// goroutines or look at the clock, and nobody has measured how its counts
	// repeat. So each is counted at least twice, in fresh processes, and once more
	// where the two are not much closer than the way of counting promises.
	mostPasses = 3
	closer     = 4
	// Where passes differ by more than the promise, the promise for this row is so
	// many times what they differ by: with normal scatter the medians of three
	// passes of two equal sides differ by more once in hundreds of rows.
	widening = 3
	widest   = 0.1 // a promise wider than this is none
)

// repeat counts the arm of a process again and replaces what is known of it by
// the medians; promises become as wide as the passes say.
func (r *run) repeat(ctx context.Context, g *group, way counters.Way, arms []plan.Arm, works []work.Arm, promises map[string]work.Promise) error {
	passes := slices.Clone(works[:1])
	for len(passes) < mostPasses && !settled(passes, way) {
		again, err := r.countArms(ctx, g, way, arms, len(passes))
		if err != nil {
			return err
		}
		passes = append(passes, again[0])
	}
	var wide map[string]work.Promise
	works[0], wide = together(passes, way)
	widen(promises, wide)
	return nil
}

// settled says that the passes agree so well that one more would tell nothing.
func settled(passes []work.Arm, way counters.Way) bool {
	for unit, xs := range byUnit(passes) {
		p, known := way.Repeats(strings.TrimSuffix(unit, "/op"))
		p.Share, p.Slack = p.Share/closer, p.Slack/closer
		if known && !p.Keeps(slices.Min(xs), slices.Max(xs)) {
			return false
		}
	}
	return len(passes) > 1
}

// together makes one of several passes: the median of each unit. Where they break
// the promise of their way, a promise of shares becomes wider, and one of
// equality is no more.
func together(passes []work.Arm, way counters.Way) (work.Arm, map[string]work.Promise) {
	w := work.Arm{Arm: passes[0].Arm, Ops: passes[0].Ops, Units: map[string]float64{}}
	wide := map[string]work.Promise{}
	for unit, xs := range byUnit(passes) {
		x := stats.Median(xs)
		w.Units[unit] = x
		p, known := way.Repeats(strings.TrimSuffix(unit, "/op"))
		least, most := slices.Min(xs), slices.Max(xs)
		if !known || p.Keeps(least, most) && p.Share == 0 {
			continue
		}
		share := widening * (most - least) / most
		switch {
		case most == 0 || widening*(most-least) <= p.Slack || share <= p.Share:
		case p.Share == 0 || share > widest:
			w.Inexact = append(w.Inexact, unit)
		default:
			wide[unit] = work.Promise{Share: share, Slack: p.Slack}
		}
	}
	slices.Sort(w.Inexact)
	return w, wide
}

// byUnit are the values of each unit over passes; what a pass did not count is none.
func byUnit(passes []work.Arm) map[string][]float64 {
	all := map[string][]float64{}
	for _, one := range passes {
		for unit := range one.Units {
			all[unit] = nil
		}
	}
	for unit := range all {
		for _, one := range passes {
			all[unit] = append(all[unit], one.Units[unit])
		}
	}
	return all
}

// widen makes promises hold for others too.
func widen(promises, others map[string]work.Promise) {
	for unit, q := range others {
		p := promises[unit]
		promises[unit] = work.Promise{Share: math.Max(p.Share, q.Share), Slack: math.Max(p.Slack, q.Slack)}
	}
}
