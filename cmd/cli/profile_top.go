package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"assay/profiles/perop"
	"assay/reports/table"
	clean "assay/reports/words"
	"assay/runner/stats"
)

func newProfileTop(a *app) *cobra.Command {
	f := &profileFlags{}
	c := &cobra.Command{
		Use:   "top RUN [VARIANT]",
		Short: "Rank the functions of an operation by what they cost",
		Long: "Ranks functions by what they cost per operation: flat in their own code, cum in\n" +
			"it and in what they call, each with its 95 % interval over restarts. Without a\n" +
			"variant it shows all.",
		Example: "  assay profile top results/latest nibble --op page/get-hit\n  assay profile top results/latest --op lsm/put --kind heap --n 5\n  assay profile top results/latest --op lsm/put --json",
		Args:    runAndVariants(2),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := a.stored(args[0], *f)
			if err != nil {
				return err
			}
			return a.profileTop(s, args[1:], f.most(c), f.json)
		},
	}
	f.registerRanked(c)
	return c
}

func (a *app) profileTop(s stored, args []string, most int, asJSON bool) error {
	arms := s.arms
	if len(args) > 0 {
		arm, err := s.arm(args[0])
		if err != nil {
			return err
		}
		arms = []string{arm}
	}
	m, err := perop.MeasureOf(s.kind)
	if err != nil {
		return err
	}
	out := topOf{profiledOf: s.profiledOf(m.Unit)}
	for i, arm := range arms {
		side, err := s.store.Side(s.group, arm, s.kind)
		if err != nil {
			return err
		}
		rows, total, err := perop.Top(side, m)
		if err != nil {
			return err
		}
		rows = rows[:min(most, len(rows))]
		if asJSON {
			out.Variants = append(out.Variants, topVariant{arm, len(side.Passes), perOpOf(total), topEntries(rows)})
			continue
		}
		if i > 0 {
			fmt.Fprintln(a.Out)
		}
		fmt.Fprintf(a.Out, "%s, %s: %s %s, %s profile of %s\n", clean.Clean(s.title()), clean.Clean(arm), amount(total.Est), m.Unit, s.kind, times(len(side.Passes), "restart"))
		if len(rows) == 0 {
			fmt.Fprintln(a.Out, "no sample fell into a timed slice")
			continue
		}
		if err := a.showTable(topTable(rows, m.Unit)); err != nil {
			return err
		}
	}
	if asJSON {
		return a.encode(out)
	}
	return nil
}

func topTable(rows []perop.Row, unit string) table.Table {
	t := table.Table{Columns: []table.Column{
		{Title: "function"},
		{Title: "flat " + unit, Right: true},
		{Title: "[95%]", Joins: true},
		{Title: "cum " + unit, Right: true},
		{Title: "[95%]", Joins: true},
	}}
	for _, r := range rows {
		t.Rows = append(t.Rows, []table.Cell{
			{Text: clean.Clean(r.Function)},
			{Text: amount(r.Flat.Est)},
			{Text: cost(r.Flat), Tone: table.Dim},
			{Text: amount(r.Cum.Est)},
			{Text: cost(r.Cum), Tone: table.Dim},
		})
	}
	return t
}

// cost prints the interval of something that cannot cost less than nothing.
func cost(i stats.Interval) string { return limits(max(0, i.Lo), i.Hi) }

// showTable prints a table as wide as the terminal, or whole.
func (a *app) showTable(t table.Table) error {
	columns := width(a.Out)
	if !isTerminal(a.Out) {
		columns = 1000 // a row that stays whole is easier to search
	}
	text, err := table.Terminal(t, columns, colour(a.Out))
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(a.Out, text)
	return err
}

func times(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
