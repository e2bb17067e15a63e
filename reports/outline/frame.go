package outline

import (
	"fmt"
	"strings"

	"assay/reports/digest"
	"assay/reports/story"
	"assay/reports/table"
	"assay/reports/words"
	"assay/runner/result"
)

// opening says what the run was and what it found.
func (b *builder) opening() {
	r := b.view.Result
	b.heading(1, "assay "+r.Run)
	headline := story.Headline(r)
	loud := 0
	for loud < len(headline) && headlineTone(headline[loud]) == table.Loud {
		b.para(table.Loud, headline[loud])
		loud++
	}
	for _, w := range r.Wrong {
		b.para(table.Loud, fmt.Sprintf("WRONG %s at %s: %s", story.Subject(w.Key, w.Variant), words.Clean(w.At), words.Clean(w.Detail)))
	}
	for _, f := range r.Failed {
		b.para(table.Loud, fmt.Sprintf("FAILED %s: %s", story.Subject(f.Key, f.Variant), words.Clean(f.Reason)))
	}
	for _, s := range headline[loud:] {
		b.para(table.Plain, s)
	}
	b.list(story.Answer(digest.Groups(r)))
}

// headlineTone makes the sentences loud that open with a word in capitals.
func headlineTone(s string) table.Tone {
	for _, loud := range []string{"WRONG", "FAILED", "PARTIAL", "UNFIT"} {
		if strings.HasPrefix(s, loud+":") {
			return table.Loud
		}
	}
	return table.Plain
}

// curves sums up a sweep: one line per variant, and what the sizes do not tell
// of those marked with a question mark.
func (b *builder) curves() {
	cs := b.view.Result.Curves
	if len(cs) == 0 {
		return
	}
	b.heading(2, "Growth")
	t := table.Table{Columns: []table.Column{{Title: "variant"}, {Title: "over"}, {Title: "model, chance"}, {Title: "log-log slope", Right: true}}}
	open := []string{}
	for _, c := range cs {
		name := b.subject(result.Key{Family: c.Family, Op: c.Op, Workload: c.Workload, Scenario: c.Scenario}, c.Variant)
		model := "none fits"
		if len(c.Models) > 0 {
			mark := ""
			if c.Claim != c.Models[0].Name {
				mark = "?"
				open = append(open, name+": "+words.Clean(c.Claim))
			}
			model = fmt.Sprintf("%s%s %.2f", words.Clean(c.Models[0].Name), mark, c.Models[0].Weight)
		}
		over := ""
		if n := len(c.Points); n > 0 {
			over = fmt.Sprintf("%s %s to %s", words.Clean(c.Field), words.Plain(c.Points[0].N), words.Plain(c.Points[n-1].N))
		}
		t.Rows = append(t.Rows, []table.Cell{
			{Text: name},
			{Text: over},
			{Text: model},
			{Text: fmt.Sprintf("%.2f [%.2f %.2f]", c.Slope, c.SlopeLo, c.SlopeHi)},
		})
	}
	b.table("", t, nil)
	b.list(open)
	b.swept()
}

// closing says what the numbers rest on and how to get them again.
func (b *builder) closing() {
	r := b.view.Result
	b.heading(2, "What this rests on")
	tone := table.Plain
	if v := r.Control.Verdict; v == "faster" || v == "slower" {
		tone = table.Loud
	}
	b.para(tone, story.Control(r.Control))
	if tone = table.Plain; !r.Host.Fit {
		tone = table.Loud
	}
	b.para(tone, story.Host(r.Host))
	if cost := profiling(r.Profiling); cost != "" {
		b.para(table.Plain, cost)
	}
	items := []string{}
	for _, w := range r.Host.Warnings {
		items = append(items, words.Clean(w.String()))
	}
	for _, w := range r.Warnings {
		items = append(items, words.Clean(w))
	}
	b.list(items)
	b.para(table.Plain, fmt.Sprintf("Seed %d, commit %s, started %s.", r.Seed, orUnknown(r.Commit), orUnknown(r.Started)))
	if cmd := story.Repeat(r); cmd != "" {
		b.para(table.Plain, "To repeat it:")
		b.blocks = append(b.blocks, Block{Code: cmd})
	}
}

// subject names a row; the family is left out where the run has only one, so
// that tables fit a terminal.
func (b *builder) subject(k result.Key, variant string) string {
	s := story.Subject(k, variant)
	for _, c := range b.view.Result.Cases {
		if c.Family != k.Family {
			return s
		}
	}
	return strings.TrimPrefix(s, words.Clean(k.Family)+"/")
}

func orUnknown(s string) string {
	if s = words.Clean(s); s != "" {
		return s
	}
	return "unknown"
}
