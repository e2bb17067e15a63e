package table

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func sample() Table {
	t := Table{Columns: []Column{{Title: "variant"}, {Title: "ns/op", Right: true}, {Title: "vs base", Right: true, Joins: true}, {Title: "entries/page", Right: true}}}
	t.Rows = [][]Cell{
		{{Text: "raw"}, {Text: "82.00 ± 0.7%"}, {}, {Text: "511"}},
		{{Text: "offset|nibble"}, {Text: "105.0 ± 0.7%"}, {Text: "+28.0% [+26.9 +29.2]", Tone: Bad}, {Text: "794.7", Tone: Good}},
	}
	return t
}

func TestTerminalLooksLikeBenchstat(t *testing.T) {
	t.Parallel()
	got, err := Terminal(sample(), 100, false)
	if err != nil {
		t.Fatal(err)
	}
	want := ` variant       │        ns/op │              vs base │ entries/page
───────────────┼──────────────┼──────────────────────┼──────────────
 raw           │ 82.00 ± 0.7% │                      │          511
 offset|nibble │ 105.0 ± 0.7% │ +28.0% [+26.9 +29.2] │        794.7
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNarrowTerminalSplitsColumnsAndKeepsPairsTogether(t *testing.T) {
	t.Parallel()
	got, err := Terminal(sample(), 56, false)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(got, "\n\n")
	if len(parts) != 2 || !strings.Contains(parts[0], "vs base") || !strings.Contains(parts[1], "variant") {
		t.Errorf("want time with its change first, then counts with the names again:\n%s", got)
	}
	for _, line := range strings.Split(got, "\n") {
		if utf8.RuneCountInString(line) > 56 {
			t.Errorf("too wide: %s", line)
		}
	}
}

func TestColourChangesNoColumn(t *testing.T) {
	t.Parallel()
	plain, err := Terminal(sample(), 100, false)
	if err != nil {
		t.Fatal(err)
	}
	coloured, err := Terminal(sample(), 100, true)
	if err != nil {
		t.Fatal(err)
	}
	if coloured == plain {
		t.Fatal("no colour at all")
	}
	for _, code := range []string{"\x1b[31m", "\x1b[32m", "\x1b[0m"} {
		coloured = strings.ReplaceAll(coloured, code, "")
	}
	if coloured != plain {
		t.Errorf("without its colours the table differs:\n%s\n%s", coloured, plain)
	}
}

func TestMarkdownEscapesCells(t *testing.T) {
	t.Parallel()
	got, err := Markdown(sample())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got, `offset\|nibble`) || !strings.Contains(got, `\[+26.9 +29.2\]`) || !strings.Contains(got, "| variant ") || !strings.Contains(got, "-:|") {
		t.Errorf("got\n%s", got)
	}
}
