package note

import (
	"fmt"
	"slices"
	"strings"

	"github.com/janpfeifer/gonb/gonbui"

	"assay/reports/story"
	"assay/reports/table"
	"assay/reports/words"
	"assay/runner/result"
)

// Units shows a unit of every variant, one row for each operation and
// workload: the mean of an exact unit, the median of a noisy one.
func (r *Run) Units(unit string) {
	t := table.Table{Columns: []table.Column{{Title: "operation"}, {Title: "variant"}, {Title: unit, Right: true}, {Title: "from", Right: true}, {Title: "to", Right: true}}}
	for _, c := range r.Cases {
		s, ok := c.Units[unit]
		if !ok || c.Null {
			continue
		}
		lo, hi := s.Lo, s.Hi
		if s.Exact {
			lo, hi = s.Min, s.Max
		}
		if lo == nil || hi == nil {
			fail("%s of %s has no bounds", unit, c.Variant)
		}
		t.Rows = append(t.Rows, []table.Cell{
			{Text: name(c.Key)},
			{Text: words.Clean(c.Variant)},
			{Text: words.Plain(s.Value())},
			{Text: words.Plain(*lo)},
			{Text: words.Plain(*hi)},
		})
	}
	show(t, "the run has no unit "+unit)
}

// Comparisons shows the verdicts over a unit: change, 95 % interval, verdict.
func (r *Run) Comparisons(unit string) {
	t := table.Table{Columns: []table.Column{{Title: "operation"}, {Title: "variant"}, {Title: "over"}, {Title: unit + " [95 %]"}, {Title: "verdict"}, {Title: "restarts", Right: true}}}
	for _, c := range r.Result.Comparisons {
		if c.Unit != unit || r.null(c) {
			continue
		}
		t.Rows = append(t.Rows, []table.Cell{
			{Text: name(c.Key)},
			{Text: words.Clean(c.Variant)},
			{Text: words.Clean(c.Base)},
			{Text: words.Interval(c.Ratio, c.Lo, c.Hi)},
			{Text: c.Verdict},
			{Text: fmt.Sprint(c.Restarts)},
		})
	}
	show(t, "the run compares nothing over "+unit)
}

func (r *Run) null(c result.Comparison) bool {
	return slices.ContainsFunc(r.Cases, func(x result.Case) bool { return x.Key == c.Key && x.Variant == c.Variant && x.Null })
}

// Claims shows what was published beside what was measured, and why it may
// differ.
func (r *Run) Claims() {
	t := table.Table{Columns: []table.Column{{Title: "what"}, {Title: "said by"}, {Title: "published", Right: true}, {Title: "measured", Right: true}, {Title: "reproduced"}, {Title: "note"}}}
	for _, c := range r.Result.Claims {
		reproduced := "no"
		if c.Reproduced {
			reproduced = "yes"
		}
		t.Rows = append(t.Rows, []table.Cell{
			{Text: words.Clean(c.Variant + ", " + name(c.Key) + ", " + story.ClaimUnit(c))},
			{Text: words.Clean(c.Source)},
			{Text: words.Plain(c.Published)},
			{Text: words.Plain(c.Measured)},
			{Text: reproduced},
			{Text: words.Clean(c.Note)},
		})
	}
	show(t, "no published figure is about what this run measured")
}

// Verdict says in a sentence how many of the published figures held.
func (r *Run) Verdict() {
	var missed, reasons []string
	for _, c := range r.Result.Claims {
		if c.Reproduced {
			continue
		}
		missed = append(missed, words.Clean(c.Variant+" "+c.Op))
		if c.Note != "" {
			reasons = append(reasons, story.Sentence(words.Clean(c.Note)))
		}
	}
	all := len(r.Result.Claims)
	text := fmt.Sprintf("**%d of %d published figures reproduced.**", all-len(missed), all)
	if len(missed) > 0 {
		text += " Not reproduced: " + strings.Join(distinct(missed), ", ") + ". " + strings.Join(distinct(reasons), " ")
	}
	if Smoke() {
		text = "A smoke run tells nothing about published figures."
	}
	gonbui.DisplayMarkdown(text)
	gonbui.Sync()
}

func distinct(xs []string) []string {
	slices.Sort(xs)
	return slices.Compact(xs)
}

// Why shows the sentences that say where differences come from.
func (r *Run) Why() {
	for _, c := range r.Result.Comparisons {
		if c.Why != "" {
			fmt.Printf("%s, %s over %s: %s\n", name(c.Key), c.Variant, c.Base, c.Why)
		}
	}
}

func name(k result.Key) string {
	text := k.Op + " " + k.Workload
	if k.Scenario != "" {
		text += " beside " + k.Scenario
	}
	return words.Clean(text)
}

func show(t table.Table, empty string) {
	switch {
	case len(t.Rows) == 0 && Smoke():
		return // the smallest size may lack it
	case len(t.Rows) == 0:
		fail("%s", empty)
	}
	text, err := table.Markdown(t)
	must("table", err)
	gonbui.DisplayMarkdown(text)
	gonbui.Sync()
}

// Rankings says, for what was measured beside a neighbour, whether the order
// of the variants alone on the machine held.
func (r *Run) Rankings() {
	for _, x := range r.Result.Rankings {
		fmt.Println(words.Clean(x.Sentence))
	}
}

// Curves shows how the time of every variant grows along a sweep: the class
// that fits best, how sure that is among the classes, and the slope of the
// logarithms.
func (r *Run) Curves() {
	t := table.Table{Columns: []table.Column{{Title: "operation"}, {Title: "variant"}, {Title: "grows as"}, {Title: "sure", Right: true}, {Title: "slope [95 %]"}}}
	for _, c := range r.Result.Curves {
		if len(c.Models) == 0 {
			continue
		}
		t.Rows = append(t.Rows, []table.Cell{
			{Text: words.Clean(c.Op)},
			{Text: words.Clean(c.Variant)},
			{Text: c.Models[0].Name},
			{Text: words.Percent(c.Models[0].Weight)},
			{Text: fmt.Sprintf("%.2f [%.2f %.2f]", c.Slope, c.SlopeLo, c.SlopeHi)},
		})
	}
	show(t, "the run sweeps nothing")
}
