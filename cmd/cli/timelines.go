package cli

import (
	"slices"

	"assay/reports/view"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/samples"
	"assay/runner/stats"
)

// timelinePoints is how many slices all timelines of a report keep together: a
// page can hold about ten bytes for each.
const timelinePoints = 12_000

// timelines are the slices of every group in the order measured, thinned to a
// common number of points. Floors are left out: an empty loop's noise says
// nothing about a variant's.
func timelines(run *samples.Run, r result.Result, clocks map[groupArm]string) []view.Timeline {
	floors := map[groupArm]bool{}
	for _, c := range r.Cases {
		floors[groupArm{c.Key, c.Variant}] = c.Null
	}
	restarts, arms := make([][]samples.Restart, len(run.Plan.Groups)), 0
	for _, sample := range run.Restarts {
		if !run.Plan.Groups[sample.Group].Control {
			restarts[sample.Group] = append(restarts[sample.Group], sample)
			arms += len(sample.Arms)
		}
	}
	each := timelinePoints / max(1, arms) // of one arm in one restart
	var out []view.Timeline
	for i, g := range run.Plan.Groups {
		if len(restarts[i]) > 0 {
			g.Arms = slices.DeleteFunc(slices.Clone(g.Arms), func(a plan.Arm) bool { return floors[groupArm{keyOf(g), a.Name}] })
			out = append(out, timeline(g, restarts[i], clockOf(g, clocks), max(2, each)))
		}
	}
	return out
}

// timeline is one group's, with at most n slices per arm and restart.
func timeline(g plan.Group, restarts []samples.Restart, clock string, n int) view.Timeline {
	t := view.Timeline{Key: keyOf(g), Clock: clock}
	place, all, medians := map[string]int{}, make([][]float64, len(g.Arms)), make([][]float64, len(g.Arms))
	for i, a := range g.Arms {
		place[a.Name] = i
	}
	for _, r := range restarts {
		t.Slices += len(r.Order)
		times := slicesOf(r, clock)
		t.Restarts = append(t.Restarts, thinned(r, times, place, n))
		for a, mine := range times {
			at, known := place[r.Arms[a].Name]
			if !known || len(mine) == 0 {
				continue
			}
			values := make([]float64, len(mine))
			for i, s := range mine {
				values[i] = s.ns
			}
			all[at] = append(all[at], values...)
			medians[at] = append(medians[at], stats.Median(values))
		}
	}
	for i, a := range g.Arms {
		arm := view.TimelineArm{Name: a.Name}
		if len(all[i]) > 0 {
			arm.Median, arm.P5, arm.P95 = stats.Median(all[i]), stats.Quantile(all[i], .05), stats.Quantile(all[i], .95)
		}
		if third := len(medians[i]) / 3; third > 0 {
			arm.Drift = stats.Median(medians[i][len(medians[i])-third:]) / stats.Median(medians[i][:third])
		}
		t.Arms = append(t.Arms, arm)
	}
	return t
}

// groupArm names one arm of one group.
type groupArm struct {
	result.Key
	arm string
}

func keyOf(g plan.Group) result.Key {
	return result.Key{Family: g.Family, Op: g.Op, Workload: g.Workload, Scenario: g.Scenario}
}

// clockOf is the clock a group's times are shown on: one for all its arms, so
// that they can stand beside each other.
func clockOf(g plan.Group, clocks map[groupArm]string) string {
	for _, a := range g.Arms {
		if clocks[groupArm{keyOf(g), a.Name}] == "wall" {
			return "wall"
		}
	}
	if g.Isolated {
		return "process"
	}
	return "cpu"
}

// slice is one slice of an arm: its place in the restart and its time.
type slice struct {
	at int
	ns float64 // per operation
}

// slicesOf are the slices of a restart by arm, on one clock.
func slicesOf(r samples.Restart, clock string) [][]slice {
	took := map[string][]int64{"wall": r.Wall, "process": r.Process, "cpu": r.Thread}[clock]
	out := make([][]slice, len(r.Arms))
	for j, a := range r.Order {
		out[a] = append(out[a], slice{j, float64(took[j]) / float64(r.Ops[j])})
	}
	return out
}

// thinned keeps of every arm at most n slices of a restart: the fastest and the
// slowest of n/2 parts of equal length.
func thinned(r samples.Restart, times [][]slice, place map[string]int, n int) view.TimelineRestart {
	keep := make([]bool, len(r.Order))
	values := make([]float64, len(r.Order))
	for _, mine := range times {
		parts := min(n/2, len(mine))
		for p := range parts {
			part := mine[p*len(mine)/parts : (p+1)*len(mine)/parts]
			least, most := part[0], part[0]
			for _, s := range part {
				if s.ns < least.ns {
					least = s
				}
				if s.ns > most.ns {
					most = s
				}
			}
			for _, s := range []slice{least, most} {
				keep[s.at], values[s.at] = true, s.ns
			}
		}
	}
	out := view.TimelineRestart{At: r.At}
	passed := int64(0)
	for j, a := range r.Order {
		if at, known := place[r.Arms[a].Name]; keep[j] && known {
			out.Arm, out.Off, out.Ns = append(out.Arm, at), append(out.Off, float64(passed)/1e9), append(out.Ns, values[j])
		}
		passed += r.Wall[j]
	}
	return out
}
