// Package table prints small tables for a terminal and for Markdown. It wraps
// tablewriter so that its traps are handled in one place: header formatting is
// off (it would print "NS / OP" for "ns/op"), Markdown cells are escaped (it
// does not), and character widths do not depend on the reader's locale.
package table

import (
	"strings"
	"unicode/utf8"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// Table is a grid of short texts. The first column names the rows.
type Table struct {
	Columns []Column
	Rows    [][]Cell // each as long as Columns
}

// Column is a heading and the side its cells stand on.
type Column struct {
	Title string
	Right bool // numbers
	Joins bool // belongs to the column before it; the two are never split apart
}

// Cell is one text and the tone it is spoken in.
type Cell struct {
	Text string
	Tone Tone
}

// Tone is the mood of a cell; it becomes a colour where there are colours and
// is never the only carrier of a meaning.
type Tone int

// The tones.
const (
	Plain Tone = iota
	Good       // a decided improvement
	Bad        // a decided loss
	Dim        // floor rows, undecided
	Loud       // wrong, failed, unfit
)

// Terminal prints the table in benchstat's look. Columns that do not fit the
// width go into further tables below, each repeating the first column.
func Terminal(t Table, width int, colour bool) (string, error) {
	var out strings.Builder
	for i, part := range split(t, width) {
		if i > 0 {
			out.WriteByte('\n')
		}
		s, err := grid(part, colour)
		if err != nil {
			return "", err
		}
		out.WriteString(s)
	}
	return out.String(), nil
}

func grid(t Table, colour bool) (string, error) {
	var out strings.Builder
	symbols := tw.NewSymbolCustom("assay").WithColumn("│").WithRow("─").WithCenter("┼")
	r := renderer.NewBlueprint(tw.Rendition{
		Borders: tw.BorderNone,
		Symbols: symbols,
		Settings: tw.Settings{
			Separators: tw.Separators{BetweenColumns: tw.On, BetweenRows: tw.Off},
			Lines:      tw.Lines{ShowHeaderLine: tw.On, ShowTop: tw.Off, ShowBottom: tw.Off, ShowFooterLine: tw.Off},
		},
	})
	paint := func(c Cell) string {
		if !colour || c.Text == "" {
			return c.Text
		}
		return Paint(c.Text, c.Tone)
	}
	if err := write(&out, r, t, paint); err != nil {
		return "", err
	}
	return trimLines(out.String()), nil
}

// Markdown prints the table as a pipe table with every cell escaped.
func Markdown(t Table) (string, error) {
	var out strings.Builder
	escaped := Table{Rows: t.Rows}
	for _, c := range t.Columns {
		c.Title = Escape(c.Title)
		escaped.Columns = append(escaped.Columns, c)
	}
	err := write(&out, renderer.NewMarkdown(), escaped, func(c Cell) string {
		if s := Escape(c.Text); c.Tone == Loud && s != "" {
			return "**" + s + "**"
		}
		return Escape(c.Text)
	})
	return out.String(), err
}

func write(out *strings.Builder, r tw.Renderer, t Table, text func(Cell) string) error {
	aligns, titles := []tw.Align{}, []string{}
	for _, c := range t.Columns {
		a := tw.AlignLeft
		if c.Right {
			a = tw.AlignRight
		}
		aligns, titles = append(aligns, a), append(titles, c.Title)
	}
	cells := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Alignment:  tw.CellAlignment{Global: tw.AlignLeft, PerColumn: aligns},
	}
	w := tablewriter.NewTable(out,
		tablewriter.WithRenderer(r),
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithConfig(tablewriter.Config{Header: cells, Row: cells}))
	w.Header(titles)
	for _, row := range t.Rows {
		line := make([]string, len(row))
		for i, c := range row {
			line[i] = text(c)
		}
		if err := w.Append(line); err != nil {
			return err
		}
	}
	return w.Render()
}

// split cuts the columns into parts that fit the width. A part always takes at
// least one column beside the first, however wide: cutting inside a cell would
// hide a figure.
func split(t Table, width int) []Table {
	if width <= 0 || len(t.Columns) == 0 {
		return []Table{t}
	}
	parts, take, used := []Table{}, []int{0}, columnWidth(t, 0)
	for i := 1; i < len(t.Columns); {
		n, w := span(t, i)
		if used+w > width && len(take) > 1 {
			parts = append(parts, pick(t, take))
			take, used = []int{0}, columnWidth(t, 0)
		}
		for j := i; j < i+n; j++ {
			take = append(take, j)
		}
		used, i = used+w, i+n
	}
	return append(parts, pick(t, take))
}

// span returns how many columns stay together from i on, and their width.
func span(t Table, i int) (n, width int) {
	for n = 1; i+n < len(t.Columns) && t.Columns[i+n].Joins; n++ {
		width += columnWidth(t, i+n)
	}
	return n, width + columnWidth(t, i)
}

func columnWidth(t Table, i int) int {
	w := utf8.RuneCountInString(t.Columns[i].Title)
	for _, r := range t.Rows {
		w = max(w, utf8.RuneCountInString(r[i].Text))
	}
	return w + 3 // a space on both sides and the line
}

func pick(t Table, cols []int) Table {
	var out Table
	for _, i := range cols {
		out.Columns = append(out.Columns, t.Columns[i])
	}
	for _, r := range t.Rows {
		row := make([]Cell, 0, len(cols))
		for _, i := range cols {
			row = append(row, r[i])
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}
