package html

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"assay/profiles/flame"
	"assay/reports/words"
	"assay/runner/hotcode"
)

// codeTable is the machine code of one operation's hot functions, all variants.
type codeTable struct {
	Title string // "page/fill"
	Rows  []codeRow
	Notes []string
}

// codeRow is one function of one variant.
type codeRow struct {
	Variant  string // empty below the first function of a variant
	Function string
	Cells    []string // samples, bytes, instructions, branches, guards, indirect, calls, checks, inlined
}

// codeTables makes a table per operation, in the order of the run; and says what
// is missing.
func codeTables(c *hotcode.Code) (tables []codeTable, missing string) {
	if c == nil {
		return nil, ""
	}
	at := map[string]int{}
	for _, v := range c.Variants {
		title := words.Clean(v.Family + "/" + v.Op)
		i, seen := at[title]
		if !seen {
			i = len(tables)
			at[title], tables = i, append(tables, codeTable{Title: title})
		}
		t := &tables[i]
		rows := codeRows(c, v)
		if len(rows) == 0 {
			continue
		}
		rows[0].Variant = words.Clean(v.Variant)
		t.Rows = append(t.Rows, rows...)
		if len(v.Same) > 0 {
			t.Notes = append(t.Notes, fmt.Sprintf("%s and %s: same machine code.", words.Clean(strings.Join(v.Same, ", ")), words.Clean(v.Variant)))
		}
	}
	if c.Left > 0 {
		missing = fmt.Sprintf("%d more functions were left off for size: assay profile code has all of them.", c.Left)
	}
	return slices.DeleteFunc(tables, func(t codeTable) bool { return len(t.Rows) == 0 }), missing
}

func codeRows(c *hotcode.Code, v hotcode.Variant) []codeRow {
	var rows []codeRow
	for _, name := range v.Hottest() {
		i := slices.IndexFunc(c.Functions, func(f hotcode.Function) bool { return f.Name == name })
		if i < 0 {
			continue // the journal of another assay
		}
		f, row := c.Functions[i], codeRow{Function: words.Clean(flame.ShortName(name)), Cells: []string{"–"}}
		if s := v.Functions[name]; s > 0 {
			row.Cells[0] = share(s)
		}
		for _, n := range []int{f.Size, f.Instructions, f.Branches, f.Guards, f.Indirect, f.Calls, f.Checks} {
			row.Cells = append(row.Cells, strconv.Itoa(n))
		}
		inlined := "no"
		switch {
		case !c.Inlining:
			inlined = "unknown"
		case f.Into > 0:
			inlined = fmt.Sprintf("in %d others", f.Into)
		}
		row.Cells = append(row.Cells, inlined)
		rows = append(rows, row)
	}
	return rows
}
