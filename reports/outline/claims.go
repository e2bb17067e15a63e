package outline

import (
	"fmt"

	"assay/reports/story"
	"assay/reports/table"
	"assay/reports/words"
	"assay/runner/result"
)

// claims sets published figures beside measured ones, a table per family,
// workload and unit, then says in words which reproduced and which did not, and
// why. What a table has in common stands in its heading and its sources below
// it, so that the table fits a terminal; one table of everything did not.
func (b *builder) claims() {
	cs := b.view.Result.Claims
	if len(cs) == 0 {
		return
	}
	b.heading(2, "Published figures")
	b.para(table.Plain, story.Claims(cs))
	type topic struct{ family, workload, scenario, unit string }
	topics, order := map[topic][]result.Claim{}, []topic{}
	items := []string{}
	for _, c := range cs {
		k := topic{c.Family, c.Workload, c.Scenario, c.Unit}
		if topics[k] == nil {
			order = append(order, k)
		}
		topics[k] = append(topics[k], c)
		items = append(items, story.Claim(c))
	}
	letters := map[string]string{} // a source has the same letter in every table
	for _, k := range order {
		b.claimTable(topics[k], letters)
	}
	b.heading(3, "Which reproduced, and why not")
	b.list(items)
}

// claimTable prints the figures of one family, workload and unit.
func (b *builder) claimTable(cs []result.Claim, letters map[string]string) {
	first := cs[0]
	title := first.Family + " " + first.Unit
	for _, part := range []string{first.Workload, first.Scenario} {
		if part != "" {
			title += ", " + part
		}
	}
	bounded := false
	for _, c := range cs {
		bounded = bounded || c.Bound > 0
	}
	t := table.Table{Columns: []table.Column{{Title: "figure"}, {Title: "published", Right: true}, {Title: "by"}, {Title: "measured", Right: true}}}
	if bounded {
		t.Columns = append(t.Columns, table.Column{Title: "of bound", Right: true})
	}
	t.Columns = append(t.Columns, table.Column{Title: "reproduced"})
	sources := []Note{}
	for _, c := range cs {
		row := []table.Cell{{Text: figure(c)}, {Text: words.Plain(c.Published)}, {Text: source(c, letters, &sources)}, {Text: words.Plain(c.Measured)}}
		if bounded {
			row = append(row, table.Cell{Text: share(c)})
		}
		verdict := table.Cell{Text: "yes", Tone: table.Good}
		if !c.Reproduced {
			verdict = table.Cell{Text: "NO", Tone: table.Bad}
		}
		t.Rows = append(t.Rows, append(row, verdict))
	}
	b.heading(3, title)
	b.table("", t, sources)
}

// figure names what was published: the operation, the variant, and what it is a
// ratio to.
func figure(c result.Claim) string {
	s := words.Clean(c.Op + " " + c.Variant)
	if c.Base != "" {
		s += " / " + words.Clean(c.Base)
	}
	if c.BaseWorkload != "" {
		s += " / under " + words.Clean(c.BaseWorkload)
	}
	return s
}

// source is the letter of a claim's source, which is explained below the table.
func source(c result.Claim, letters map[string]string, sources *[]Note) string {
	text := words.Clean(c.Source)
	if text == "" {
		return "–"
	}
	mark, ok := letters[text]
	if !ok {
		mark = fmt.Sprint(len(letters) + 1)
		if n := len(letters); n < 26 {
			mark = string(rune('a' + n))
		}
		letters[text] = mark
	}
	if note := (Note{mark + ":", text}); !contains(*sources, note.Mark) {
		*sources = append(*sources, note)
	}
	return mark
}

func share(c result.Claim) string {
	if c.Bound <= 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f%% of %s", 100*c.Measured/c.Bound, words.Plain(c.Bound))
}
