package verdict

import (
	"assay/runner/lab"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/sketch"
	"assay/workloads"
)

// sketches sets what every timed variant should cost, by its operation's
// sketch and the prices of the run's machine, beside what it did cost.
func (a *analysis) sketches() []sketch.Told {
	var out []sketch.Told
	for _, g := range a.run.Plan.Groups {
		if g.Control || g.Scenario != "" { // prices are those of a machine left alone
			continue
		}
		for _, arm := range g.Arms {
			if t, ok := a.sketch(g, arm); ok {
				out = append(out, t)
			}
		}
	}
	return out
}

func (a *analysis) sketch(g plan.Group, arm plan.Arm) (sketch.Told, bool) {
	c, measured := a.caseOf(g, arm.Variant), a.findCase(g, arm.Name)
	if measured == nil || c.Null {
		return sketch.Told{}, false
	}
	ns, timed := measured.Units["ns/op"]
	if !timed {
		return sketch.Told{}, false
	}
	t, ok := sketch.Price(c.Sketch, a.run.Head.Machine, arm.Variant, loaded(g, c), exactOf(*measured))
	if wall, has := measured.Units["wall-ns/op"]; has && t.Clock == "wall" {
		ns = wall // CPU time knows nothing of what waits
	}
	t.Family, t.Op, t.Workload, t.Scenario, t.Variant = g.Family, g.Op, g.Workload, g.Scenario, arm.Name
	return t.Beside(ns.Value()), ok
}

// loaded is how many entries the group's workload loads.
func loaded(g plan.Group, c lab.Case) int {
	if spec, err := workloads.Parse(g.Workload); err == nil && spec.Count() > 0 {
		return spec.Count()
	}
	return c.Count
}

// exactOf looks up what was counted of a case.
func exactOf(c result.Case) func(string) (float64, bool) {
	return func(unit string) (float64, bool) {
		s, ok := c.Units[unit]
		return s.Value(), ok && s.Exact
	}
}
