package outline

import (
	"fmt"

	"assay/reports/story"
	"assay/reports/table"
	"assay/reports/words"
	"assay/runner/ladder"
	"assay/runner/result"
)

// ladders tells the published stories: for each phase a table of the steps, the
// author's figures beside the measured ones, then the steps that come in parts
// and where the author's words and figures disagree.
func (b *builder) ladders() {
	for _, l := range b.view.Result.Ladders {
		if len(l.Steps) == 0 {
			continue
		}
		b.heading(2, "The ladder of "+l.Family)
		b.para(table.Plain, fmt.Sprintf("As told by %s, under %s; measured under %s, with %d entries. Ratios are of time, below 1 is faster; each measured one is paired and has its 95%% interval. "+
			"Seconds are of a whole phase, and of another machine: compare ratios.", l.Source, l.Published, l.Workload, l.Entries))
		items := []string{}
		for _, s := range l.Steps {
			items = append(items, words.Clean(s.Variant+": "+s.Changed))
		}
		b.list(items)
		for k := range l.Steps[0].Cells {
			b.phase(l, k)
		}
		b.whole(l)
		for _, p := range l.Parts {
			b.part(p)
		}
		if len(l.Slips) > 0 {
			b.heading(3, "Slips of the original")
			b.list(cleaned(l.Slips))
		}
	}
}

func cleaned(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = words.Clean(s)
	}
	return out
}

// phase is the table of one phase.
func (b *builder) phase(l ladder.Told, k int) {
	t := table.Table{Columns: []table.Column{
		{Title: "step"},
		{Title: "told s", Right: true},
		{Title: "here s", Right: true, Joins: true},
		{Title: "told / before", Right: true},
		{Title: "here / before", Right: true, Joins: true},
		{Title: "verdict", Joins: true},
		{Title: "told / base", Right: true},
		{Title: "here / base", Right: true, Joins: true},
		{Title: "verdict", Joins: true},
	}}
	measured := false
	for _, s := range l.Steps {
		c := s.Cells[k]
		measured = measured || c.Measured != nil
		row := []table.Cell{{Text: words.Clean(s.Variant)}, figureOf(c.Published), figureOf(c.Measured), figureOf(c.PublishedBefore)}
		row = append(append(row, changeCells(c.Before)...), figureOf(c.PublishedBase))
		t.Rows = append(t.Rows, append(row, changeCells(c.Base)...))
	}
	if !measured {
		return
	}
	first := l.Steps[0].Cells[k]
	b.heading(3, first.Doc)
	b.table("", t, nil)
	b.para(table.Dim, story.Sentence(first.Note))
}

// whole is the table of all phases together, without those that either side
// lacks: sums of seconds have no interval.
func (b *builder) whole(l ladder.Told) {
	t := table.Table{Columns: []table.Column{{Title: "step"}, {Title: "told s", Right: true}, {Title: "here s", Right: true}, {Title: "told / before", Right: true}, {Title: "here / before", Right: true}}}
	told, measured := make([]float64, len(l.Steps)), make([]float64, len(l.Steps))
	for i, s := range l.Steps {
		for k, c := range s.Cells {
			if everywhere(l, k) {
				told[i], measured[i] = told[i]+*c.Published, measured[i]+*c.Measured
			}
		}
		if told[i] == 0 {
			return
		}
		row := []table.Cell{{Text: words.Clean(s.Variant)}, figureOf(&told[i]), figureOf(&measured[i]), {}, {}}
		if i > 0 {
			row[3].Text, row[4].Text = fmt.Sprintf("%.3g", told[i]/told[i-1]), fmt.Sprintf("%.3g", measured[i]/measured[i-1])
		}
		t.Rows = append(t.Rows, row)
	}
	b.heading(3, "All phases that were told")
	b.table("", t, nil)
}

// everywhere says that every step has both seconds of a phase.
func everywhere(l ladder.Told, k int) bool {
	for _, s := range l.Steps {
		if s.Cells[k].Published == nil || s.Cells[k].Measured == nil {
			return false
		}
	}
	return true
}

// part is the table of a step that was measured in two halves.
func (b *builder) part(p ladder.Part) {
	t := table.Table{Columns: []table.Column{
		{Title: "phase"},
		{Title: words.Clean(p.First), Right: true},
		{Title: "verdict", Joins: true},
		{Title: words.Clean(p.Second), Right: true},
		{Title: "verdict", Joins: true},
		{Title: words.Clean("share of " + p.First), Right: true},
	}}
	for _, h := range p.Halves {
		row := append([]table.Cell{{Text: words.Clean(h.Doc)}}, changeCells(&h.First)...)
		row = append(row, changeCells(&h.Second)...)
		share := table.Cell{Text: "–"}
		if h.Share != nil {
			share.Text = fmt.Sprintf("%.0f%%", 100**h.Share)
		}
		t.Rows = append(t.Rows, append(row, share))
	}
	b.heading(3, fmt.Sprintf("The step from %s to %s in two: %s and %s", p.From, p.To, p.First, p.Second))
	b.para(table.Plain, fmt.Sprintf("%s stands between the two: from %s to it only the %s change, from it to %s only the %s.", p.Via, p.From, p.First, p.To, p.Second))
	b.table("", t, nil)
}

func figureOf(x *float64) table.Cell {
	if x == nil {
		return table.Cell{Text: "–"}
	}
	return table.Cell{Text: fmt.Sprintf("%.3g", *x)}
}

// changeCells are a ratio with its interval, and its verdict.
func changeCells(c *ladder.Change) []table.Cell {
	if c == nil {
		return []table.Cell{{}, {}}
	}
	text := "? (too few restarts)"
	if c.Lo > 0 && c.Hi < 1e30 {
		text = fmt.Sprintf("%.3g [%.3g %.3g]", c.Ratio, c.Lo, c.Hi)
	}
	tone := map[string]table.Tone{"faster": table.Good, "slower": table.Bad, "undecided": table.Dim}[c.Verdict]
	word := c.Verdict
	switch word {
	case "same":
		word = words.Verdict(result.Comparison{Verdict: word})
	case "undecided":
		word = "?"
	}
	return []table.Cell{{Text: text, Tone: tone}, {Text: words.Clean(word), Tone: tone}}
}
