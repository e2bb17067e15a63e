package verdict

import (
	"math"
	"slices"
	"strings"

	"assay/runner/lab"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/samples"
	"assay/runner/sequential"
)

// derive fills in the units that a family leaves to the harness (see
// lab.Unit.Derived), one value per restart.
func (a *analysis) derive(i, n int, g plan.Group, wall []float64, units map[string]result.Stat) {
	for _, u := range a.derivedBy(g) {
		var values []float64
		switch {
		case strings.HasSuffix(u.Name, "/s"):
			for _, ns := range wall {
				values = append(values, 1e9/ns)
			}
		case u.Name == "cpu-ns/op" && a.clockOf(i, g) == "wall": // elsewhere it is ns/op
			values = a.perRestart(i, g.Arms[n].Name, func(r samples.Restart, arm int) float64 {
				cpu := int64(0)
				for j, who := range r.Order {
					if who == arm {
						cpu += r.Process[j]
					}
				}
				return float64(cpu) / float64(max(1, opsOf(r, arm)))
			})
		case u.Name == "gc-cycles/op":
			values = a.perRestart(i, g.Arms[n].Name, func(r samples.Restart, arm int) float64 {
				return float64(r.Endings[arm].GCs) / float64(max(1, opsOf(r, arm)))
			})
		case u.Name == "resident-bytes":
			values = a.perRestart(i, g.Arms[n].Name, func(r samples.Restart, arm int) float64 {
				return float64(r.Endings[arm].Resident)
			})
			if slices.Contains(values, 0) {
				continue // a system that does not say
			}
		}
		if len(values) > 0 {
			units[u.Name] = medianStat(values, u.Better)
		}
	}
}

func (a *analysis) derivedBy(g plan.Group) []lab.Unit {
	room, err := plan.FindRoom(a.rooms, g.Family)
	if err != nil {
		return nil
	}
	var units []lab.Unit
	for _, u := range room.Units {
		if u.Derived {
			units = append(units, u)
		}
	}
	return units
}

// perRestart asks every restart in which the arm had a process of its own.
func (a *analysis) perRestart(i int, name string, f func(r samples.Restart, arm int) float64) []float64 {
	var values []float64
	for _, r := range a.run.Restarts {
		arm := slices.IndexFunc(r.Arms, func(x plan.Arm) bool { return x.Name == name })
		if r.Group == i && arm >= 0 && len(r.Endings) == len(r.Arms) && OwnProcess(a.run.Plan.Groups[i]) {
			values = append(values, f(r, arm))
		}
	}
	return values
}

// opsOf is how many operations an arm ran in a restart.
func opsOf(r samples.Restart, arm int) (ops int64) {
	for j, i := range r.Order {
		if i == arm {
			ops += r.Ops[j]
		}
	}
	return ops
}

// compareDerived judges the derived units that are times in another form:
// operations per second on the wall's clock, whichever decides ns/op, and CPU
// time where that is not what ns/op is.
func (a *analysis) compareDerived(g plan.Group, arm string, pairs []Pair, rules Rules, decided string) {
	for _, u := range a.derivedBy(g) {
		perSecond := strings.HasSuffix(u.Name, "/s")
		asked := pairs
		switch {
		case perSecond: // whatever CPU time says, it is no objection
			rules.Clock, asked = "wall", withoutCPU(pairs)
		case u.Name == "cpu-ns/op" && decided == "wall":
			rules.Clock = "cpu"
		default:
			continue
		}
		j := Judge(asked, rules)
		c := j.Comparison
		c.Key, c.Unit, c.Base, c.Variant = keyOf(g), u.Name, g.Base, arm
		c.Layouts, c.Stopped = layoutsOf(pairs), a.stopped(j, rules)
		if perSecond {
			turnOver(&c)
		}
		a.out.Comparisons = append(a.out.Comparisons, c)
	}
}

func withoutCPU(pairs []Pair) []Pair {
	out := slices.Clone(pairs)
	for i := range out {
		out[i].CPU = math.NaN()
	}
	return out
}

// turnOver makes a comparison of times one of operations per second.
func turnOver(c *result.Comparison) {
	c.Ratio, c.Lo, c.Hi = 1/c.Ratio, 1/c.Hi, over(c.Lo)
	c.Wall, c.CPU, c.P50, c.P99 = nil, nil, nil, nil // they are of times, and stand with ns/op
	turned := map[string]string{
		sequential.Faster.String(): "better", sequential.Slower.String(): "worse", sequential.Same.String(): "equal",
	}
	if word, ok := turned[c.Verdict]; ok {
		c.Verdict = word
	}
}

// over is 1/x where x may be 0: an interval without a bound.
func over(x float64) float64 {
	if x == 0 {
		return math.MaxFloat64
	}
	return 1 / x
}
