package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"assay/profiles/why"
	"assay/reports"
	"assay/runner"
	"assay/runner/host"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/samples"
	"assay/runner/verdict"
)

// runFlags are the words of `assay run`.
type runFlags struct {
	options                     plan.Options
	layouts, rate               string
	variants, inject, scenarios []string
	common
}

func newRun(a *app) *cobra.Command {
	f := &runFlags{}
	c := &cobra.Command{
		Use:   "run [FAMILY[/OP[/VARIANT]]]...",
		Short: "Measure and compare variants",
		Long: "Measures the selected operations and compares every variant with the base.\n" +
			"Each part of a selection is a comma list with * and ?. Without a selection it\n" +
			"runs the headline comparisons of every family.",
		Example: "  assay run page/get-hit --budget 20s\n" +
			"  assay run page/get-hit --variants raw,nibble --counters simulated\n" +
			"  assay run page/fill --workload realistic --workload full --json\n" +
			"  assay run page/get-hit --variants nibble,nibble --inject nibble#2=2%\n" +
			"  assay run page/get-hit --variants raw,nibble --sweep count=500,2k,20k,200k\n" +
			"  assay run page/get-hit --variants raw,nibble --scenario alone,cpu,memory",
		RunE: func(c *cobra.Command, args []string) error { return a.run(c.Context(), f, args) },
	}
	o := &f.options
	flags := c.Flags()
	f.register(flags, "run")
	seedFlag(flags, &o.Seed)
	restartsFlag(flags, &o.Restarts)
	flags.StringArrayVar(&o.Workloads, "workload", nil, "workload `SPEC`, such as realistic or keys=uniform:0-1000,count=5000 (repeatable)")
	flags.StringSliceVar(&f.variants, "variants", nil, "comma list of variants; one named twice is compared with itself")
	flags.StringVar(&o.Base, "base", "", "the `VARIANT` others are compared with")
	flags.DurationVar(&o.Budget, "budget", 30*time.Second, "time for the timed restarts of the whole run")
	flags.StringVar(&f.layouts, "layouts", "auto", "builds of assay with the code in different places, one drawn per restart: a number, or auto")
	flags.BoolVar(&o.UntilDecided, "until-decided", false, "go on past the budget until every row is decided")
	flags.StringVar(&o.GC, "gc", "default", "garbage collector of the workers: default, off or a GOGC percentage")
	flags.StringVar(&o.Clock, "clock", "auto", "clock that decides: auto, cpu or wall")
	countersFlag(flags, &o.Counters)
	flags.StringSliceVar(&f.scenarios, "scenario", nil, "repeat beside a neighbour: alone,cpu,memory,disk,gc, or one of the family's own that assay list shows")
	flags.StringVar(&o.Sweep, "sweep", "", "sizes to sweep, such as count=100,1k,10k,54k")
	flags.StringArrayVar(&f.inject, "inject", nil, "plant a known slowdown, `VARIANT=SHARE`, to test the tester")
	flags.BoolVar(&o.Latency, "latency", false, "add percentiles of single operations from a pass of its own")
	flags.StringVar(&f.rate, "rate", "", "like --latency, with operations issued at this rate (open loop), such as 1000/s")
	flags.BoolVar(&o.Smoke, "smoke", false, "smallest sizes and two restarts: does everything run?")
	flags.BoolVar(&o.Full, "full", false, "every operation, variant and workload of the selection")
	flags.BoolVar(&o.Ladder, "ladder", false, "tell a family's published story step by step, such as run lsm --ladder")
	return c
}

func (a *app) run(ctx context.Context, f *runFlags, args []string) error {
	p, err := a.plan(f, args)
	if err != nil {
		return err
	}
	if err := free(&f.common); err != nil {
		return err
	}
	if err := countable(ctx, p); err != nil {
		return err
	}
	if _, err := machine(""); err != nil { // damaged prices are told before there is a folder
		return err
	}
	a.forecast(p)
	release, err := a.lock(ctx, f.turn)
	if err != nil {
		return err
	}
	defer release()
	workers, clean, err := a.workers(ctx, &p)
	if err != nil {
		return err
	}
	defer clean()
	dir, err := a.folder(&f.common)
	if err != nil {
		return err
	}
	self, err := os.Executable() // its layouts hold the same functions in other places, without debugging information
	if err != nil {
		return err
	}
	stored, err := a.measure(ctx, p, dir, runner.Runner{Source: runner.Lab(workers), Helper: workers[0], Program: self}, nil)
	if err != nil {
		return err
	}
	return a.conclude(ctx, &f.common, stored)
}

// forecast says beforehand how long a run will take that takes a minute or
// more, or longer than its budget.
func (a *app) forecast(p plan.Plan) {
	build, check, timing, passes := p.Forecast(a.rooms)
	total, budget := build+check+timing+passes, time.Duration(p.Budget*float64(time.Second))
	beyond := timing > budget+budget/2 && p.MinRestarts < p.MaxRestarts && !p.UntilDecided
	if total < time.Minute && !beyond {
		return
	}
	about := "about"
	if p.UntilDecided {
		about = "at least"
	}
	text := fmt.Sprintf("checks %s, timing %s", minutes(check), minutes(timing))
	if beyond {
		text += fmt.Sprintf(" instead of the budget of %v, because of the restarts that every comparison gets", budget)
	}
	if build > 0 {
		text = fmt.Sprintf("layouts %s, ", minutes(build)) + text
	}
	if passes > 0 {
		text += fmt.Sprintf(", profiles and latencies %s", minutes(passes))
	}
	fmt.Fprintf(a.Err, "assay: this will take %s %s on a quiet machine: %s\n", about, minutes(total), text)
}

func minutes(d time.Duration) string {
	if d < 90*time.Second {
		return fmt.Sprintf("%.0f s", math.Ceil(d.Seconds()))
	}
	return fmt.Sprintf("%.0f min", math.Ceil(d.Minutes()))
}

// plan turns flags and selections into a plan.
func (a *app) plan(f *runFlags, args []string) (plan.Plan, error) {
	o := f.options
	o.Select, o.Name, o.Command = args, f.name, append([]string{"assay", "run"}, os.Args[min(2, len(os.Args)):]...)
	o.Variants, o.Scenarios = words(f.variants), words(f.scenarios)
	var err error
	if o.Threshold, o.Alpha, o.Profile, err = f.rules(); err != nil {
		return plan.Plan{}, err
	}
	if o.Layouts, err = a.layouts(f); err != nil {
		return plan.Plan{}, err
	}
	if o.Inject, err = injections(f.inject); err != nil {
		return plan.Plan{}, err
	}
	if o.Rate, err = rate(f.rate); err != nil {
		return plan.Plan{}, err
	}
	o.Latency = o.Latency || o.Rate > 0
	if o.Budget <= 0 {
		return plan.Plan{}, fmt.Errorf("--budget %v: give a time above 0, such as 30s", o.Budget)
	}
	p, err := plan.Make(a.rooms, o)
	if err != nil {
		return plan.Plan{}, err
	}
	return p, readable(p)
}

// measure carries out the plan with the runner's source and reads the stored
// run back. What is known before it begins goes into the journal first.
func (a *app) measure(ctx context.Context, p plan.Plan, dir string, r runner.Runner, known []samples.Record) (*samples.Run, error) {
	h := host.Inspect(a.Root)
	if r.GoVersion != "" {
		h.GoVersion = r.GoVersion
	}
	prices, err := machine(h.CPU)
	if err != nil {
		return nil, err
	}
	head := samples.Head{Started: a.Clock.Now().UTC().Format(time.RFC3339), Commit: commit(), Host: h, Machine: prices}
	j, err := samples.Create(dir, p, head)
	if err != nil {
		return nil, err
	}
	for _, w := range h.Warnings {
		fmt.Fprintf(a.Err, "assay: %s\n", w)
	}
	fmt.Fprintf(a.Err, "assay: seed %d, %s, results in %s\n", p.Seed, times(p.Rows, "comparison"), dir)
	watch := host.Watch(a.Root, a.Clock, time.Second)
	bar := newProgress(a.Err, a.Clock)
	r.Clock, r.Rooms, r.Progress = a.Clock, a.rooms, bar.show
	for _, k := range known {
		err = errors.Join(err, j.Append(k))
	}
	if err == nil {
		err = r.Run(ctx, p, j)
	}
	bar.done()
	during := watch.Stop()
	h.Warnings = append(h.Warnings, during.Warnings(h.CPUs)...)
	partial := err != nil
	if partial && ctx.Err() == nil {
		return nil, errors.Join(err, j.Close())
	}
	err = j.Append(samples.Record{Tail: &samples.Tail{Partial: partial, Host: h}})
	if err := errors.Join(err, j.Close()); err != nil {
		return nil, err
	}
	return samples.Open(dir)
}

// conclude reports a run and turns it into an exit code.
func (a *app) conclude(ctx context.Context, f *common, run *samples.Run) error {
	r, err := a.analyse(run)
	if err != nil {
		return err
	}
	v, err := a.view(run, r)
	if err != nil {
		return err
	}
	unwritten := writeReports(run.Dir, r, v)
	if err := a.print(f, v, r); err != nil { // what was measured is told, written or not
		return err
	}
	if unwritten != nil {
		return fmt.Errorf("%w; what was measured is kept: make room, then `assay report %s`", unwritten, run.Dir)
	}
	fmt.Fprintf(a.Err, "assay: %s\n", filepath.Join(run.Dir, "report", "index.html"))
	switch {
	case ctx.Err() != nil:
		return exit{exitInterrupted, fmt.Errorf("interrupted: what was measured is in %s", run.Dir)}
	case len(r.Wrong) > 0:
		return exit{exitRegression, fmt.Errorf("WRONG: %s answers wrongly at %s: %s", r.Wrong[0].Variant, r.Wrong[0].At, r.Wrong[0].Detail)}
	case len(r.Failed) > 0:
		return exit{exitError, unmeasured(r.Failed)}
	case f.strict && undecided(r) > 0:
		return exit{exitUndecided, fmt.Errorf("undecided: %s; give more --budget or a larger --threshold", times(undecided(r), "row"))}
	}
	return nil
}

// unmeasured names the first row that failed by what a selection would call it.
func unmeasured(rows []result.Failure) error {
	first := rows[0]
	name := first.Family + "/" + first.Op
	if first.Variant != "" {
		name += "/" + first.Variant
	}
	return fmt.Errorf("%s could not be measured; the first: %s: %s", times(len(rows), "row"), name, firstLine(first.Reason))
}

// analyse derives what a stored run found, and why where its profiles say.
func (a *app) analyse(run *samples.Run) (result.Result, error) {
	if err := priced(run); err != nil {
		return result.Result{}, err
	}
	r := verdict.Analyse(run, a.rooms)
	return r, why.Explain(run, &r)
}

func undecided(r result.Result) int {
	n := 0
	for _, c := range r.Comparisons {
		if c.Verdict == "undecided" {
			n++
		}
	}
	return n
}

func (a *app) print(f *common, v reports.View, r result.Result) error {
	if f.json {
		data, err := samples.EncodeResult(r)
		if err != nil {
			return err
		}
		_, err = a.Out.Write(data)
		return err
	}
	if f.format == "text" {
		return reports.Text(a.Out, v, reports.TextOptions{Colour: colour(a.Out), Width: width(a.Out)})
	}
	format, err := formatNamed(f.format)
	if err != nil {
		return err
	}
	return format.Write(v, a.Out)
}

func formatNamed(name string) (reports.Format, error) {
	var names []string
	for _, f := range reports.Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return reports.Format{}, fmt.Errorf("unknown format %q%s", name, suggestFrom(name, names))
}
