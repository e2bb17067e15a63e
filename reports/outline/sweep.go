package outline

import (
	"fmt"
	"math"

	"assay/reports/digest/sweep"
	"assay/reports/table"
	"assay/reports/words"
)

// swept sets what was counted at the values of a swept field side by side, a
// table per unit.
func (b *builder) swept() {
	for _, s := range sweep.Tables(b.view.Result) {
		t := table.Table{Columns: []table.Column{{Title: words.Clean(s.Unit)}}}
		for _, x := range s.At {
			t.Columns = append(t.Columns, table.Column{Title: words.Plain(x), Right: true})
		}
		for _, r := range s.Rows {
			row := []table.Cell{{Text: words.Clean(r.Variant)}}
			for _, m := range r.Means {
				cell := table.Cell{Text: "–"}
				if !math.IsNaN(m) {
					cell.Text = fmt.Sprintf("%.3g", m)
				}
				row = append(row, cell)
			}
			t.Rows = append(t.Rows, row)
		}
		b.heading(3, fmt.Sprintf("%s of %s over %s, %s", s.Unit, s.Family+"/"+s.Op, s.Field, s.Workload))
		b.table("", t, nil)
	}
}
