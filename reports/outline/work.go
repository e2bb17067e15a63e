package outline

import (
	"slices"
	"strings"

	"assay/reports/digest"
	"assay/reports/table"
	"assay/reports/words"
)

// work prints what was counted and not timed: a table for each way of counting
// (the processor or its simulator, the tracer of system calls). Where no row
// makes a system call one sentence says so.
func (b *builder) work(g digest.Group) {
	var ways []string
	for _, u := range g.Work {
		if !slices.Contains(ways, u.How) {
			ways = append(ways, u.How)
		}
	}
	for _, how := range ways {
		units := slices.DeleteFunc(slices.Clone(g.Work), func(u digest.Unit) bool { return u.How != how })
		if len(units) == 1 && units[0].Name == "syscalls/op" && never(g, units[0].Name) {
			b.para(table.Plain, "No operation makes a system call.")
			continue
		}
		b.para(table.Dim, "Work per operation: "+words.Clean(how)+".")
		b.table("work per operation", b.workTable(g, units), nil)
	}
}

// workTable has a column per unit, and for the first also the change against the base.
func (b *builder) workTable(g digest.Group, units []digest.Unit) table.Table {
	t := table.Table{Columns: []table.Column{{Title: "variant"}}}
	for _, r := range g.Rows {
		t.Rows = append(t.Rows, []table.Cell{{Text: rowName(r), Tone: rowTone(r)}})
	}
	for n, u := range units {
		col := words.NewColumn(u.Name, true, scaling(g, u.Name))
		t.Columns = append(t.Columns, table.Column{Title: workTitle(u.Name), Right: true})
		if n == 0 {
			t.Columns = append(t.Columns, table.Column{Title: "vs base", Right: true, Joins: true})
		}
		for i, r := range g.Rows {
			value := table.Cell{Text: "–"}
			if s, ok := r.Stats[u.Name]; ok {
				value = table.Cell{Text: col.Value(s.Value()), Tone: rowTone(r)}
			}
			t.Rows[i] = append(t.Rows[i], value)
			if n == 0 {
				t.Rows[i] = append(t.Rows[i], exactChange(r, u.Name))
			}
		}
	}
	return t
}

// workTitle is the short name of a unit of work.
func workTitle(unit string) string {
	name := strings.TrimSuffix(strings.TrimSuffix(unit, "/op"), "-calls")
	if short, ok := map[string]string{"mispredictions": "mispredicted", "cache-references": "cache refs", "cache-misses": "cache misses"}[name]; ok {
		return short
	}
	return words.Clean(name)
}

// never says that no row has any of the unit.
func never(g digest.Group, unit string) bool {
	return !slices.ContainsFunc(g.Rows, func(r digest.Row) bool {
		s, ok := r.Stats[unit]
		return ok && s.Value() != 0
	})
}
