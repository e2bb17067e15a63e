package html

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assay/reports/internal/fixture"
	"assay/runner/hotcode"
)

// someCode is two variants of one operation and one of another.
func someCode() *hotcode.Code {
	return &hotcode.Code{
		Inlining: true, Left: 3,
		Functions: []hotcode.Function{
			{Name: "assay/encodings/page.find[go.shape.int]", Size: 245, Instructions: 68, Branches: 6, Guards: 1, Indirect: 2, Calls: 3, Checks: 4},
			{Name: "assay/encodings/page.load", Size: 47, Instructions: 12, Into: 2},
		},
		Variants: []hotcode.Variant{
			{Family: "page", Op: "fill", Variant: "raw", Functions: map[string]float64{"assay/encodings/page.load": .25, "assay/encodings/page.find[go.shape.int]": .5}},
			{Family: "page", Op: "get-hit", Variant: "raw", Declared: true, Functions: map[string]float64{"assay/encodings/page.load": 0}},
			{Family: "page", Op: "fill", Variant: "nibble", Functions: map[string]float64{"assay/encodings/page.find[go.shape.int]": .9}, Same: []string{"raw"}},
			{Family: "page", Op: "scan", Variant: "raw", Functions: map[string]float64{"described.nowhere": 1}},
		},
	}
}

func TestMachineCodeStandsByOperationVariantsSideBySide(t *testing.T) {
	t.Parallel()
	tables, missing := codeTables(someCode())
	find := []string{"245", "68", "6", "1", "2", "3", "4", "no"}
	load := []string{"47", "12", "0", "0", "0", "0", "0", "in 2 others"}
	want := []codeTable{
		{
			Title: "page/fill",
			Rows: []codeRow{
				{"raw", "page.find[…]", append([]string{"50%"}, find...)},
				{"", "page.load", append([]string{"25%"}, load...)},
				{"nibble", "page.find[…]", append([]string{"90%"}, find...)},
			},
			Notes: []string{"raw and nibble: same machine code."},
		},
		{Title: "page/get-hit", Rows: []codeRow{{"raw", "page.load", append([]string{"–"}, load...)}}},
	}
	if diff := cmp.Diff(want, tables); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(missing, "3 more functions were left off") {
		t.Errorf("what is missing: %q", missing)
	}
}

func TestWhatIsInlinedIsUnknownWithoutDebuggingInformation(t *testing.T) {
	t.Parallel()
	c := someCode()
	c.Inlining = false
	tables, _ := codeTables(c)
	for _, r := range tables[0].Rows {
		if last := r.Cells[len(r.Cells)-1]; last != "unknown" {
			t.Errorf("%s is inlined: %s", r.Function, last)
		}
	}
}

func TestThePageFoldsTheMachineCodeUnderWhy(t *testing.T) {
	t.Parallel()
	v := fixture.Page()
	if strings.Contains(render(t, v), "machine code of") {
		t.Error("a run without machine code has a table of it")
	}
	v.Result.Code = someCode()
	page := render(t, v)
	why, code, graphs := strings.Index(page, `id="why"`), strings.Index(page, "<caption>page/fill</caption>"), strings.Index(page, `id="flame"`)
	if why < 0 || code < why || graphs < code {
		t.Errorf("why at %d, its machine code at %d, the graphs at %d", why, code, graphs)
	}
	columns := len(regexp.MustCompile(`<th scope="col"`).FindAllString(page[code:code+strings.Index(page[code:], "</thead>")], -1))
	row := page[code+strings.Index(page[code:], "<tbody>"):]
	if cells := strings.Count(row[:strings.Index(row, "</tr>")], "</t"); cells != columns {
		t.Errorf("%d columns and %d cells", columns, cells)
	}
}

func TestAHostileSymbolIsText(t *testing.T) {
	t.Parallel()
	v := fixture.Page()
	v.Result.Code = someCode()
	const symbol = "p.<script>alert(1)</script>\x1b[31m&\"'"
	v.Result.Code.Functions[1].Name = symbol
	v.Result.Code.Variants[1].Functions = map[string]float64{symbol: 1}
	v.Result.Code.Variants[1].Variant, v.Result.Code.Variants[1].Op = "<b>"+symbol, `"><i>`
	page := render(t, v)
	for _, bad := range []string{"<script>alert", "\x1b", "<b>p.", `"><i>`} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if !strings.Contains(page, "&lt;script&gt;") {
		t.Error("the symbol is not on the page at all")
	}
}
