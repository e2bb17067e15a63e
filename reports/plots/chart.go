package plots

import (
	"assay/reports/digest"
	"assay/reports/words"
)

// chart is what one figure of rows covers, with its names.
type chart struct {
	digest.Topic
	name  string   // in titles: "page/get-hit", or the family alone
	parts []string // of file names
}

func charts(groups []digest.Group) []chart {
	out := []chart{}
	for _, t := range digest.Topics(groups) {
		g := t.Groups[0]
		c := chart{Topic: t, name: g.Family + "/" + g.Op, parts: []string{g.Family, g.Op, g.Scenario}}
		if t.Merged {
			c.name, c.parts = g.Family, []string{g.Family, g.Scenario}
		}
		if g.Scenario != "" {
			c.name += ", " + g.Scenario
		}
		c.name = words.Clean(c.name)
		out = append(out, c)
	}
	return out
}

// sections makes the rows that draw gives, with their labels, where they belong:
// variants under workloads, or operations under the one variant of a merged topic.
func (c chart) sections(draw func(digest.Group, digest.Row) (row, bool)) []section {
	index, out := map[string]int{}, []section{}
	for _, g := range c.Groups {
		for _, r := range g.Rows {
			line, ok := draw(g, r)
			if !ok {
				continue
			}
			title, label := words.Clean(g.Workload), words.Clean(r.Variant)
			if c.Merged {
				title, label = label, words.Clean(g.Op+" "+g.Workload)
			}
			line.label = label
			i, ok := index[title]
			if !ok {
				i = len(out)
				index[title] = i
				out = append(out, section{title: title})
			}
			out[i].rows = append(out[i].rows, line)
		}
	}
	return out
}
