// Package runner carries out a plan: it checks every variant's answers, times
// the comparisons in fresh worker processes until they are decided or the
// budget is spent, then profiles, and writes everything to a journal as it comes.
//
// The path of a value: plan -> trial -> slices -> journal -> (package verdict)
// -> result -> (package reports). This package owns the middle, and nothing of
// the statistics.
package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"assay/profiles/counters"
	"assay/runner/clock"
	"assay/runner/lab"
	"assay/runner/plan"
	"assay/runner/process"
	"assay/runner/result"
	"assay/runner/samples"
)

// Runner is what a run needs from its surroundings.
type Runner struct {
	Clock    clock.Clock
	Rooms    []lab.Room
	Source   Source          // of the worker processes
	Helper   process.Command // this program, for the neighbours of scenarios
	Progress func(Progress)  // told about every step; may be nil

	// Program is the file of the program that the workers run, whose machine code
	// is looked at beside CPU profiles; empty: it is not.
	Program string

	// GoVersion is the toolchain of the programs that are measured, where that
	// is not this one's.
	GoVersion string
}

// Progress is where a run stands.
type Progress struct {
	Stage string        // checking, timing, latency, counting, profiling
	What  string        // the group at hand
	Done  float64       // share of the whole run, 0 to 1
	Left  time.Duration // estimate for the whole run; 0: not known
	Note  string        // something to tell once: a verdict reached, a row failed
}

// Run carries out the plan. Ending ctx stops it in good order: what was
// measured is in the journal, and the error is ctx's. Rows that fail are
// recorded and do not stop the others.
func (r *Runner) Run(ctx context.Context, p plan.Plan, j *samples.Journal) error {
	run := &run{Runner: r, plan: p, journal: j, began: r.Clock.Wall()}
	_, run.ahead.check, run.ahead.timing, run.ahead.passes = p.Forecast(r.Rooms)
	for i, g := range p.Groups {
		run.groups = append(run.groups, newGroup(i, g, p, r.Rooms))
	}
	for _, stage := range []func(context.Context) error{run.chooseWays, run.check, run.time, run.latency, run.count, run.profile} {
		if err := stage(ctx); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// run is a plan being carried out.
type run struct {
	*Runner
	plan     plan.Plan
	journal  *samples.Journal
	groups   []*group
	began    time.Duration
	ways     []counters.Way // of counting work
	ahead    outlook
	done     float64 // the share of the run that was told last
	foreseen bool    // that the budget will be exceeded was told
	owing    bool    // the last restart began after the budget had ended
}

// trial is the request that all passes of a group share.
func (r *run) trial(g *group, mode string, arms []plan.Arm, seed uint64) plan.Trial {
	return plan.Trial{
		Mode: mode, Family: g.Family, Op: g.Op, Workload: g.Workload, Arms: arms, Seed: seed,
		SliceNS: g.SliceNS, GC: r.plan.GC, Small: r.plan.Small, Catalog: r.plan.Catalog, Rate: r.plan.LatencyRate,
	}
}

// fail records that a row, or all rows of a group, cannot be measured.
func (r *run) fail(g *group, variant string, why error) error {
	g.failed = true
	r.note(g, "failed: "+why.Error())
	if g.Control { // it has the key of a row that may be sound
		why = fmt.Errorf("null control: %w", why)
	}
	k := result.Key{Family: g.Family, Op: g.Op, Workload: g.Workload, Scenario: g.Scenario}
	return r.journal.Append(samples.Record{Failure: &result.Failure{Key: k, Variant: variant, Reason: why.Error()}})
}

func (r *run) tell(p Progress) {
	if r.Progress != nil {
		r.Progress(p)
	}
}

func (r *run) note(g *group, text string) {
	r.tell(Progress{What: g.Key(), Note: fmt.Sprintf("%s: %s", g.Key(), text)})
}

// now is the time since the run began.
func (r *run) now() time.Duration { return r.Clock.Wall() - r.began }

// isStop tells the end of the run from the failure of a row.
func isStop(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
