package selftest

import (
	"context"
	"fmt"
	"math"
	"time"

	"assay/runner"
	"assay/runner/host"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/samples"
	"assay/runner/stats"
)

// Alpha is the chance of a false alarm that the trials are held to.
const Alpha = 0.01

// Options are the user's choices.
type Options struct {
	Budget time.Duration // of the whole self-test
	Seed   uint64
	Root   string // of the file system that describes the host
	Tell   func(what string, done float64, left time.Duration)
}

const (
	schema     = "assay-selftest/1"
	threshold  = 0.0025 // of the trials: half the smallest slowdown that is planted
	perPair    = 1.25   // seconds: what `go test -bench` takes by default for one sample, for both arms
	confidence = 0.95

	alarmShare, powerShare, profilingShare = 0.45, 0.45, 0.05
)

// Run measures the laboratory for about the budget. The runner must know [Room].
// When ctx ends it returns
// what it has, marked partial.
func Run(ctx context.Context, r runner.Runner, o Options) (Report, error) {
	t := &tester{Runner: r, options: o, began: r.Clock.Wall()}

	t.Progress = nil
	t.report = Report{Schema: schema, Seed: o.Seed, Threshold: threshold, Alpha: Alpha, Host: host.Inspect(o.Root), Warnings: []string{}}
	err := t.all(ctx)
	t.report.Partial = ctx.Err() != nil
	if t.report.Partial {
		err = nil
	}
	t.summarise()
	t.report.Seconds = (r.Clock.Wall() - t.began).Seconds()
	if text := overspent(o.Budget.Seconds(), t.report.Seconds); text != "" && !t.report.Partial {
		t.report.Warnings = append(t.report.Warnings, text)
	}
	return t.report, err
}

// Least is about how long a self-test takes whatever the budget: one run in
// which nothing changed, each slowdown planted once, and the least of profiling.
func Least() time.Duration {
	comparisons := len(family.Ops)*len(family.Workloads) + len(effects()) + leastProfiled
	return time.Duration(perPair * float64(comparisons) * float64(time.Second))
}

// tolerated is how far a self-test may go past its budget without a word: a
// comparison that has begun is finished.
const tolerated = 1.25

// overspent says by what the budget was exceeded, and why.
func overspent(budget, took float64) string {
	if took <= tolerated*budget {
		return ""
	}
	return fmt.Sprintf("the budget of %.3g s was exceeded by %.3g s: a self-test has at least %d comparisons without a change, %d with a slowdown and %d under the profiler, of up to %g s each: give --budget %.0fs or more",
		budget, took-budget, len(family.Ops)*len(family.Workloads), len(effects()), leastProfiled, perPair, math.Ceil(math.Max(took, Least().Seconds())))
}

type tester struct {
	runner.Runner
	options Options
	began   time.Duration
	report  Report
	trials  int // plans carried out so far: each has a seed of its own

	covered, intervals int
	errors             []float64
}

func (t *tester) all(ctx context.Context) error {
	t.report.Overhead = overhead(t.Clock)
	budget := t.options.Budget.Seconds()
	if err := t.alarms(ctx, t.spent()+alarmShare*budget); err != nil {
		return err
	}
	if err := t.power(ctx, t.spent()+powerShare*budget); err != nil {
		return err
	}
	return t.profiling(ctx, t.spent()+profilingShare*budget)
}

func (t *tester) spent() float64 { return (t.Clock.Wall() - t.began).Seconds() }

func (t *tester) tell(what string) {
	total := max(t.options.Budget, Least()).Seconds()
	if t.options.Tell != nil {
		t.options.Tell(what, math.Min(1, t.spent()/total), time.Duration(math.Max(0, total-t.spent())*float64(time.Second)))
	}
}

// plan is the next comparison of kernels with themselves, a slowdown planted in
// the second arm where effect is above 0.
func (t *tester) plan(selection []string, workloads []string, seconds, effect float64) (plan.Plan, error) {
	t.trials++
	o := plan.Options{
		Name: "selftest", Select: selection, Workloads: workloads,
		Seed: plan.Mix(t.options.Seed, t.trials), Budget: time.Duration(seconds * float64(time.Second)),
	}
	if effect > 0 {
		o.Inject = map[string]float64{variant + "#2": effect}
	}
	return Plan(t.Rooms, o)
}

// carry runs a plan and returns its comparisons by time.
func (t *tester) carry(ctx context.Context, p plan.Plan) ([]result.Comparison, *samples.Run, error) {
	return Carry(ctx, t.Runner, p, samples.Head{Host: t.report.Host})
}

// judge books a finished comparison against the truth.
func (t *tester) judge(c result.Comparison, truth float64) {
	t.intervals++
	if c.Lo <= truth && truth <= c.Hi {
		t.covered++
	}
	t.errors = append(t.errors, math.Abs(c.Ratio/truth-1))
	t.report.Trials = append(t.report.Trials, Trial{c.Op, c.Workload, truth, c.Ratio, c.Lo, c.Hi, c.Verdict, c.Restarts})
}

func (t *tester) summarise() {
	t.report.Coverage = share(t.covered, t.intervals)
	if n := len(t.errors); n > 0 {
		t.report.Errors = Errors{Median: stats.Median(t.errors), P90: stats.Quantile(t.errors, .9), N: n}
	}
}

// share is k of n with its Clopper-Pearson interval.
func share(k, n int) Figure {
	if n == 0 {
		return Figure{Hi: 1}
	}
	i := stats.ClopperPearson(k, n, confidence)
	return Figure{Value: float64(k) / float64(n), Lo: i.Lo, Hi: i.Hi, K: k, N: n}
}
