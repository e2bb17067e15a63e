package story

import (
	"fmt"

	"assay/reports/digest"
	"assay/reports/words"
)

// Answer says who leads, one sentence per operation and unit, the workloads
// with the same leaders together: "page/get-hit: nibble leads in ns/op under
// realistic and full; raw under zip-entries." Operations without a base say nothing.
// A family's counted units are named once, for the first operation in which its
// variants differ: the tables have the rest.
func Answer(groups []digest.Group) []string {
	out := []string{}
	told := map[string]bool{}
	for _, topic := range digest.Topics(groups) {
		op := topic.Groups
		if topic.Merged {
			continue // the counts of the headline and one table answer better than a sentence per benchmark
		}
		if op[0].Has(digest.Time) {
			out = append(out, leads(op, digest.Time)...)
		}
		for _, u := range digest.Varying(op) {
			if key := op[0].Family + "\x00" + u.Name; !told[key] && !memory[u.Name] {
				told[key] = true
				out = append(out, leads(op, u.Name)...)
			}
		}
	}
	return out
}

// memory lists what the harness counts for every case: worth a column, not a
// sentence of the answer.
var memory = map[string]bool{"allocs/op": true, "B/op": true}

func leads(op []digest.Group, unit string) []string {
	workloads, order, total := map[string][]string{}, []string{}, 0
	for _, g := range op {
		names := cleanAll(g.Leaders(unit))
		if len(names) == 0 {
			continue
		}
		who := join(names) + " leads"
		if len(names) > 1 {
			who = join(names) + " lead together"
		}
		if workloads[who] == nil {
			order = append(order, who)
		}
		workloads[who] = append(workloads[who], words.Clean(g.Workload))
		total++
	}
	if total == 0 {
		return nil
	}
	s := fmt.Sprintf("%s/%s in %s", words.Clean(op[0].Family), words.Clean(op[0].Op), words.Clean(unit))
	if op[0].Scenario != "" {
		s += ", " + words.Clean(op[0].Scenario)
	}
	for i, who := range order {
		sep := "; "
		if i == 0 {
			sep = ": "
		}
		s += sep + who
		if total > 1 && len(order) == 1 {
			s += fmt.Sprintf(" under all %d workloads", total)
		} else if total > 1 {
			s += " under " + join(workloads[who])
		}
	}
	return []string{s + "."}
}
