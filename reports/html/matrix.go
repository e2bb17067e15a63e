package html

import (
	"strings"

	"assay/reports/digest"
	"assay/reports/words"
)

// matrix is the answer at a glance: variants by operation and workload, each
// cell a letter, a colour and the change.
type matrix struct {
	Family string
	Base   string
	Corner string // what the rows are
	Spans  []span
	Heads  []string // workloads
	Rows   []matrixRow
}

// span is one operation or exact unit over its workloads.
type span struct {
	Title string
	Cols  int
}

type matrixRow struct {
	Variant string
	Cells   []matrixCell
}

type matrixCell struct {
	Class  string // f s e u, loud or empty: the colours of the style sheet
	Letter string
	Delta  string
	Spoken string // what a screen reader says
}

// column is one group seen in one unit.
type column struct {
	group digest.Group
	unit  string
}

// matrices makes one matrix per family that compared anything.
func matrices(groups []digest.Group) []matrix {
	families, order := map[string][]digest.Group{}, []string{}
	for _, g := range groups {
		if families[g.Family] == nil {
			order = append(order, g.Family)
		}
		families[g.Family] = append(families[g.Family], g)
	}
	out := []matrix{}
	for _, f := range order {
		if m := newMatrix(f, families[f]); len(m.Heads) > 0 && len(m.Rows) > 0 {
			out = append(out, m)
		}
	}
	return out
}

func newMatrix(family string, groups []digest.Group) matrix {
	m := matrix{Family: words.Clean(family), Corner: "variant"}
	cols := []column{}
	ops := digest.Operations(groups)
	for _, op := range ops {
		cols = m.span(cols, op, digest.Time)
	}
	for _, op := range ops {
		for _, u := range digest.Varying(op) {
			cols = m.span(cols, op, u.Name)
		}
	}
	for _, v := range contenders(groups) {
		row := matrixRow{Variant: words.Clean(v)}
		for _, c := range cols {
			row.Cells = append(row.Cells, cell(c, v))
		}
		m.Rows = append(m.Rows, row)
	}
	if len(m.Rows) <= 2 && len(m.Heads) > 6 {
		return m.turned()
	}
	return m
}

// turned is the matrix with operations as rows: two revisions of many
// benchmarks are one variant in fifty columns otherwise.
func (m matrix) turned() matrix {
	out := matrix{Family: m.Family, Base: m.Base, Corner: "operation"}
	for _, r := range m.Rows {
		out.Heads = append(out.Heads, r.Variant)
	}
	col := 0
	for _, s := range m.Spans {
		for range s.Cols {
			row := matrixRow{Variant: strings.TrimSuffix(s.Title+" "+m.Heads[col], " "+nameless)}
			for _, r := range m.Rows {
				row.Cells = append(row.Cells, r.Cells[col])
			}
			out.Rows = append(out.Rows, row)
			col++
		}
	}
	return out
}

// nameless stands where there is no workload to name.
const nameless = "–"

func title(g digest.Group, unit string) string {
	s := words.Clean(g.Op)
	if unit != digest.Time {
		s = words.Clean(unit) + " (" + s + ")"
	}
	if g.Scenario != "" {
		s += ", " + words.Clean(g.Scenario)
	}
	return s
}

// span adds the columns of one operation in one unit.
func (m *matrix) span(cols []column, op []digest.Group, unit string) []column {
	n := 0
	for _, g := range op {
		if !compared(g, unit) {
			continue
		}
		n++
		cols = append(cols, column{g, unit})
		head := words.Clean(g.Workload)
		if head == "" {
			head = nameless
		}
		m.Heads = append(m.Heads, head)
		m.Base = words.Clean(g.Base)
	}
	if n > 0 {
		m.Spans = append(m.Spans, span{title(op[0], unit), n})
	}
	return cols
}

// compared says whether a group has a comparison worth a column: any by time,
// a differing one by count.
func compared(g digest.Group, unit string) bool {
	if unit != digest.Time {
		return g.Differs(unit)
	}
	return g.Compared(unit)
}

// contenders lists variants that were compared or went wrong somewhere, in the order of the groups.
func contenders(groups []digest.Group) []string {
	seen, out := map[string]bool{}, []string{}
	for _, g := range groups {
		for _, r := range g.Rows {
			if r.Null || r.Base || r.Variant == "" || seen[r.Variant] || len(r.Versus) == 0 && !r.Loud() {
				continue
			}
			seen[r.Variant] = true
			out = append(out, r.Variant)
		}
	}
	return out
}

func cell(c column, variant string) matrixCell {
	for _, r := range c.group.Rows {
		if r.Variant != variant {
			continue
		}
		v, ok := r.Versus[c.unit]
		switch {
		case len(r.Wrong) > 0:
			return matrixCell{Class: "loud", Letter: "✗", Delta: "wrong", Spoken: "answers wrongly"}
		case len(r.Failed) > 0:
			return matrixCell{Class: "loud", Letter: "✗", Delta: "failed", Spoken: "could not be measured"}
		case r.Base:
			return matrixCell{Letter: "·", Delta: "base", Spoken: "the base"}
		case ok:
			return matrixCell{Class: class(v.Verdict), Letter: words.Letter(v.Verdict), Delta: words.Delta(v.Ratio), Spoken: words.Clean(v.Verdict)}
		}
	}
	return matrixCell{Delta: "–", Spoken: "not measured"}
}

func class(verdict string) string {
	switch verdict {
	case "faster", "better":
		return "f"
	case "slower", "worse":
		return "s"
	case "same", "equal":
		return "e"
	case "undecided":
		return "u"
	}
	return ""
}
