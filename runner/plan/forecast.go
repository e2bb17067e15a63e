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
	armCheck     = 75 * time.Millisecond // two groups are checked at once
	armRestart   = 30 * time.Millisecond
	armProfile   = 700 * time.Millisecond
	firstPass    = 100 * time.Millisecond // of a profile
	groupLatency = 600 * time.Millisecond
	oneLink      = time.Second
	perEntry     = 2 * time.Microsecond // checked against a model, or written by a one-shot
	perLoaded    = 300 * time.Nanosecond
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
	var least, first, profiles time.Duration
	checked, profiled := map[string]bool{}, map[string]bool{}
	for _, g := range p.Groups {
		if g.Control {
			continue
		}
		load, restart := p.costsOf(rooms, g)
		arms := time.Duration(len(g.Arms))
		least += time.Duration(restarts) * arms * restart
		if k := g.Family + "/" + g.Op + "/" + g.Workload; !checked[k] {
			checked[k] = true
			check += arms * (armCheck + load/2)
		}
		if p.Latency {
			passes += groupLatency + load
		}
		for _, a := range g.Arms {
			for _, kind := range p.Profile {
				if k := g.Family + "/" + g.Op + "/" + a.Variant + "/" + kind; g.Scenario == "" && !profiled[k] {
					profiled[k] = true
					first += firstPass + load
					profiles += armProfile + load
				}
			}
		}
	}
	passes += min(profiles, max(first, p.MostProfiling()))
	return build, check, max(least, time.Duration(p.Budget*float64(time.Second))), passes
}

// costsOf are what it takes an arm of a group to load its entries and check
// them, and what a restart takes it.
func (p Plan) costsOf(rooms []lab.Room, g Group) (load, restart time.Duration) {
	count, oneShot := entriesOf(rooms, g)
	entries := time.Duration(min(count, 1e9)) // no more, or the product overflows
	load = entries * perEntry
	if oneShot && !p.Small {
		return load, armRestart + oneShots*load
	}
	return load, armRestart + entries*perLoaded
}

// entriesOf is how many entries each arm of a group loads, and whether it can
// use them once only.
func entriesOf(rooms []lab.Room, g Group) (entries int, oneShot bool) {
	if room, err := FindRoom(rooms, g.Family); err == nil {
		if c, err := FindCase(room, g.Op, g.Arms[0].Variant); err == nil {
			entries, oneShot = c.Count, c.Shape.Batches == 1
		}
	}
	if spec, err := workloads.Parse(g.Workload); err == nil && spec.Count() > 0 {
		entries = spec.Count()
	}
	return entries, oneShot
}
