package cli

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"assay/profiles/perop"
	"assay/profiles/why"
	"assay/reports/table"
	clean "assay/reports/words"
)

func newProfileDiff(a *app) *cobra.Command {
	f := &profileFlags{}
	c := &cobra.Command{
		Use:   "diff RUN [VARIANT [BASE]]",
		Short: "Show in which functions two variants differ, per operation",
		Long: "Shows what functions of VARIANT cost more or less than those of BASE (the run's\n" +
			"base) per operation, with 95 % intervals over restarts: flat in their own code,\n" +
			"own with what the runtime did for them, cum with all they called. Functions\n" +
			"marked * are culprits: they hold at 1 % for all functions together.",
		Example: "  assay profile diff results/latest nibble raw --op page/get-hit\n  assay profile diff results/latest --op BenchmarkGet --kind allocs",
		Args:    runAndVariants(3),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := a.stored(args[0], *f)
			if err != nil {
				return err
			}
			return a.profileDiff(s, args[1:], f.most(c), f.json)
		},
	}
	f.registerRanked(c)
	return c
}

func (a *app) profileDiff(s stored, args []string, most int, asJSON bool) error {
	base, variant, err := s.pair(args)
	if err != nil {
		return err
	}
	d, err := s.store.Diff(s.group, base, variant, s.kind)
	if err != nil {
		return err
	}
	if asJSON {
		return a.encode(diffOf{
			s.profiledOf(d.Unit), base, variant, perOpOf(d.Base), perOpOf(d.Variant), perOpOf(d.Total),
			diffEntries(d.Changes[:min(most, len(d.Changes))]), why.Sentence(d),
		})
	}
	fmt.Fprintf(a.Out, "%s, %s over %s: %s %s %s, from %s to %s\n", clean.Clean(s.title()), clean.Clean(variant), clean.Clean(base),
		signed(d.Total.Est), d.Unit, limits(d.Total.Lo, d.Total.Hi), amount(d.Base.Est), amount(d.Variant.Est))
	shown := slices.DeleteFunc(slices.Clone(d.Changes), func(c perop.Change) bool {
		return !c.Real && max(math.Abs(c.Flat.Est), math.Abs(c.Own.Est)) < worthShowing*max(d.Base.Est, d.Variant.Est)
	})
	slices.SortStableFunc(shown, func(x, y perop.Change) int {
		if x.Real != y.Real {
			return map[bool]int{true: -1, false: 1}[x.Real]
		}
		return 0
	})
	if err := a.showTable(diffTable(shown[:min(most, len(shown))], d.Unit)); err != nil {
		return err
	}
	fmt.Fprintf(a.Out, "\n%s\n", clean.Clean(why.Sentence(d)))
	return nil
}

// worthShowing is the share of the operation below which a function's own code
// differs by nothing to speak of: callers that only pass a difference on.
const worthShowing = .001

func diffTable(changes []perop.Change, unit string) table.Table {
	t := table.Table{Columns: []table.Column{
		{Title: "function"},
		{Title: "flat " + unit, Right: true},
		{Title: "[95%]", Joins: true},
		{Title: "own", Right: true},
		{Title: "[95%]", Joins: true},
		{Title: "cum", Right: true},
		{Title: "[95%]", Joins: true},
	}}
	for _, c := range changes {
		name, tone := clean.Clean(c.Function), table.Plain
		if c.Real {
			name = "* " + name
			tone = table.Good
			if c.Own.Est > 0 {
				tone = table.Bad
			}
		}
		t.Rows = append(t.Rows, []table.Cell{
			{Text: name, Tone: tone},
			{Text: signed(c.Flat.Est)},
			{Text: limits(c.Flat.Lo, c.Flat.Hi), Tone: table.Dim},
			{Text: signed(c.Own.Est), Tone: tone},
			{Text: limits(c.Own.Lo, c.Own.Hi), Tone: table.Dim},
			{Text: signed(c.Cum.Est)},
			{Text: limits(c.Cum.Lo, c.Cum.Hi), Tone: table.Dim},
		})
	}
	return t
}

// amount prints a cost with three digits, and whole numbers from a thousand on.
func amount(x float64) string {
	switch a := math.Abs(x); {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return "?"
	case a >= 100:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case a >= 10:
		return strconv.FormatFloat(x, 'f', 1, 64)
	case a < 0.005:
		return "0"
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}

func signed(x float64) string {
	if s := amount(x); x <= 0 || s == "0" || s == "?" {
		return s
	}
	return "+" + amount(x)
}

func limits(lo, hi float64) string { return "[" + amount(lo) + " " + amount(hi) + "]" }
