package verdict

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"assay/runner/lab"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/samples"
	"assay/runner/stats"
	"assay/runner/trial"
)

// cases summarises every arm of a group: its times over restarts and its exact units.
func (a *analysis) cases(i int, g plan.Group) {
	times := a.times(i, g)
	for n, arm := range g.Arms {
		info := a.caseOf(g, arm.Variant)
		c := result.Case{Key: keyOf(g), Variant: arm.Name, Null: info.Null, Peer: info.Peer, Units: map[string]result.Stat{}}
		if t := times[n]; len(t.ns) > 0 {
			c.Units["ns/op"] = medianStat(t.ns, lab.Lower)
			c.Units["wall-ns/op"] = medianStat(t.wall, lab.Lower)
		}
		a.exactUnits(i, arm.Name, c.Units)
		a.countedUnits(i, arm.Name, c.Units)
		a.noisyUnits(i, n, g, c.Units)
		a.derive(i, n, g, times[n].wall, c.Units)
		a.latencies(i, arm.Name, c.Units)
		if len(c.Units) > 0 {
			a.out.Cases = append(a.out.Cases, c)
		}
	}
}

// armTimes are one number per restart, in nanoseconds per operation.
type armTimes struct{ ns, wall []float64 }

// times gives each arm's time on the clock that decides its comparisons.
func (a *analysis) times(i int, g plan.Group) []armTimes {
	clock := a.clockOf(i, g)
	out := make([]armTimes, len(g.Arms))
	for _, r := range a.run.Restarts {
		if r.Group != i {
			continue
		}
		for k, s := range split(r, OwnProcess(g)) {
			n := slices.IndexFunc(g.Arms, func(x plan.Arm) bool { return x.Name == r.Arms[k].Name })
			if n < 0 || len(s.wall) == 0 {
				continue
			}
			wall := stats.Quantile(s.wall, .1)
			ns := fastest(s.cpu, fastHalf)
			switch {
			case clock == "wall":
				ns = wall
			case OwnProcess(g) || math.IsNaN(ns): // in a null's few operations the clock may have seen nothing
				ns = s.sumCPU / s.sumOps
			}
			out[n].ns, out[n].wall = append(out[n].ns, ns), append(out[n].wall, wall)
		}
	}
	return out
}

// clockOf is the clock most contenders of the group are judged by.
func (a *analysis) clockOf(i int, g plan.Group) string {
	var all []Pair
	for _, arm := range g.Arms[1:] {
		all = append(all, a.pairs[i][arm.Name]...)
	}
	return chooseClock(all, RulesFor(a.run.Plan, g))
}

func (a *analysis) exactUnits(i int, arm string, units map[string]result.Stat) {
	c, ok := checkOf(a.run, i, arm)
	if !ok || c.Failed != "" {
		return
	}
	for name, t := range c.Units {
		units[name] = tallied(t)
	}
	units["allocs/op"] = constant(round3(c.Allocs), c.Ops)
	units["B/op"] = constant(round3(c.Bytes), c.Ops)
	for _, name := range c.Inexact { // a count that differs from one process to the next must not be compared by equality
		x := units[name].Value()
		units[name] = result.Stat{Median: &x, Lo: &x, Hi: &x, N: 1, Better: lab.Lower}
	}
}

func checkOf(run *samples.Run, group int, arm string) (trial.Check, bool) {
	for _, checked := range run.Checks {
		if checked.Group != group {
			continue
		}
		for _, c := range checked.Checks {
			if c.Variant == arm {
				return c, true
			}
		}
	}
	return trial.Check{}, false
}

func tallied(t trial.Tally) result.Stat {
	sd := t.SD()
	return result.Stat{Mean: &t.Mean, SD: &sd, Min: &t.Min, Max: &t.Max, N: t.N, Better: t.Better, Exact: true}
}

func constant(x float64, n int) result.Stat {
	zero := 0.0
	return result.Stat{Mean: &x, SD: &zero, Min: &x, Max: &x, N: n, Better: lab.Lower, Exact: true}
}

// round3 drops what a stray allocation of the runtime adds to thousands of operations.
func round3(x float64) float64 { return math.Round(x*1000) / 1000 }

// noisyUnits are the restart means of what operations reported while timed.
func (a *analysis) noisyUnits(i, n int, g plan.Group, units map[string]result.Stat) {
	values, better := map[string][]float64{}, map[string]string{}
	for _, r := range a.run.Restarts {
		if r.Group != i {
			continue
		}
		k := slices.IndexFunc(r.Arms, func(x plan.Arm) bool { return x.Name == g.Arms[n].Name })
		if ns, ok := collected(r, k); ok && g.Isolated {
			values["gc-cpu-ns/op"], better["gc-cpu-ns/op"] = append(values["gc-cpu-ns/op"], ns), lab.Lower
		}
		for name, t := range unitsOf(r, k) {
			values[name], better[name] = append(values[name], t.Mean), t.Better
		}
	}
	for name, xs := range values {
		if _, exact := units[name]; !exact {
			units[name] = medianStat(xs, better[name])
		}
	}
}

// collected is the collector's CPU time per operation of an arm with a process
// of its own, in nanoseconds; loading and drawing inputs are in it.
func collected(r samples.Restart, arm int) (float64, bool) {
	if arm < 0 || len(r.Endings) != len(r.Arms) {
		return 0, false
	}
	return r.Endings[arm].GCCPU * 1e9 / float64(max(1, opsOf(r, arm))), r.Endings[arm].GCs > 0
}

func unitsOf(r samples.Restart, arm int) map[string]trial.Tally {
	switch {
	case arm < 0:
		return nil
	case len(r.Endings) == len(r.Arms) && len(r.Endings[arm].Units) == 1:
		return r.Endings[arm].Units[0]
	case len(r.Endings) == 1 && arm < len(r.Endings[0].Units):
		return r.Endings[0].Units[arm]
	}
	return nil
}

// latencies adds the percentiles of the latency pass.
func (a *analysis) latencies(i int, arm string, units map[string]result.Stat) {
	for _, pass := range a.run.Latencies {
		for _, l := range pass.Arms {
			if pass.Group != i || l.Variant != arm || l.Failed != "" {
				continue
			}
			for q, x := range l.Quantiles {
				units[q+"-ns/op"] = result.Stat{Median: &x, Lo: &x, Hi: &x, N: int(l.Ops), Better: lab.Lower}
			}
		}
	}
}

// fewestReads is how many clock reads an operation must last for its percentiles to be its own.
const fewestReads = 20

// tooQuick warns where single operations are hardly longer than looking at the clock.
func tooQuick(run *samples.Run) []string {
	var out []string
	for _, pass := range run.Latencies {
		for _, l := range pass.Arms {
			if median, ok := l.Quantiles["p50"]; ok && median < fewestReads*l.ClockCost {
				out = append(out, fmt.Sprintf("%s: the median operation of %s, %.0f ns, is shorter than %d clock reads (%.0f ns each): its percentiles show the clock as much as the operation; read ns/op instead",
					run.Plan.Groups[pass.Group].Key(), l.Variant, median, fewestReads, l.ClockCost))
			}
		}
	}
	return out
}

func (a *analysis) findCase(g plan.Group, arm string) *result.Case {
	for i := range a.out.Cases {
		if c := &a.out.Cases[i]; c.Key == keyOf(g) && c.Variant == arm {
			return c
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
