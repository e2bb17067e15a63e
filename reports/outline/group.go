package outline

import (
	"fmt"
	"strings"

	"assay/reports/digest"
	"assay/reports/story"
	"assay/reports/table"
	"assay/reports/words"
)

// tables prints each family: its operations, a table per workload, the
// geometric means, and what the family teaches.
func (b *builder) tables() {
	family := ""
	for _, topic := range digest.Topics(digest.Groups(b.view.Result)) {
		if f := topic.Groups[0].Family; f != family {
			family = f
			b.heading(2, f)
			b.para(table.Plain, b.view.Docs.Families[f])
			for _, s := range b.view.Docs.Lessons[f] {
				b.para(table.Plain, s)
			}
		}
		if topic.Merged {
			b.revisions(topic.Groups)
			continue
		}
		for _, g := range topic.Groups {
			b.group(g)
		}
		b.geomean(topic.Groups)
	}
}

func (b *builder) group(g digest.Group) {
	b.heading(3, g.Name())
	if len(g.Units) == 0 && len(g.Rows) == 0 {
		return
	}
	t, notes := b.grid(g)
	b.table("", t, notes)
	b.latency(g)
	b.work(g)
	for _, r := range g.Rows {
		b.reasons(r)
	}
	constants := []string{}
	for _, u := range g.Units {
		if v, ok := g.Constant(u.Name); ok && u.Exact {
			constants = append(constants, words.Number(u.Name, v))
		}
	}
	if len(constants) > 0 {
		b.para(table.Plain, "Every row: "+strings.Join(constants, ", ")+".")
	}
	for _, lead := range story.Lead(g) {
		b.para(table.Plain, lead)
	}
	b.sure(g)
	for _, r := range g.Rows {
		b.why(words.Clean(r.Variant), g, r)
	}
}

// why says where the differences of a row come from, one sentence for each
// comparison that the profiles explain.
func (b *builder) why(name string, g digest.Group, r digest.Row) {
	for _, u := range g.Units {
		why := words.Clean(r.Versus[u.Name].Why)
		switch {
		case why == "":
		case u.Name == digest.Time:
			b.para(table.Dim, name+": "+why)
		default:
			b.para(table.Dim, name+" in "+words.Clean(u.Name)+": "+why)
		}
	}
}

// reasons says below the table what is the matter with a loud row.
func (b *builder) reasons(r digest.Row) {
	for _, w := range r.Wrong {
		b.para(table.Loud, fmt.Sprintf("WRONG %s at %s: %s", rowName(r), words.Clean(w.At), words.Clean(w.Detail)))
	}
	for _, why := range r.Failed {
		b.para(table.Loud, fmt.Sprintf("FAILED %s: %s", rowName(r), words.Clean(why)))
	}
}

// grid makes the table of one group and collects the footnotes its cells carry.
func (b *builder) grid(g digest.Group) (table.Table, []Note) {
	t := table.Table{Columns: []table.Column{{Title: "variant"}}, Rows: make([][]table.Cell, len(g.Rows))}
	notes := []Note{}
	for i, r := range g.Rows {
		t.Rows[i] = []table.Cell{{Text: rowName(r), Tone: rowTone(r)}}
	}
	placed := false // whether the roles and the loud words have a column
	for _, u := range g.Units {
		if _, same := g.Constant(u.Name); same && u.Exact {
			continue // said in one sentence below the table
		}
		if g.Spare(u.Name) {
			continue // in the table of latencies, or among the details
		}
		if u.Exact {
			b.exactColumns(&t, g, u)
			continue
		}
		judged := u.Name == digest.Time || g.Compared(u.Name)
		placed = placed || judged
		b.noisyColumns(&t, g, u, judged, &notes)
	}
	if !placed {
		t.Columns = append(t.Columns, table.Column{Title: ""})
		for i, r := range g.Rows {
			word, tone := role(r)
			t.Rows[i] = append(t.Rows[i], table.Cell{Text: word, Tone: tone})
		}
	}
	if g.BaseLoud() {
		notes = append(notes, Note{"!!", "the base answers wrongly or failed: no ratio of this table means anything"})
	}
	if g.Has(digest.Time) {
		notes = append(notes, b.unfitNote()...)
	}
	return t, notes
}

// unfitNote explains the mark of doubt.
func (b *builder) unfitNote() []Note {
	if len(b.unfit) == 0 {
		return nil
	}
	return []Note{{"!", b.unfitWords()}}
}

// doubt is the mark beside every absolute time of an unfit run.
func (b *builder) doubt() string {
	if len(b.unfit) == 0 {
		return ""
	}
	return " !"
}

// noisyColumns adds a sampled unit: its value and, where it is judged, the
// change against the base and the verdict.
func (b *builder) noisyColumns(t *table.Table, g digest.Group, u digest.Unit, judged bool, notes *[]Note) {
	col := words.NewColumn(u.Name, false, scaling(g, u.Name))
	t.Columns = append(t.Columns, table.Column{Title: words.Clean(col.Title), Right: true})
	if judged {
		t.Columns = append(t.Columns, table.Column{Title: "vs base", Right: true, Joins: true}, table.Column{Title: "verdict", Joins: true})
	}
	for i, r := range g.Rows {
		value, change := table.Cell{Text: "–"}, table.Cell{}
		if s, ok := r.Stats[u.Name]; ok {
			value = table.Cell{Text: col.Cell(s) + b.doubt(), Tone: rowTone(r)}
		}
		t.Rows[i] = append(t.Rows[i], value)
		if !judged {
			continue
		}
		word, tone := role(r)
		if c, ok := r.Versus[u.Name]; ok && !r.Null && !r.Loud() {
			change = table.Cell{Text: words.Interval(c.Ratio, c.Lo, c.Hi), Tone: verdictTone(c.Verdict)}
			if word == "" {
				word, tone = words.Verdict(c)+b.marks(c, notes), verdictTone(c.Verdict)
			}
		}
		t.Rows[i] = append(t.Rows[i], change, table.Cell{Text: word, Tone: tone})
	}
}

// exactColumns adds a counted unit, and its change against the base where any row differs.
func (b *builder) exactColumns(t *table.Table, g digest.Group, u digest.Unit) {
	col := words.NewColumn(u.Name, true, scaling(g, u.Name))
	t.Columns = append(t.Columns, table.Column{Title: words.Clean(u.Name), Right: true})
	change := g.Differs(u.Name)
	if change {
		t.Columns = append(t.Columns, table.Column{Title: "vs base", Right: true, Joins: true})
	}
	for i, r := range g.Rows {
		value := table.Cell{Text: "–"}
		if s, ok := r.Stats[u.Name]; ok {
			value = table.Cell{Text: col.Cell(s), Tone: rowTone(r)}
		}
		t.Rows[i] = append(t.Rows[i], value)
		if change {
			t.Rows[i] = append(t.Rows[i], exactChange(r, u.Name))
		}
	}
}

func exactChange(r digest.Row, unit string) table.Cell {
	c, ok := r.Versus[unit]
	switch {
	case !ok || r.Null || r.Loud():
		return table.Cell{}
	case c.Verdict == "equal":
		return table.Cell{Text: "= equal"}
	case !(c.Ratio > 0): // from or to zero there is no percentage
		return table.Cell{Text: words.Clean(c.Verdict), Tone: verdictTone(c.Verdict)}
	}
	return table.Cell{Text: words.Delta(c.Ratio) + " " + words.Clean(c.Verdict), Tone: verdictTone(c.Verdict)}
}

// scaling lists the values that choose a column's scale: all but the floor's.
func scaling(g digest.Group, unit string) []float64 {
	all, rest := []float64{}, []float64{}
	for _, r := range g.Rows {
		if s, ok := r.Stats[unit]; ok {
			all = append(all, s.Value())
			if !r.Null {
				rest = append(rest, s.Value())
			}
		}
	}
	if len(rest) == 0 {
		return all
	}
	return rest
}

func rowName(r digest.Row) string {
	name := words.Clean(r.Variant)
	switch {
	case r.Variant == "":
		return "(all)"
	case name == "":
		return "(unnamed)"
	case r.Peer:
		return name + " (peer)"
	}
	return name
}

func rowTone(r digest.Row) table.Tone {
	switch {
	case r.Loud():
		return table.Loud
	case r.Null:
		return table.Dim
	}
	return table.Plain
}

// role is the word that stands in the verdict's place for rows that have none.
func role(r digest.Row) (string, table.Tone) {
	switch {
	case len(r.Wrong) > 0:
		return "WRONG", table.Loud
	case len(r.Failed) > 0:
		return "FAILED", table.Loud
	case r.Base:
		return "base", table.Dim
	case r.Null:
		return "floor", table.Dim
	}
	return "", table.Plain
}

func verdictTone(v string) table.Tone {
	switch v {
	case "faster", "better":
		return table.Good
	case "slower", "worse":
		return table.Bad
	case "undecided":
		return table.Dim
	}
	return table.Plain
}
