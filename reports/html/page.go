package html

import (
	"fmt"
	"html/template"
	"path"
	"strings"

	"assay/profiles/flame"
	"assay/reports/digest"
	"assay/reports/outline"
	"assay/reports/plots"
	"assay/reports/story"
	"assay/reports/table"
	"assay/reports/view"
	"assay/reports/words"
)

// page is what the template shows; every string in it is clean and unescaped.
type page struct {
	Policy    string
	Style     template.CSS
	Scripts   []template.JS
	Title     string
	About     string // one line: seed, commit, start
	Loud      []string
	Answer    []string
	Leads     []string // who leads, by operation
	Matrices  []matrix
	Tables    []sheet
	Scenarios []sheet
	Growth    []sheet
	Ladders   []sheet
	Claims    []sheet
	Sketches  []sheet
	Cut       bool // tables were left out for size
	Albums    []album
	Elsewhere []picture // linked, since they would make the page too large
	Fewer     bool      // not even linked
	Whys      []whyGroup
	NoWhy     string // what stands there when no comparison says why
	Code      []codeTable
	CodeLeft  string // what of it is missing
	FlameData template.HTML
	FlameArt  []picture // the same graphs as files, linked
	Tops      []hottest

	TimelineData template.HTML
	TimelineCut  bool // not every group fits
	TimelineArt  []picture

	Words    []word
	Host     string
	Facts    [][2]string
	Warnings []string
	Control  string
	Repeat   string
	Files    []file
}

// sheet is a heading with what stands below it: a family when it is wide, else
// one table with its notes.
type sheet struct {
	Heading string
	Level   int
	Wide    bool // takes the whole width of the page
	Blocks  []outline.Block
}

// album holds the pictures of one kind.
type album struct {
	Kind     string
	Folded   bool // shown on demand: for diagnosis, not part of the answer
	Pictures []picture
}

type picture struct {
	Name, Title string
	SVG         template.HTML
}

// hottest is the profiles of one family in one kind.
type hottest struct {
	Title string // "page, cpu"
	Rows  []hotRow
}

// hotRow is the profile of one variant: its hottest functions in one line.
type hotRow struct {
	Variant   string
	Functions string // "page.find 46%, page.load 7%"
	File      file
}

// word explains one name.
type word struct{ Name, Doc string }

type file struct {
	Name string
	Link string // empty when the name is no safe relative path
}

func newPage(v view.View) page {
	r, parts := v.Result, outline.Lay(v)
	p := page{
		Title: words.Clean(r.Run), Matrices: matrices(digest.Groups(r)),
		About:   fmt.Sprintf("seed %d · commit %s · started %s", r.Seed, known(r.Commit), known(r.Started)),
		Facts:   story.HostFacts(r.Host),
		Host:    story.Host(r.Host),
		Control: story.Control(r.Control),
		Repeat:  story.Repeat(r),
		Words:   glossary(v),
	}
	p.Tables = sheets(parts.Tables, 1)
	p.Scenarios, p.Growth, p.Claims = sheets(parts.Scenarios, 1), sheets(parts.Growth, 1), sheets(parts.Claims, 1)
	p.Ladders = sheets(parts.Ladders, 1)
	p.Sketches = sheets(parts.Sketches, 1)
	p.Whys, p.NoWhy = whys(v)
	p.Code, p.CodeLeft = codeTables(r.Code)
	for _, b := range parts.Opening {
		switch {
		case b.Items != nil:
			p.Leads = b.Items
		case b.Para == "":
		case b.Tone == table.Loud:
			p.Loud = append(p.Loud, b.Para)
		default:
			p.Answer = append(p.Answer, b.Para)
		}
	}
	for _, w := range r.Host.Warnings {
		p.Warnings = append(p.Warnings, words.Clean(w.String()))
	}
	for _, w := range r.Warnings {
		p.Warnings = append(p.Warnings, words.Clean(w))
	}
	p.Tops = newTops(v.Tops)
	for _, f := range v.Files {
		p.Files = append(p.Files, newFile(f))
	}
	return p
}

// Much says whether there is anything to answer "by how much" with.
func (p page) Much() bool {
	return p.Cut || len(p.Albums)+len(p.Tables)+len(p.Scenarios)+len(p.Growth)+len(p.Ladders)+len(p.Claims)+len(p.Sketches) > 0
}

// wideColumns is how many columns a table may have to stand beside another.
const wideColumns = 4

// sheets cuts blocks at their headings and puts these deeper by some levels.
func sheets(blocks []outline.Block, deeper int) []sheet {
	out := []sheet{}
	for _, b := range blocks {
		if b.Heading != "" || len(out) == 0 {
			out = append(out, sheet{Heading: b.Heading, Level: b.Level + deeper, Wide: b.Level < 3})
			if b.Heading != "" {
				continue
			}
		}
		s := &out[len(out)-1]
		s.Wide = s.Wide || b.Table != nil && len(b.Table.Columns) > wideColumns
		s.Blocks = append(s.Blocks, b)
	}
	return out
}

// add puts a picture into the album of its kind.
func (p *page) add(kind plots.Kind, pic picture) {
	if n := len(p.Albums); n == 0 || p.Albums[n-1].Kind != string(kind) {
		p.Albums = append(p.Albums, album{Kind: string(kind), Folded: kind == plots.Spread})
	}
	last := &p.Albums[len(p.Albums)-1]
	last.Pictures = append(last.Pictures, pic)
}

func known(s string) string {
	if s = words.Clean(s); s == "" {
		return "unknown"
	}
	return s
}

// maxTop is how many functions of a profile the page lists; the profile has all.
const maxTop = 4

// newTops makes one table per family and kind, in order of first mention.
func newTops(tops []view.Top) []hottest {
	at, out := map[string]int{}, []hottest{}
	for _, t := range tops {
		title := words.Clean(t.Family + ", " + t.Kind)
		i, seen := at[title]
		if !seen {
			i = len(out)
			at[title], out = i, append(out, hottest{Title: title})
		}
		row := hotRow{Variant: words.Clean(t.Variant)}
		if t.File != "" {
			row.File = newFile(t.File)
		}
		functions := []string{}
		for _, r := range t.Rows[:min(len(t.Rows), maxTop)] {
			functions = append(functions, words.Clean(flame.ShortName(r.Func))+"\u00a0"+share(r.Flat))
		}
		row.Functions = strings.Join(functions, ", ")
		out[i].Rows = append(out[i].Rows, row)
	}
	return out
}

func share(x float64) string { return fmt.Sprintf("%.0f%%", 100*x) }

// newFile links a file of the results folder, which is the parent of the page's
// own. A name that could lead elsewhere is shown and not linked.
func newFile(name string) file {
	f := file{Name: words.Clean(name)}
	if name == f.Name && !path.IsAbs(name) && path.Clean(name) == name && !strings.HasPrefix(name, "..") && !strings.ContainsAny(name, `\:?#%<>"'`) {
		f.Link = "../" + name
	}
	return f
}

// glossary explains the names that the tables use, in their order.
func glossary(v view.View) []word {
	out, seen := []word{}, map[word]bool{}
	add := func(name, doc string) {
		w := word{words.Clean(name), words.Clean(doc)}
		if doc != "" && !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	groups := digest.Groups(v.Result)
	for _, g := range groups {
		add(g.Family+"/"+g.Op, v.Docs.Ops[g.Family+"/"+g.Op])
	}
	for _, g := range groups {
		for _, r := range g.Rows {
			add(r.Variant, v.Docs.Variants[g.Family+"/"+r.Variant])
		}
	}
	for _, g := range groups {
		add(g.Workload, v.Docs.Workloads[g.Workload])
	}
	for _, g := range groups {
		for _, u := range g.Units {
			add(u.Name, v.Docs.Units[u.Name])
		}
	}
	for _, b := range v.Bounds {
		add(fmt.Sprintf("bound %s, %s", words.Number(b.Unit, b.Value), b.Workload), b.Doc)
	}
	return out
}

// within is a sheet of blocks folded into another.
func within(s sheet, blocks []outline.Block) sheet { return sheet{Heading: s.Heading, Blocks: blocks} }

// caption names a table for those who cannot see where it stands.
func caption(heading, about string) string {
	if about == "" {
		return heading
	}
	return heading + ", " + about
}

// cellClass is the class of a table cell: numbers stand right.
func cellClass(right bool, t table.Tone) string {
	if right {
		return strings.TrimSuffix("n "+toneClass(t), " ")
	}
	return toneClass(t)
}

// toneClass is the style sheet's class of a tone.
func toneClass(t table.Tone) string {
	return map[table.Tone]string{table.Good: "good", table.Bad: "bad", table.Dim: "dim", table.Loud: "loud"}[t]
}
