package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"assay/runner"
	"assay/runner/gobench"
	"assay/runner/result"
	"assay/runner/samples"
	"assay/runner/verdict"
)

// abFlags are the words of `assay ab`.
type abFlags struct {
	options gobench.Options
	layouts string
	common
}

func newAB(a *app) *cobra.Command {
	f := &abFlags{}
	c := &cobra.Command{
		Use:   "ab [PACKAGE]... [-- GO-TEST-FLAG...]",
		Short: "Compare the benchmarks of two revisions of a Go module",
		Long: "Builds the benchmarks of two revisions of the Go module here, runs them side by\n" +
			"side in short alternating slices, and says which became slower or faster, by how\n" +
			"much and how sure that is. Without --base it compares the working tree with the\n" +
			"merge base of the default branch. The checkout is not touched. Flags after --\n" +
			"go to go test. Exit code 1 means a confirmed regression, 2 that rows are missing.\n" +
			"With --counters, what each iteration does is counted too, under Valgrind and on\n" +
			"one CPU: instructions do not care how busy the machine is.",
		Example: "  assay ab\n" +
			"  assay ab ./codec --base v1.2.0 --bench 'Decode/small' --budget 10s\n" +
			"  assay ab --base HEAD~1 --head HEAD -- -tags purego -cpu 1,2\n" +
			"  assay ab --base HEAD~1 --counters simulated\n" +
			"  assay ab --bin old.test --bin new.test",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if n := c.ArgsLenAtDash(); n >= 0 {
				args, f.options.Pass = args[:n], args[n:]
			}
			f.options.Packages = args
			return a.ab(c.Context(), f)
		},
	}
	o := &f.options
	flags := c.Flags()
	f.register(flags, "ab")
	seedFlag(flags, &o.Seed)
	restartsFlag(flags, &o.Restarts)
	flags.StringVar(&o.Base, "base", "", "the old `REVISION` (default: the merge base with the default branch)")
	flags.StringVar(&o.Head, "head", "worktree", "the new `REVISION`, or worktree: the files as they are")
	flags.StringArrayVar(&o.Bins, "bin", nil, "a test `BINARY` built elsewhere; give it twice, old then new")
	flags.StringVar(&o.Bench, "bench", ".", "benchmarks to run, a `REGEXP` as for go test -bench")
	flags.DurationVar(&o.Each, "budget", 5*time.Second, "time for the timed restarts of each benchmark")
	flags.StringVar(&f.layouts, "layouts", "auto", "builds of each side with the code in different places: a number, or auto (8 to 24 from 5s of --budget on, by what a link takes)")
	countersFlag(flags, &o.Counters)
	flags.DurationVar(&o.Patience, "patience", 2*time.Minute, "how long a benchmark may take for one iteration before it counts as hung")
	return c
}

func (a *app) ab(ctx context.Context, f *abFlags) error {
	if err := a.abOptions(f); err != nil {
		return err
	}
	if err := free(&f.common); err != nil {
		return err
	}
	release, err := a.lock(ctx, f.turn)
	if err != nil {
		return err
	}
	defer release()
	p, err := gobench.Prepare(ctx, f.options)
	switch {
	case ctx.Err() != nil:
		if err == nil {
			p.Close()
		}
		return tooEarly()
	case err != nil:
		return err
	}
	defer p.Close()
	fmt.Fprintf(a.Err, "assay: base is %s, head is %s\n", p.Base, p.Head)
	for _, w := range p.Warnings {
		fmt.Fprintf(a.Err, "assay: %s\n", w)
	}
	dir, err := a.folder(&f.common)
	if err != nil {
		return err
	}
	known := []samples.Record{{Warning: "base is " + p.Base + ", head is " + p.Head}}
	for _, w := range p.Warnings {
		known = append(known, samples.Record{Warning: w})
	}
	for i := range p.Failures {
		known = append(known, samples.Record{Failure: &p.Failures[i]})
	}
	stored, err := a.measure(ctx, p.Plan, dir, runner.Runner{Source: p.Source, Helper: f.options.Helper, GoVersion: p.GoVersion}, known)
	if err != nil {
		return err
	}
	if err := a.conclude(ctx, &f.common, stored); err != nil {
		var e exit
		if !errors.As(err, &e) || e.code != exitUndecided {
			return err
		}
		if worse := regression(verdict.Analyse(stored, a.rooms)); worse != nil {
			return worse
		}
		return err
	}
	return regression(verdict.Analyse(stored, a.rooms))
}

// abOptions turns flags into options.
func (a *app) abOptions(f *abFlags) error {
	o := &f.options
	if o.Each <= 0 {
		return fmt.Errorf("--budget %v: give a time above 0, such as 5s", o.Each)
	}
	if o.Patience <= 0 {
		return fmt.Errorf("--patience %v: give a time above 0, such as 2m", o.Patience)
	}
	var err error
	if o.Threshold, o.Alpha, o.Profile, err = f.rules(); err != nil {
		return err
	}
	if f.layouts != "auto" {
		if _, err := fmt.Sscanf(f.layouts+"\n", "%d\n", &o.Layouts); err != nil || o.Layouts < 1 || o.Layouts > 64 {
			return fmt.Errorf("--layouts %q: give auto or a number from 1 to 64", f.layouts)
		}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	o.Dir, o.Name, o.Command, o.Clock = ".", f.name, append([]string{"assay"}, os.Args[1:]...), a.Clock
	o.Helper = command{Path: self, Args: []string{"bench-worker"}}
	o.Say = func(text string) {
		if isTerminal(a.Err) { // elsewhere a mistake is the only line there is
			fmt.Fprintf(a.Err, "assay: %s\n", text)
		}
	}
	return nil
}

// regression is the exit of a run that confirms one: a time whose verdict is
// slower, or an exact count that grew by more than the threshold.
func regression(r result.Result) error {
	var first *result.Comparison
	n := 0
	for i, c := range r.Comparisons {
		if c.Verdict == "slower" || c.Verdict == "worse" && !within(c.Ratio, r.Threshold) {
			if n++; first == nil {
				first = &r.Comparisons[i]
			}
		}
	}
	if first == nil {
		return nil
	}
	return exit{exitRegression, fmt.Errorf("%d confirmed regressions; the first: %s/%s: %s %s", n, first.Family, first.Op, first.Unit, change(*first))}
}

func within(ratio, threshold float64) bool {
	return ratio <= 1+threshold && ratio >= 1/(1+threshold)
}

func change(c result.Comparison) string {
	if c.Verdict == "worse" && c.Ratio > 1e6 {
		return "grew from 0"
	}
	return fmt.Sprintf("%+.1f%%", 100*(c.Ratio-1))
}

func newWholeWorker(a *app) *cobra.Command {
	return &cobra.Command{
		Use:    "bench-worker",
		Short:  "Serve slices of a test binary by whole runs",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return gobench.ServeWhole(c.Context(), a.In, os.NewFile(answersFD, "answers"), os.Getenv)
		},
	}
}
