package outline

import (
	"fmt"
	"slices"
	"strings"

	"assay/reports/digest"
	"assay/reports/table"
	"assay/reports/words"
	"assay/runner/result"
)

// worked prints what the benchmarks of two revisions did and did not only take:
// for each way of counting its first unit with every benchmark, the others where
// a benchmark differs, and a sentence for the rest.
func (b *builder) worked(groups []digest.Group, variant string) {
	for _, how := range ways(groups) {
		units := workOf(groups, how)
		if len(units) == 1 && units[0] == "syscalls/op" && !slices.ContainsFunc(groups, func(g digest.Group) bool { return !never(g, units[0]) }) {
			b.para(table.Plain, "No benchmark makes a system call.")
			continue
		}
		b.para(table.Dim, "Work per iteration: "+words.Clean(how)+".")
		t := table.Table{Columns: []table.Column{
			{Title: words.Clean(units[0])},
			{Title: words.Clean(groups[0].Base), Right: true},
			{Title: words.Clean(variant), Right: true},
			{Title: "vs base", Right: true},
			{Title: "repeats within", Right: true},
		}}
		for _, g := range groups {
			if row := workRow(g, units[0]); row != nil {
				t.Rows = append(t.Rows, row)
			}
		}
		b.table("work per iteration", t, nil)
		var equal []string
		for _, u := range units[1:] {
			switch {
			case b.count(groups, u, variant):
			case slices.ContainsFunc(groups, func(g digest.Group) bool { return compared(g, u) }):
				equal = append(equal, words.Clean(u))
			}
		}
		if len(equal) > 0 {
			b.para(table.Plain, "Equal, as far as they repeat, in every benchmark where they do: "+strings.Join(equal, ", ")+".")
		}
	}
}

// ways are the ways by which anything was counted, the first unit's first.
func ways(groups []digest.Group) []string {
	var all []string
	for _, g := range groups {
		for _, u := range g.Work {
			if !slices.Contains(all, u.How) {
				all = append(all, u.How)
			}
		}
	}
	return all
}

// workOf are the units that were counted in that way, in their order.
func workOf(groups []digest.Group, how string) []string {
	var all []string
	for _, g := range groups {
		for _, u := range g.Work {
			if u.How == how && !slices.Contains(all, u.Name) {
				all = append(all, u.Name)
			}
		}
	}
	return all
}

// compared says that the sides of a group were held against each other in a unit.
func compared(g digest.Group, unit string) bool {
	return slices.ContainsFunc(g.Rows, func(r digest.Row) bool {
		_, ok := r.Versus[unit]
		return ok
	})
}

// workRow is a benchmark's line in the table of a unit, nil where it was not counted.
func workRow(g digest.Group, unit string) []table.Cell {
	row := []table.Cell{{Text: label(g)}, {Text: "–"}, {Text: "–"}, {Text: "–"}, {Text: "–"}}
	col, counted := words.NewColumn(unit, true, scaling(g, unit)), false
	for _, r := range g.Rows {
		s, ok := r.Stats[unit]
		if !ok {
			continue
		}
		counted = true
		if r.Base {
			row[1].Text = col.Value(s.Value())
			continue
		}
		row[2].Text = col.Value(s.Value())
		if compared(g, unit) {
			row[3] = exactChange(r, unit)
		}
		row[4].Text = repeats(s)
	}
	if !counted {
		return nil
	}
	return row
}

// repeats words how closely a count repeats.
func repeats(s result.Stat) string {
	switch {
	case !s.Exact:
		return "varies"
	case s.Within == 0:
		return "exactly"
	}
	return fmt.Sprintf("%.2g%%", 100*s.Within)
}
