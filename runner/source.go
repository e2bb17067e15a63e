package runner

import (
	"context"

	"assay/profiles/counters"
	"assay/runner/plan"
	"assay/runner/process"
	"assay/runner/trial"
)

// Source is where the workers of a run come from: this program ([Lab]), or the
// test binaries of two revisions of somebody's module.
type Source interface {
	// Layouts is how many builds there are of every arm.
	Layouts() int
	// Worker starts a process that speaks package wire and holds the arm; for
	// arms that share a process it is asked for the first.
	Worker(g plan.Group, a plan.Arm, layout int) process.Command
	// Check runs the untimed pass of the trial.
	Check(ctx context.Context, g plan.Group, t plan.Trial) ([]trial.Check, error)
	// Profile runs a profiling pass of the trial's only arm.
	Profile(ctx context.Context, g plan.Group, t plan.Trial) (trial.ProfileReport, error)
	// Latency times single operations of every arm.
	Latency(ctx context.Context, g plan.Group, t plan.Trial) ([]trial.Latency, error)
}

// Untimed is a source whose checks read no clock, so that several may run at
// once.
type Untimed interface{ Untimed() }

// Countable is a source whose workers can have their work counted.
type Countable interface {
	// Choose returns the way of counting that a word of --counters means.
	Choose(ctx context.Context, word string) (counters.Way, error)
	// Marked is a worker that holds the arm, or the arms that share a process,
	// and marks its stretches for that way, which leaves its counts in dir. Pass
	// is how often the same was counted before.
	Marked(g plan.Group, a plan.Arm, way counters.Way, dir string, pass int) (process.Command, error)
}

// Lab is the source of the catalog's own cases: builds of this program, one
// per layout; the first runs the untimed passes.
type Lab []process.Command

// Layouts is the number of builds.
func (l Lab) Layouts() int { return len(l) }

// Worker is the build of that layout.
func (l Lab) Worker(_ plan.Group, _ plan.Arm, layout int) process.Command { return l[layout] }

// Choose is [counters.Choose].
func (l Lab) Choose(ctx context.Context, word string) (counters.Way, error) {
	return counters.Choose(ctx, word)
}

// Marked is the first build: a trial tells it to mark.
func (l Lab) Marked(plan.Group, plan.Arm, counters.Way, string, int) (process.Command, error) {
	return l[0], nil
}

// Untimed says that the checks of the catalog's cases only count.
func (l Lab) Untimed() {}

// Check runs the untimed pass in a process of its own.
func (l Lab) Check(ctx context.Context, _ plan.Group, t plan.Trial) (checks []trial.Check, err error) {
	err = report(ctx, l[0], t, &checks)
	return checks, err
}

// Profile runs a profiling pass in a process of its own. The passes go through
// the layouts as the timed restarts do.
func (l Lab) Profile(ctx context.Context, _ plan.Group, t plan.Trial) (got trial.ProfileReport, err error) {
	err = report(ctx, l[max(0, t.Restart-1)%len(l)], t, &got)
	return got, err
}

// Latency runs a latency pass in a process of its own.
func (l Lab) Latency(ctx context.Context, _ plan.Group, t plan.Trial) (arms []trial.Latency, err error) {
	err = report(ctx, l[0], t, &arms)
	return arms, err
}
