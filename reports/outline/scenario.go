package outline

import (
	"fmt"
	"slices"
	"strings"

	"assay/reports/digest"
	"assay/reports/story"
	"assay/reports/table"
	"assay/reports/words"
	"assay/runner/result"
)

// rankings says whether the order of variants holds under each scenario, then
// sets the scenarios beside each other: a table per operation and workload.
func (b *builder) rankings() {
	scenes := scenesOf(digest.Groups(b.view.Result))
	items := []string{}
	for _, k := range b.view.Result.Rankings {
		items = append(items, ranking(k, scenes))
	}
	if len(items)+len(scenes) == 0 {
		return
	}
	b.heading(2, "Scenarios")
	b.list(items)
	for _, s := range scenes {
		b.scene(s)
	}
}

func ranking(k result.Ranking, scenes []scene) string {
	said := story.Sentence(k.Sentence)
	switch {
	case !decidedAlone(k.Key, scenes):
		said = fmt.Sprintf("Nothing was decided alone, so no verdict can turn round beside %s.", words.Clean(k.Scenario))
	case said == "" && k.Holds:
		said = "The ranking alone holds here."
	case said == "":
		said = "The ranking alone does NOT hold here."
	}
	if len(k.Order) > 0 {
		said += " Best first: " + words.Clean(strings.Join(k.Order, ", ")) + "."
	}
	return story.Subject(k.Key, "") + ": " + said
}

// scene is one operation and workload under its scenarios, in the order measured.
type scene struct {
	key    result.Key // without the scenario
	groups []digest.Group
}

// scenesOf collects what was timed under more than one scenario.
func scenesOf(groups []digest.Group) []scene {
	all := []scene{}
	for _, g := range groups {
		if !g.Compared(digest.Time) {
			continue
		}
		k := g.Key
		k.Scenario = ""
		i := slices.IndexFunc(all, func(s scene) bool { return s.key == k })
		if i < 0 {
			i = len(all)
			all = append(all, scene{key: k})
		}
		if g.Scenario == "" {
			all[i].groups = slices.Insert(all[i].groups, 0, g) // alone comes first, whenever it was measured
			continue
		}
		all[i].groups = append(all[i].groups, g)
	}
	return slices.DeleteFunc(all, func(s scene) bool { return len(s.groups) < 2 })
}

// decidedAlone says whether any verdict of a key fell without a neighbour; it
// holds where the run does not say.
func decidedAlone(k result.Key, scenes []scene) bool {
	k.Scenario = ""
	for _, s := range scenes {
		if s.key != k {
			continue
		}
		for _, r := range s.groups[0].Rows {
			if c, ok := r.Versus[digest.Time]; ok && !r.Null && c.Verdict != "undecided" {
				return true
			}
		}
		return s.groups[0].Scenario != ""
	}
	return true
}

// scene prints variants by scenario. Verdicts are letters, because words would
// not fit beside their intervals; one that turned round says so.
func (b *builder) scene(s scene) {
	b.heading(3, digest.Group{Key: s.key}.Name()+", by scenario")
	t := table.Table{Columns: []table.Column{{Title: "variant"}}}
	names := []string{}
	for _, g := range s.groups {
		title := words.Clean(g.Scenario)
		if title == "" {
			title = "alone"
		}
		t.Columns = append(t.Columns, table.Column{Title: title, Right: true})
		for _, r := range g.Rows {
			if !r.Null && r.Variant != "" && !slices.Contains(names, r.Variant) {
				names = append(names, r.Variant)
			}
		}
	}
	for _, name := range names {
		row := []table.Cell{{Text: words.Clean(name)}}
		alone := ""
		if g := s.groups[0]; g.Scenario == "" {
			alone = find(g, name).Versus[digest.Time].Verdict
		}
		for _, g := range s.groups {
			row = append(row, b.beside(find(g, name), alone))
		}
		t.Rows = append(t.Rows, row)
	}
	notes := []Note{{"F", "faster than the base in the same scenario, S slower, = same within the threshold, ? undecided; the base's own row has its time"}}
	b.table("", t, append(notes, b.unfitNote()...))
}

// beside is one variant under one scenario: the base's time, or the change.
func (b *builder) beside(r digest.Row, alone string) table.Cell {
	word, tone := role(r)
	c, compared := r.Versus[digest.Time]
	stat, timed := r.Stats[digest.Time]
	switch {
	case r.Loud():
		return table.Cell{Text: word, Tone: tone}
	case r.Base && timed:
		return table.Cell{Text: words.Whole(stat) + b.doubt()}
	case !compared:
		return table.Cell{Text: "–"}
	}
	cell := table.Cell{Text: words.Letter(c.Verdict) + " " + words.Brief(c.Ratio, c.Lo, c.Hi), Tone: verdictTone(c.Verdict)}
	if alone == "faster" && c.Verdict == "slower" || alone == "slower" && c.Verdict == "faster" {
		cell.Text, cell.Tone = "TURNED "+cell.Text, table.Loud
	}
	return cell
}

func find(g digest.Group, variant string) digest.Row {
	for _, r := range g.Rows {
		if r.Variant == variant {
			return r
		}
	}
	return digest.Row{}
}
