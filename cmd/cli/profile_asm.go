package cli

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"assay/reports/table"
	wording "assay/reports/words"
)

// printCode prints a table of the functions and, below it, what is to be said of
// them; with asm their assembly, too.
func (a *app) printCode(all []codeOf, inlining, asm bool) error {
	t := table.Table{Columns: []table.Column{
		{Title: "variant"},
		{Title: "function"},
		{Title: "samples", Right: true},
		{Title: "bytes", Right: true},
		{Title: "instr.", Right: true},
		{Title: "branches", Right: true},
		{Title: "guards", Right: true},
		{Title: "indirect", Right: true},
		{Title: "calls", Right: true},
		{Title: "checks", Right: true},
	}}
	if inlining {
		t.Columns = append(t.Columns, table.Column{Title: "inlined"})
	}
	var notes []string
	for _, c := range all {
		for i, f := range c.Functions {
			name := ""
			if i == 0 {
				name = wording.Clean(c.name())
			}
			t.Rows = append(t.Rows, codeCells(name, f, inlining))
			if len(f.Of) > 0 {
				notes = append(notes, fmt.Sprintf("%s holds %s.", shortName(f.Name), strings.Join(shortNames(f.Of), ", ")))
			}
		}
		if len(c.Functions) > 1 {
			t.Rows = append(t.Rows, c.Total.cells(len(t.Columns)))
		}
		if c.Told != "" {
			notes = append(notes, fmt.Sprintf("%s: published %s; Go makes %d B and %d conditional branches of it, %d of them to a panic or to the growth of the stack.",
				c.name(), c.Told, c.Total.Size, c.Total.Branches, c.Total.Guards))
		}
		for _, o := range c.Same {
			notes = append(notes, fmt.Sprintf("%s and %s: same machine code.", o, c.name()))
		}
	}
	text, err := table.Terminal(t, max(width(a.Out), codeWidth(t)), colour(a.Out))
	if err != nil {
		return err
	}
	fmt.Fprint(a.Out, text)
	fmt.Fprintln(a.Out, "branches: conditional ones; guards: those of them to a panic or to the growth of the stack; indirect: jumps and calls\n"+
		"to a computed address; checks: bounds checks; inlined: whether other functions hold a copy of the body too.")
	seen := map[string]bool{}
	for _, n := range notes {
		if !seen[n] {
			seen[n] = true
			fmt.Fprintln(a.Out, wording.Clean(n))
		}
	}
	if asm {
		a.printAsm(all)
	}
	return nil
}

// codeWidth is what the table takes: on a narrower terminal its lines wrap,
// which is easier to read than a table in parts.
func codeWidth(t table.Table) int {
	const separator = 3
	all := 0
	for i, c := range t.Columns {
		longest := utf8.RuneCountInString(c.Title)
		for _, r := range t.Rows {
			longest = max(longest, utf8.RuneCountInString(r[i].Text))
		}
		all += longest + separator
	}
	return all
}

func codeCells(variant string, f codeRow, inlining bool) []table.Cell {
	share := "–"
	if f.Share > 0 {
		share = fmt.Sprintf("%.0f %%", 100*f.Share)
	}
	row := []table.Cell{{Text: variant}, {Text: shortName(f.Name)}, {Text: share}}
	for _, n := range []int{f.Size, f.Instructions, f.Branches, f.Guards, f.Indirect, f.Calls, f.Checks} {
		row = append(row, table.Cell{Text: strconv.Itoa(n)})
	}
	if inlining {
		text := "no"
		if n := len(f.Into); n > 0 {
			text = fmt.Sprintf("in %d others too", n)
		}
		row = append(row, table.Cell{Text: text})
	}
	return row
}

func (s codeSums) cells(columns int) []table.Cell {
	row := []table.Cell{{}, {Text: "together"}, {}}
	for _, n := range []int{s.Size, 0, s.Branches, s.Guards, s.Indirect, s.Calls, s.Checks} {
		row = append(row, table.Cell{Text: strconv.Itoa(n), Tone: table.Dim})
	}
	row[4].Text = ""
	return append(row, make([]table.Cell, columns-len(row))...)
}

// shortName drops the folders of an import path.
func shortName(name string) string { return wording.Clean(path.Base(name)) }

func shortNames(names []string) []string {
	short := make([]string, len(names))
	for i, n := range names {
		short[i] = shortName(n)
	}
	return short
}

// printAsm prints the functions of the variants side by side: the first of each
// in one row of columns, then the second, and so on. A source line is named
// where it changes, and instructions that count are marked.
func (a *app) printAsm(all []codeOf) {
	if len(all) == 1 { // nothing to stand beside: one function after the other
		var each []codeOf
		for _, f := range all[0].Functions {
			each = append(each, codeOf{Functions: []codeRow{f}})
		}
		for _, c := range each {
			a.printBeside([]codeOf{c}, 0)
		}
		return
	}
	most := 0
	for _, c := range all {
		most = max(most, len(c.Functions))
	}
	for n := range most {
		a.printBeside(all, n)
	}
}

// asmColumn is the width of a listing in characters.
const asmColumn = 64

func (a *app) printBeside(all []codeOf, n int) {
	var columns [][]string
	longest := 0
	for _, c := range all {
		var lines []string
		if n < len(c.Functions) {
			lines = asmLines(c.name(), c.Functions[n])
		}
		columns, longest = append(columns, lines), max(longest, len(lines))
	}
	fmt.Fprintln(a.Out)
	for i := range longest {
		var line strings.Builder
		for k, lines := range columns {
			text := ""
			if i < len(lines) {
				text = lines[i]
			}
			if k > 0 {
				line.WriteString(" │ ")
			}
			line.WriteString(fitted(text, asmColumn))
		}
		fmt.Fprintln(a.Out, strings.TrimRight(line.String(), " "))
	}
}

func asmLines(variant string, f codeRow) []string {
	lines := []string{wording.Clean(variant + " " + shortName(f.Name)), fmt.Sprintf("%d B, %d branches, %d bounds checks", f.Size, f.Branches, f.Checks)}
	source := ""
	for _, l := range f.Lines {
		if at := fmt.Sprintf("%s:%d", path.Base(l.File), l.Number); at != source {
			source = at
			lines = append(lines, "  "+wording.Clean(at))
		}
		lines = append(lines, fmt.Sprintf("%5x %-8s %s", l.Offset, l.Mark, wording.Clean(l.Text)))
	}
	return lines
}

// fitted pads or cuts a text to so many characters.
func fitted(s string, n int) string {
	if k := utf8.RuneCountInString(s); k <= n {
		return s + strings.Repeat(" ", n-k)
	}
	return string([]rune(s)[:n-1]) + "…"
}
