package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"assay/reports/table"
	clean "assay/reports/words"
	"assay/runner/result"
	"assay/runner/samples"
	"assay/runner/verdict"
)

func newCompare(a *app) *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "compare A B",
		Short: "Compare two stored runs",
		Long: "Sets run B beside run A. Counted units are compared by equality. Times of two\n" +
			"runs are not paired, so what is judged is how each variant's ratio to its base\n" +
			"changed; times from different CPU models are not compared at all.",
		Example: "  assay compare results/before results/after\n  assay compare results/before results/after --json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return errors.New("assay compare takes two results folders")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return a.compare(args[0], args[1], asJSON) },
	}
	jsonFlag(c.Flags(), &asJSON, "JSON")
	return c
}

func (a *app) compare(first, second string, asJSON bool) error {
	before, err := samples.Open(first)
	if err != nil {
		return err
	}
	after, err := samples.Open(second)
	if err != nil {
		return err
	}
	ra, rb := verdict.Analyse(before, a.rooms), verdict.Analyse(after, a.rooms)
	rows := verdict.CompareRuns(before, after, ra, rb)
	if len(rows) == 0 {
		return fmt.Errorf("%s and %s have no case in common", first, second)
	}
	against := reservations(first, ra) + reservations(second, rb)
	different := ra.Host.Comparable(rb.Host)
	if asJSON {
		out := comparedRuns{Schema: "assay-compare/1", Before: first, After: second, Warnings: strings.FieldsFunc(against, func(c rune) bool { return c == '\n' }), Rows: rows}
		if against != "" {
			fmt.Fprintf(a.Out, "%s\n", against)
		}
		if different != nil {
			out.NotCompared = different.Error()
		}
		return a.encode(out)
	}
	if against != "" {
		fmt.Fprintf(a.Out, "%s\n", against)
	}
	if different != nil {
		fmt.Fprintf(a.Out, "Times are not compared: %v\n\n", different)
	}
	columns := width(a.Out)
	if !isTerminal(a.Out) {
		columns = 1000 // a row that stays whole is easier to search
	}
	text, err := table.Terminal(acrossTable(rows), columns, colour(a.Out))
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(a.Out, text)
	return err
}

// reservations are what a run itself says against its figures, a line each.
func reservations(dir string, r result.Result) string {
	var out strings.Builder
	if r.Partial {
		fmt.Fprintf(&out, "%s is partial: it was stopped before its end.\n", dir)
	}
	for _, w := range r.Wrong {
		fmt.Fprintf(&out, "%s: WRONG: %s answers wrongly at %s.\n", dir, clean.Clean(w.Family+"/"+w.Op+"/"+w.Variant+" "+w.Workload), clean.Clean(w.At))
	}
	if n := len(r.Failed); n > 0 {
		fmt.Fprintf(&out, "%s: %s could not be measured.\n", dir, times(n, "row"))
	}
	return out.String()
}

func acrossTable(rows []verdict.Across) table.Table {
	t := table.Table{Columns: []table.Column{
		{Title: "case"},
		{Title: "unit"},
		{Title: "before", Right: true},
		{Title: "after", Right: true},
		{Title: "change", Right: true},
		{Title: "verdict"},
		{Title: "note"},
	}}
	for _, r := range rows {
		change := ""
		if r.Change != nil {
			change = fmt.Sprintf("%+.1f%% [%+.1f %+.1f]", 100*(r.Change.Ratio-1), 100*(r.Change.Lo-1), 100*(r.Change.Hi-1))
		}
		t.Rows = append(t.Rows, []table.Cell{
			{Text: clean.Clean(r.Family + "/" + r.Op + "/" + r.Variant + " " + r.Workload)},
			{Text: r.Unit},
			{Text: number(r.Before)},
			{Text: number(r.After)},
			{Text: change},
			{Text: r.Verdict, Tone: tone(r.Verdict)},
			{Text: r.Note, Tone: table.Dim},
		})
	}
	return t
}

func tone(verdict string) table.Tone {
	switch verdict {
	case "faster", "better":
		return table.Good
	case "slower", "worse":
		return table.Bad
	}
	return table.Plain
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', 5, 64) }
