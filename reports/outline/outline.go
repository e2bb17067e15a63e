// Package outline lays a view out as a list of blocks (headings, paragraphs,
// tables, lists), which the terminal and the Markdown format print each in its
// own spelling. One layout for both keeps them from telling different stories.
//
// All texts in blocks are already clean of control characters; escaping for a
// format is the printer's work.
package outline

import (
	"slices"

	"assay/reports/story"
	"assay/reports/table"
	"assay/reports/view"
	"assay/reports/words"
)

// Block is one piece of a report; exactly one of its fields is filled, beside
// Level, About and Tone.
type Block struct {
	Heading string
	Level   int // of the heading: 1 to 3
	Para    string
	Table   *table.Table
	About   string   // what a table shows that is not the main one under its heading
	Fold    *Fold    // details that a reader asks for
	Items   []string // an unnumbered list
	Notes   []Note   // footnotes of the table above
	Code    string   // a command line
	Tone    table.Tone
}

// Fold is a line of summary with details below it. Formats that cannot fold print
// the summary and leave the details to the others.
type Fold struct {
	Summary string
	Blocks  []Block
}

// Note is a footnote: the mark that cells carry and what it says.
type Note struct {
	Mark string
	Text string
}

// Parts are the blocks of a report by what they are about, in reading order.
type Parts struct {
	Opening   []Block // what the run was and found
	Tables    []Block // families, operations, workloads
	Scenarios []Block // whether rankings hold
	Growth    []Block // sweeps
	Ladders   []Block // published stories, step by step
	Claims    []Block // published figures
	Sketches  []Block // measured times beside what the machine's constants make of them
	Closing   []Block // what the numbers rest on
}

// All joins the parts.
func (p Parts) All() []Block {
	return slices.Concat(p.Opening, p.Tables, p.Scenarios, p.Growth, p.Ladders, p.Claims, p.Sketches, p.Closing)
}

// Lay lays a view out.
func Lay(v view.View) Parts {
	b := builder{view: v, notes: map[string]string{}, unfit: story.Unfit(v.Result)}
	part := func(fill func()) []Block {
		b.blocks = nil
		fill()
		return b.blocks
	}
	return Parts{
		Opening: part(b.opening), Tables: part(b.tables), Scenarios: part(b.rankings),
		Growth: part(b.curves), Ladders: part(b.ladders), Claims: part(b.claims), Sketches: part(b.sketches), Closing: part(b.closing),
	}
}

type builder struct {
	view   view.View
	blocks []Block
	notes  map[string]string // text -> mark, numbered over the whole report
	unfit  []string
}

func (b *builder) heading(level int, s string) {
	b.blocks = append(b.blocks, Block{Heading: words.Clean(s), Level: level})
}

func (b *builder) para(tone table.Tone, s string) {
	if s = words.Clean(s); s != "" {
		b.blocks = append(b.blocks, Block{Para: s, Tone: tone})
	}
}

func (b *builder) list(items []string) {
	if len(items) > 0 {
		b.blocks = append(b.blocks, Block{Items: items})
	}
}

func (b *builder) table(about string, t table.Table, notes []Note) {
	b.blocks = append(b.blocks, Block{Table: &t, About: about})
	if len(notes) > 0 {
		b.blocks = append(b.blocks, Block{Notes: notes})
	}
}
