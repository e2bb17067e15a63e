package outline

import (
	"fmt"

	"assay/reports/digest"
	"assay/reports/table"
	"assay/reports/words"
)

// geomean prints the geometric means over the workloads of one operation, the
// way benchstat closes a table. It carries no interval: the workloads are no
// sample of anything.
func (b *builder) geomean(op []digest.Group) {
	timed := []digest.Group{}
	for _, g := range op {
		if g.Has(digest.Time) {
			timed = append(timed, g)
		}
	}
	if len(timed) < 2 {
		return
	}
	means := digest.Geomeans(timed, digest.Time)
	if len(means) == 0 {
		return
	}
	g := op[0]
	title := "geomean of " + g.Family + "/" + g.Op
	if g.Scenario != "" {
		title += ", " + g.Scenario
	}
	b.heading(3, fmt.Sprintf("%s over %d workloads", title, len(timed)))
	values := []float64{}
	for _, m := range means {
		values = append(values, m.Value)
	}
	col := words.NewColumn(digest.Time, false, values)
	t := table.Table{Columns: []table.Column{{Title: "variant"}, {Title: col.Title, Right: true}, {Title: "vs base", Right: true}}}
	notes := []Note{}
	for _, m := range means {
		value, change := col.Value(m.Value), ""
		if m.Ratio > 0 {
			change = words.Delta(m.Ratio)
		}
		if m.Variant == g.Base {
			change = "base"
		}
		if m.Of < len(timed) {
			mark := fmt.Sprintf("(%d)", m.Of)
			value += " " + mark
			if !contains(notes, mark) {
				notes = append(notes, Note{mark, fmt.Sprintf("only %d of %d workloads have a figure: not comparable with the others", m.Of, len(timed))})
			}
		}
		t.Rows = append(t.Rows, []table.Cell{{Text: words.Clean(m.Variant)}, {Text: value}, {Text: change}})
	}
	b.table("", t, notes)
}
