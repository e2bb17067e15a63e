package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"assay/reports/table"
	"assay/runner"
	"assay/runner/selftest"
)

func newSelftest(a *app) *cobra.Command {
	var (
		o      selftest.Options
		asJSON bool
		turn   turn
	)
	c := &cobra.Command{
		Use:   "selftest",
		Short: "Measure assay itself on this machine",
		Long: "Measures assay by its own means: false alarms where nothing changed, planted\n" +
			"slowdowns found, intervals that hold the truth, and what measuring costs.",
		Example: "  assay selftest --budget 2m\n  assay selftest --json",
		Args:    noWords,
		RunE: func(c *cobra.Command, _ []string) error {
			if o.Budget < time.Second {
				return fmt.Errorf("--budget %v: a self-test needs at least 1s, and 2m to say much", o.Budget)
			}
			release, err := a.lock(c.Context(), turn)
			if err != nil {
				return err
			}
			defer release()
			self, err := os.Executable()
			if err != nil {
				return err
			}
			bar := newProgress(a.Err, a.Clock)
			o.Root = a.Root
			o.Tell = func(what string, done float64, left time.Duration) {
				bar.show(runner.Progress{Stage: "selftest", What: what, Done: done, Left: left})
			}
			fmt.Fprintf(a.Err, "assay: seed %d\n", o.Seed)
			if least := selftest.Least(); o.Budget < least {
				fmt.Fprintf(a.Err, "assay: the budget of %v will be exceeded: a self-test takes about %s at the least\n", o.Budget, minutes(least))
			}
			r := runner.Runner{Clock: a.Clock, Rooms: a.rooms, Source: runner.Lab{{Path: self, Args: []string{"worker"}}}, Helper: command{Path: self}}
			report, err := selftest.Run(c.Context(), r, o)
			bar.done()
			if err != nil {
				return err
			}
			for _, w := range report.Warnings {
				fmt.Fprintf(a.Err, "assay: %s\n", w)
			}
			if err := a.printSelftest(report, asJSON); err != nil {
				return err
			}
			if report.Partial {
				return exit{exitInterrupted, errors.New("interrupted: the figures above rest on what was measured until then")}
			}
			return nil
		},
	}
	c.Flags().DurationVar(&o.Budget, "budget", 2*time.Minute, "time to spend")
	seedFlag(c.Flags(), &o.Seed)
	jsonFlag(c.Flags(), &asJSON, "JSON")
	turn.register(c.Flags())
	return c
}

func (a *app) printSelftest(r selftest.Report, asJSON bool) error {
	if asJSON {
		return a.encode(r)
	}
	t := table.Table{Columns: []table.Column{
		{Title: "figure"}, {Title: "value", Right: true}, {Title: "95 % interval", Right: true}, {Title: "n", Right: true}, {Title: "what users have", Right: false},
	}}
	row := func(name, value, interval string, n int, beside string) {
		t.Rows = append(t.Rows, []table.Cell{{Text: name}, {Text: value}, {Text: interval}, {Text: fmt.Sprint(n)}, {Text: beside, Tone: table.Dim}})
	}
	percent := func(f selftest.Figure) (string, string) {
		return fmt.Sprintf("%.1f%%", 100*f.Value), fmt.Sprintf("[%.1f %.1f]", 100*f.Lo, 100*f.Hi)
	}
	v, i := percent(r.Alarms.Run)
	row(fmt.Sprintf("false alarms per run of %d rows", r.Alarms.RowsPerRun), v, i, r.Alarms.Run.N, "")
	v, i = percent(r.Alarms.Row)
	row("false alarms per row", v, i, r.Alarms.Row.N, "26% (33 of 120)")
	for _, p := range r.Power {
		v, i = percent(p.Found)
		beside := ""
		if p.Effect == 0.10 {
			beside = "38% (8 of 21)"
		}
		row(fmt.Sprintf("%g%% slowdown found in %gs", 100*p.Effect, p.Budget), v, i, p.Found.N, beside)
		row("  share of 40 restarts used", fmt.Sprintf("%.0f%%", 100*p.Share), "", p.Found.N, "100%")
	}
	v, i = percent(r.Coverage)
	row("95% intervals that hold the truth", v, i, r.Coverage.N, "")
	row("error of the estimate, median", fmt.Sprintf("%.2f%%", 100*r.Errors.Median), "", r.Errors.N, "8%")
	row("error of the estimate, p90", fmt.Sprintf("%.2f%%", 100*r.Errors.P90), "", r.Errors.N, "38%")
	row("harness per operation", fmt.Sprintf("%.3f ns", r.Overhead.Value), fmt.Sprintf("[%.3f %.3f]", r.Overhead.Lo, r.Overhead.Hi), r.Overhead.N, "")
	v, i = percent(r.Profiling)
	row("cost of CPU profiling (passes of its own)", v, i, r.Profiling.N, "")
	text, err := table.Terminal(t, width(a.Out), colour(a.Out))
	if err != nil {
		return err
	}
	var notes strings.Builder
	fmt.Fprintf(&notes, "\nAlpha %g per run, threshold %g%%, seed %d, %.0f s; %s, %d CPUs, load %.1f.\n",
		r.Alpha, 100*r.Threshold, r.Seed, r.Seconds, r.Host.CPU, r.Host.CPUs, r.Host.Load)
	notes.WriteString("\"What users have\" is go test -bench -count=10 and benchstat on a busy machine; `make power` measures it here.\n")
	_, err = fmt.Fprint(a.Out, text, notes.String())
	return err
}
