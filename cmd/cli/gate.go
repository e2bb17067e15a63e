package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"assay/reports/table"
	"assay/runner/gate"
	"assay/runner/samples"
	"assay/runner/samples/whole"
	"assay/runner/verdict"
)

// The files that a gate takes where it is given none and finds them.
const (
	defaultBudgets  = "assay-budgets.txt"
	defaultBaseline = "assay-baseline.jsonl"
)

// gateFlags are the words of `assay gate`.
type gateFlags struct {
	budgets, baseline, junit string
	write, strict, json      bool
}

const gateHelp = `Judges a stored run (results/latest when none is named) and exits 0 when it may
pass, 1 for a confirmed regression or a wrong answer, 2 when something is missing
or cannot be judged, 3 (with --strict) when something stayed undecided.

Counts (allocs/op, B/op, entries/page and every other exact unit) are judged by
value: against the baseline file, or, in a run of two revisions without one,
against the base revision. Times are judged by the verdicts of the run itself and
never by stored times: of two revisions all of them; of variants those that a
rule names, against the base variant. A time is a regression when its verdict is
"slower" and its estimate lies over the budget.

The budgets file has one rule per line, and # comments:

  # PATTERN: UNIT BUDGET
  *: B/op +1%                  every row may use 1 % more bytes
  page/*: ns/op +2%            times may be 2 % slower than the base
  page/fill/nibble: entries/page -0%

A pattern means FAMILY/OP/VARIANT, or IMPORTPATH/BENCHMARK of two revisions, or
everything under a part of it; * is any text and ? one character. The budget says
how far a unit may go in its bad direction: +N% where lower is better, -N% where
higher is. The last rule that matches a row counts. A count without one has a
budget of nothing against a baseline; against the base revision counts and times
have the threshold of the run. A rule that matches no row, a row that is missing,
an empty or unfinished run: exit 2.

The baseline file is made by --write-baseline and committed: one line per case,
sorted. It holds for one seed, and its allocations for one minor version of Go and
one architecture; elsewhere the gate exits 2 and says so. Rows that are not in it
are named, and fail only with --strict.

Under GitHub Actions the gate adds annotations, a step summary, and the outputs
verdict, regressions, improvements, undecided and missing. It needs no token.`

func newGate(a *app) *cobra.Command {
	f := &gateFlags{}
	c := &cobra.Command{
		Use:   "gate [RUN]",
		Short: "Let a run pass, or not",
		Long:  gateHelp,
		Example: "  assay gate --write-baseline --baseline .ci/baseline.jsonl\n" +
			"  assay gate results/latest --baseline .ci/baseline.jsonl --budgets .ci/budgets.txt\n" +
			"  assay gate --strict --junit gate.xml",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return errors.New("assay gate takes one results folder, such as results/latest")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			dir := resultsRoot + "/latest"
			if len(args) == 1 {
				dir = args[0]
			}
			return a.gate(f, dir)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.budgets, "budgets", "", "budgets `FILE` (default "+defaultBudgets+" where it exists)")
	flags.StringVar(&f.baseline, "baseline", "", "baseline `FILE` (default "+defaultBaseline+" where it exists)")
	flags.BoolVar(&f.write, "write-baseline", false, "write the baseline file from the run, and judge nothing")
	flags.BoolVar(&f.strict, "strict", false, "exit 3 when a row stays undecided, 2 when one is not in the baseline")
	jsonFlag(flags, &f.json, "JSON")
	flags.StringVar(&f.junit, "junit", "", "write the report to a JUnit `FILE` too")
	return c
}

func (a *app) gate(f *gateFlags, dir string) error {
	if f.write {
		return a.writeBaseline(f, dir)
	}
	report, err := a.judge(f, dir)
	if err != nil {
		return a.refused(f, err)
	}
	if err := a.printGate(f, dir, report); err != nil {
		return err
	}
	if err := a.tellCI(f, report); err != nil {
		return err
	}
	if report.Code != exitPass {
		return exit{report.Code, errors.New(report.Sentence)}
	}
	return nil
}

// judge reads the files and the run.
func (a *app) judge(f *gateFlags, dir string) (gate.Report, error) {
	o := gate.Options{Strict: f.strict}
	if data, err := given(&f.budgets, defaultBudgets, "budgets"); err != nil {
		return gate.Report{}, err
	} else if f.budgets != "" {
		b, err := gate.ParseBudgets(f.budgets, data)
		if err != nil {
			return gate.Report{}, err
		}
		o.Budgets = &b
	}
	if data, err := given(&f.baseline, defaultBaseline, "baseline"); err != nil {
		return gate.Report{}, err
	} else if f.baseline != "" {
		b, err := gate.ParseBaseline(f.baseline, data)
		if err != nil {
			return gate.Report{}, err
		}
		o.Baseline = &b
	}
	run, err := a.gateRun(dir)
	if err != nil {
		return gate.Report{}, err
	}
	return gate.Judge(run, o)
}

// given reads the file of a flag, or the default where it exists and the flag
// was not used. Afterwards the flag names what was read, or is empty.
func given(file *string, standard, flag string) ([]byte, error) {
	if *file == "" {
		data, err := os.ReadFile(standard)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		*file = standard
		return data, err
	}
	data, err := os.ReadFile(*file)
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", flag, err)
	}
	return data, nil
}

// gateRun judges the stored slices again: result.json is not what a gate believes.
func (a *app) gateRun(dir string) (gate.Run, error) {
	run, err := samples.Open(dir)
	if err != nil {
		return gate.Run{}, err
	}
	return gate.Run{Result: verdict.Analyse(run, a.rooms), Dir: dir, Smoke: run.Plan.Small}, nil
}

func (a *app) writeBaseline(f *gateFlags, dir string) error {
	if f.budgets != "" || f.junit != "" || f.strict || f.json {
		return errors.New("--write-baseline judges nothing: leave out --budgets, --strict, --json and --junit")
	}
	if f.baseline == "" {
		f.baseline = defaultBaseline
	}
	old, err := os.ReadFile(f.baseline)
	switch {
	case err == nil && len(old) > 0 && !gate.IsBaseline(old):
		return fmt.Errorf("%s is no baseline of assay and is not written over: name another file with --baseline", f.baseline)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	run, err := a.gateRun(dir)
	if err != nil {
		return err
	}
	b, err := gate.NewBaseline(run)
	if err != nil {
		return err
	}
	data, err := b.Encode()
	if err != nil {
		return err
	}
	if err := whole.Write(f.baseline, data); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.Out, "%s: %d cases of %s; commit it\n", f.baseline, b.Cases(), dir)
	return err
}

func (a *app) printGate(f *gateFlags, dir string, r gate.Report) error {
	if f.json {
		data, err := json.MarshalIndent(r, "", " ")
		if err != nil {
			return err
		}
		// In JSON the mark of a runner's command can be written so that only a reader of JSON sees it.
		_, err = fmt.Fprintf(a.Out, "%s\n", strings.ReplaceAll(string(data), "##[", `#\u0023[`))
		return err
	}
	var out strings.Builder
	if t, left := gateTable(r, printedRows); len(t.Rows) > 0 {
		columns := width(a.Out)
		if !isTerminal(a.Out) {
			columns = 1000 // a row that stays whole is easier to search in a log
		}
		text, err := table.Terminal(t, columns, colour(a.Out))
		if err != nil {
			return err
		}
		out.WriteString(text + "\n")
		if left > 0 {
			fmt.Fprintf(&out, "and %d more rows: --json has them all\n", left)
		}
	}
	for _, p := range r.Problems {
		fmt.Fprintf(&out, "%s: %s\n", p.Kind, p.Text)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&out, "note: %s\n", n)
	}
	fmt.Fprintf(&out, "%s: %s%s: %s\n", strings.ToUpper(r.Verdict), dir, by(f), r.Sentence)
	_, err := fmt.Fprint(a.Out, out.String())
	return err
}

// by names the files the run was judged by.
func by(f *gateFlags) string {
	var files []string
	for _, name := range []string{f.baseline, f.budgets} {
		if name != "" {
			files = append(files, name)
		}
	}
	if len(files) == 0 {
		return ""
	}
	return " by " + strings.Join(files, " and ")
}
