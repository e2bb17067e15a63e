package plan

import (
	"time"

	"assay/runner/lab"
	"assay/workloads"
)

// What the parts of a run take for one arm on a quiet machine of two CPUs: a
// constant, and an amount for each entry that the arm has to load first. From
// runs of bloom, flush and lsm with 13 to a million entries; within a factor of
// two, which is what a forecast in minutes needs.
const (
	armCheck     = 150 * time.Millisecond
	armRestart   = 30 * time.Millisecond
	armProfile   = 700 * time.Millisecond
	groupLatency = 600 * time.Millisecond
	oneLink      = 800 * time.Millisecond
	perEntry     = 2 * time.Microsecond
	leastTimed   = 2 // restarts that every group gets, whatever the budget
	// oneShots is how often an arm of a restart prepares an operation that can
	// run once only, such as a flush: a warm-up and a run in two slices of two
	// rounds.
	oneShots = 8
)

// Forecast says how long the plan will take on a quiet machine, before any of
// it is done: building layouts, checking answers, timing, and the passes after
// that (profiles, latencies). Timing takes the budget, or more where the budget
// cannot give every group the restarts that it gets in any case; a run that
// goes on until all is decided takes at least as long.
func (p Plan) Forecast(rooms []lab.Room) (build, check, timing, passes time.Duration) {
	if p.Layouts > 1 {
		build = time.Duration(p.Layouts) * oneLink
	}
	restarts := leastTimed
	if p.MinRestarts == p.MaxRestarts {
		restarts = p.MinRestarts
	}
	least, checked, profiled := time.Duration(0), map[string]bool{}, map[string]bool{}
	for _, g := range p.Groups {
		if g.Control {
			continue
		}
		entries, shots := entriesOf(rooms, g)
		load := time.Duration(min(entries, 1e9)) * perEntry
		arms := time.Duration(len(g.Arms))
		least += time.Duration(restarts) * arms * (armRestart + time.Duration(shots)*load)
		if k := g.Family + "/" + g.Op + "/" + g.Workload; !checked[k] {
			checked[k] = true
			check += arms * (armCheck + load)
		}
		if p.Latency {
			passes += groupLatency + load
		}
		for _, a := range g.Arms {
			for _, kind := range p.Profile {
				if k := g.Family + "/" + g.Op + "/" + a.Variant + "/" + kind; g.Scenario == "" && !profiled[k] {
					profiled[k] = true
					passes += armProfile + load
				}
			}
		}
	}
	return build, check, max(least, time.Duration(p.Budget*float64(time.Second))), passes
}

// entriesOf is how many entries each arm of a group loads, and how often in a
// restart.
func entriesOf(rooms []lab.Room, g Group) (entries, shots int) {
	shots = 1
	if room, err := FindRoom(rooms, g.Family); err == nil {
		if c, err := FindCase(room, g.Op, g.Arms[0].Variant); err == nil {
			entries = c.Count
			if c.Shape.Batches == 1 {
				shots = oneShots
			}
		}
	}
	if spec, err := workloads.Parse(g.Workload); err == nil && spec.Count() > 0 {
		entries = spec.Count()
	}
	return entries, shots
}
