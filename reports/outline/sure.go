package outline

import (
	"fmt"
	"slices"

	"assay/reports/digest"
	"assay/reports/story"
	"assay/reports/table"
	"assay/reports/words"
	"assay/runner/result"
)

// sure says in one line what the times of a table rest on, and folds what each
// comparison rests on below it: both clocks beside each other, the middle and
// the slowest slices, the spread at each level, the evidence.
func (b *builder) sure(groups ...digest.Group) {
	summary := story.Sure(groups...)
	if summary == "" {
		return
	}
	merged, wall := len(groups) > 1, words.Column{}
	t := table.Table{Columns: []table.Column{
		{Title: "variant"},
		{Title: "ended"},
		{Title: "restarts", Right: true},
		{Title: "layouts", Right: true},
		{Title: "clock"},
		{Title: "CPU time", Right: true},
		{Title: "wall time", Right: true},
		{Title: "median slice", Right: true},
		{Title: "slowest slices (p99)", Right: true},
		{Title: "MDE", Right: true},
		{Title: "spread: slices / restarts / layouts", Right: true},
		{Title: "evidence", Right: true},
	}}
	if !merged && groups[0].Has(digest.Wall) {
		wall = words.NewColumn(digest.Wall, false, scaling(groups[0], digest.Wall))
		t.Columns = slices.Insert(t.Columns, 1, table.Column{Title: wall.Title, Right: true})
	}
	for _, g := range groups {
		for _, r := range g.Rows {
			c, ok := r.Versus[digest.Time]
			stat, timed := r.Stats[digest.Wall]
			if ok = ok && !r.Null && !r.Loud(); !ok && (merged || !timed) {
				continue
			}
			row := []table.Cell{{Text: rowName(r), Tone: rowTone(r)}}
			if merged {
				row[0].Text = label(g)
			}
			if wall.Title != "" {
				row = append(row, b.wallCell(wall, stat, timed))
			}
			if ok {
				row = append(row, foundation(c)...)
			} else {
				word, tone := role(r)
				row = append(row, table.Cell{Text: word, Tone: tone})
			}
			t.Rows = append(t.Rows, append(row, make([]table.Cell, len(t.Columns)-len(row))...))
		}
	}
	b.blocks = append(b.blocks, Block{Tone: table.Dim, Fold: &Fold{Summary: summary, Blocks: []Block{
		{Table: &t, About: "how sure"},
		{Para: "Changes against the base, each with its 95% interval. Spread: standard deviation of the log ratio at each level. Evidence: e-value against no difference."},
	}}})
}

func (b *builder) wallCell(col words.Column, s result.Stat, ok bool) table.Cell {
	if !ok {
		return table.Cell{Text: "–"}
	}
	return table.Cell{Text: col.Cell(s) + b.doubt()}
}

// foundation is one comparison's row after its name.
func foundation(c result.Comparison) []table.Cell {
	row := []table.Cell{{Text: words.Clean(c.Stopped)}, {Text: some(c.Restarts)}, {Text: some(c.Layouts)}, {Text: story.ClockName(c.Clock)}}
	for _, e := range []*result.Estimate{c.CPU, c.Wall, c.P50, c.P99} {
		cell := table.Cell{Text: "–"}
		if e != nil {
			cell.Text = words.Interval(e.Ratio, e.Lo, e.Hi)
		}
		row = append(row, cell)
	}
	spread := "–"
	if s := c.Components; s != nil {
		restart, layout := words.Spread(s.Restart), words.Spread(s.Layout)
		if c.Layouts <= 1 {
			layout = "–"
		} else if c.Restarts <= c.Layouts { // one restart per layout: the two cannot be told apart
			restart = "–"
		}
		spread = words.Spread(s.Slice) + " / " + restart + " / " + layout
	}
	return append(row, table.Cell{Text: words.Percent(c.MDE)}, table.Cell{Text: spread}, table.Cell{Text: words.Evidence(c.Evidence)})
}

func some(n int) string {
	if n <= 0 {
		return "–"
	}
	return fmt.Sprint(n)
}
