package outline

import (
	"assay/reports/digest"
	"assay/reports/table"
	"assay/reports/words"
)

// latency prints the percentiles of single operations, from the middle to the
// tail: each column on one scale, named in its heading. They come from a pass of
// their own and hold a clock read each, so they stand apart from the times.
func (b *builder) latency(g digest.Group) {
	t := table.Table{Columns: []table.Column{{Title: "latency of"}}}
	cells := make([][]table.Cell, len(g.Rows))
	for i, r := range g.Rows {
		cells[i] = []table.Cell{{Text: rowName(r), Tone: rowTone(r)}}
	}
	for _, u := range g.Units {
		name, _, ok := digest.Percentile(u.Name)
		if !ok {
			continue
		}
		col := words.NewLatency(name, scaling(g, u.Name))
		t.Columns = append(t.Columns, table.Column{Title: col.Title, Right: true})
		for i, r := range g.Rows {
			cell := table.Cell{Text: "–"}
			if s, ok := r.Stats[u.Name]; ok {
				cell = table.Cell{Text: col.Value(s.Value()) + b.doubt(), Tone: rowTone(r)}
			}
			cells[i] = append(cells[i], cell)
		}
	}
	if len(t.Columns) == 1 {
		return
	}
	for i, r := range g.Rows {
		if hasPercentile(r) {
			t.Rows = append(t.Rows, cells[i])
		}
	}
	b.table("latency of single operations", t, nil)
}

func hasPercentile(r digest.Row) bool {
	for unit := range r.Stats {
		if _, _, ok := digest.Percentile(unit); ok {
			return true
		}
	}
	return false
}
