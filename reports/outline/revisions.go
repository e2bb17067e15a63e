package outline

import (
	"strings"

	"assay/reports/digest"
	"assay/reports/table"
	"assay/reports/words"
	"assay/runner/result"
)

// revisions prints a merged topic the way benchstat prints two files: a row per
// benchmark, the two sides beside each other, the geometric mean at the end.
func (b *builder) revisions(groups []digest.Group) {
	g := groups[0]
	variant := contender(g)
	title := g.Family + ": " + variant + " over " + g.Base
	if g.Scenario != "" {
		title += ", " + g.Scenario
	}
	b.heading(3, title)
	t := table.Table{Columns: []table.Column{
		{Title: "time/op"},
		{Title: words.Clean(g.Base), Right: true},
		{Title: words.Clean(variant), Right: true},
		{Title: "vs base", Right: true},
		{Title: "verdict"},
	}}
	notes, timed := []Note{}, false
	for _, g := range groups {
		t.Rows = append(t.Rows, b.revision(g, &notes))
		timed = timed || g.Has(digest.Time)
	}
	t.Rows = append(t.Rows, geomeanRow(groups, variant))
	if timed {
		b.table("", t, append(notes, b.unfitNote()...))
	}
	b.counts(groups, variant)
	b.worked(groups, variant)
	b.sure(groups...)
	for _, g := range groups {
		for _, r := range g.Rows {
			b.reasons(r)
			b.why(label(g), g, r)
		}
	}
}

// contender is the row of a group that is neither base nor floor.
func contender(g digest.Group) string {
	for _, r := range g.Rows {
		if !r.Base && !r.Null {
			return r.Variant
		}
	}
	return ""
}

// label names a benchmark within its family.
func label(g digest.Group) string {
	if s := words.Clean(g.Op + " " + g.Workload); s != "" {
		return s
	}
	return "(unnamed)"
}

func (b *builder) revision(g digest.Group, notes *[]Note) []table.Cell {
	cells := []table.Cell{{Text: label(g)}, {Text: "–"}, {Text: "–"}, {}, {}}
	for _, r := range g.Rows {
		at := 2
		if r.Base {
			at = 1
		}
		if s, ok := r.Stats[digest.Time]; ok && !r.Null {
			cells[at] = table.Cell{Text: words.Whole(s) + b.doubt(), Tone: rowTone(r)}
		}
		switch c, ok := r.Versus[digest.Time]; {
		case r.Loud():
			cells[4].Text, cells[4].Tone = role(r)
		case ok && !r.Null && cells[4].Text == "":
			cells[3] = table.Cell{Text: words.Interval(c.Ratio, c.Lo, c.Hi), Tone: verdictTone(c.Verdict)}
			cells[4] = table.Cell{Text: words.Verdict(c) + b.marks(c, notes), Tone: verdictTone(c.Verdict)}
		}
	}
	return cells
}

// geomeanRow closes the table, as benchstat does; rows without a ratio are left
// out of both sides.
func geomeanRow(groups []digest.Group, variant string) []table.Cell {
	complete := []digest.Group{}
	for _, g := range groups {
		for _, r := range g.Rows {
			if r.Variant == variant && !r.Loud() && !g.BaseLoud() && r.Versus[digest.Time].Ratio > 0 {
				complete = append(complete, g)
			}
		}
	}
	row := []table.Cell{{Text: "geomean", Tone: table.Dim}, {}, {}, {}, {}}
	for _, m := range digest.Geomeans(complete, digest.Time) {
		at := 1
		if m.Variant == variant {
			at = 2
			row[3].Text = words.Delta(m.Ratio)
		}
		row[at].Text = words.Whole(result.Stat{Median: &m.Value, Lo: &m.Value, Hi: &m.Value})
	}
	return row
}

// counts prints a table per exact unit in which any benchmark differs, and one
// sentence for the rest.
func (b *builder) counts(groups []digest.Group, variant string) {
	equal, seen := []string{}, map[string]bool{}
	for _, g := range groups {
		for _, u := range g.Units {
			if !u.Exact || seen[u.Name] {
				continue
			}
			seen[u.Name] = true
			if !b.count(groups, u.Name, variant) {
				equal = append(equal, words.Clean(u.Name))
			}
		}
	}
	if len(equal) > 0 {
		b.para(table.Plain, "Equal in every benchmark: "+strings.Join(equal, ", ")+".")
	}
}

// count prints the benchmarks that differ in one unit, and says whether any did.
func (b *builder) count(groups []digest.Group, unit, variant string) bool {
	t := table.Table{Columns: []table.Column{{Title: words.Clean(unit)}, {Title: words.Clean(groups[0].Base), Right: true}, {Title: words.Clean(variant), Right: true}, {Title: "vs base", Right: true}}}
	for _, g := range groups {
		if !g.Differs(unit) {
			continue
		}
		row := []table.Cell{{Text: label(g)}, {Text: "–"}, {Text: "–"}, {}}
		col := words.NewColumn(unit, true, scaling(g, unit))
		for _, r := range g.Rows {
			s, ok := r.Stats[unit]
			switch {
			case !ok || r.Null:
			case r.Base:
				row[1].Text = col.Cell(s)
			default:
				row[2].Text, row[3] = col.Cell(s), exactChange(r, unit)
			}
		}
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		return false
	}
	b.table("", t, nil)
	return true
}
