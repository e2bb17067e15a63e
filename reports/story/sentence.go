// Package story says in sentences what a run found: who leads, what must not be
// read as a result, which published figures reproduced and why not.
//
// The sentences claim no more than the verdicts do. They never order two
// variants the data cannot order, and bad news comes first.
package story

import (
	"fmt"
	"strings"

	"assay/reports/digest"
	"assay/reports/words"
	"assay/runner/host"
	"assay/runner/result"
)

// Headline says in a few sentences what a run found, the bad news first.
func Headline(r result.Result) []string {
	out := []string{}
	if n := len(r.Wrong); n > 0 {
		out = append(out, fmt.Sprintf("WRONG: %s wrong answers; figures of such a row mean nothing.", plural(n, "row gives", "rows give")))
	}
	if n := len(r.Failed); n > 0 {
		out = append(out, fmt.Sprintf("FAILED: %s not be measured.", plural(n, "row could", "rows could")))
	}
	if r.Partial {
		out = append(out, "PARTIAL: the run was stopped before its end; what is here was measured.")
	}
	for _, why := range Unfit(r) {
		out = append(out, "UNFIT: "+why)
	}
	return append(out, tally(r)...)
}

// tally counts the verdicts, time and counts apart: they answer different questions.
func tally(r result.Result) []string {
	noisy, exact := map[string]int{}, map[string]int{}
	total, counted := 0, 0
	for _, c := range r.Comparisons {
		switch verdict := c.Verdict; {
		case c.Restarts == 0 && (verdict == "better" || verdict == "worse" || verdict == "equal"):
			exact[verdict]++
			counted++
		default: // operations per second are times as well
			if word, ok := map[string]string{"better": "faster", "worse": "slower", "equal": "same"}[verdict]; ok {
				verdict = word
			}
			noisy[verdict]++
			total++
		}
	}
	out := []string{}
	if total > 0 {
		out = append(out, fmt.Sprintf("Of %s by time, %s (false-alarm chance %s for the whole run, threshold %s).",
			plural(total, "comparison", "comparisons"),
			counts(noisy, "faster", "slower", "same", "undecided"), words.Percent(r.Alpha), words.Percent(r.Threshold)))
	}
	if counted > 0 {
		out = append(out, fmt.Sprintf("Of %s by exact count, %s.",
			plural(counted, "comparison", "comparisons"), counts(exact, "better", "worse", "equal")))
	}
	if total+counted == 0 {
		out = append(out, "Nothing was compared: "+nothing(r)+".")
	}
	return out
}

// nothing says why a run has no comparison.
func nothing(r result.Result) string {
	switch {
	case len(r.Failed) > 0:
		return "what did not fail has nothing beside it"
	case r.Partial:
		return "the run was stopped before its first comparison"
	}
	return "the run has no base, or a single variant"
}

func counts(n map[string]int, names ...string) string {
	parts := []string{}
	for _, name := range names {
		if n[name] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[name], name))
		}
	}
	if len(parts) == 0 {
		return "none decided"
	}
	return join(parts)
}

// Unfit lists why the times of a run cannot be trusted; it is empty for a fit run.
func Unfit(r result.Result) []string {
	out := []string{}
	for _, w := range r.Host.Warnings {
		if w.Severity == host.Unfit {
			out = append(out, strings.TrimSuffix(words.Clean(w.Message), ".")+".")
		}
	}
	if !r.Host.Fit && len(out) == 0 {
		out = append(out, "the host was not fit for measuring.")
	}
	if v := r.Control.Verdict; v == "faster" || v == "slower" {
		out = append(out, fmt.Sprintf("the null control is %s: this run sees differences where there are none.", v))
	}
	return out
}

// Control says what the null control found.
func Control(c result.Control) string {
	if c.Verdict == "" || c.Verdict == "none" {
		return "Null control: nothing was timed, so there is none."
	}
	where := ""
	if c.Family != "" {
		where = fmt.Sprintf("%s/%s %s, ", words.Clean(c.Family), words.Clean(c.Op), words.Clean(c.Workload))
	}
	who := "the base"
	if c.Variant != "" {
		who = words.Clean(c.Variant)
	}
	s := fmt.Sprintf("Null control: %s%s against itself %s, %s", where, who, words.Interval(c.Ratio, c.Lo, c.Hi), words.Clean(c.Verdict))
	if c.Restarts > 0 {
		s += fmt.Sprintf(" (%s)", plural(c.Restarts, "restart", "restarts"))
	}
	if c.Verdict == "faster" || c.Verdict == "slower" {
		return s + ". THE RUN IS UNFIT: there is no difference to find."
	}
	return s + "."
}

// Lead says which variants nothing measured beats in a group: one sentence for
// time, one for the exact units in which the variants differ. It returns nothing
// where nothing was compared.
func Lead(g digest.Group) []string {
	out, best, units := []string{}, []string{}, map[string][]string{}
	for _, u := range g.Units {
		names := cleanAll(g.Leaders(u.Name))
		switch who := join(names); {
		case len(names) == 0 || u.Exact && !g.Differs(u.Name):
		case u.Exact:
			if units[who] == nil {
				best = append(best, who)
			}
			units[who] = append(units[who], words.Clean(u.Name))
		case len(names) == 1:
			out = append(out, fmt.Sprintf("%s: %s leads.", words.Clean(u.Name), who))
		default:
			out = append(out, fmt.Sprintf("%s: %s lead; the data cannot order them.", words.Clean(u.Name), who))
		}
	}
	for _, who := range best {
		out = append(out, fmt.Sprintf("Best in %s: %s.", join(units[who]), who))
	}
	return out
}

func cleanAll(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = words.Clean(n)
	}
	return out
}

// Subject names a row in one line: "page/get-hit varint, realistic".
func Subject(k result.Key, variant string) string {
	s := words.Clean(k.Family) + "/" + words.Clean(k.Op)
	if variant != "" {
		s += " " + words.Clean(variant)
	}
	if k.Workload != "" {
		s += ", " + words.Clean(k.Workload)
	}
	if k.Scenario != "" {
		s += ", " + words.Clean(k.Scenario)
	}
	return s
}

// join lists names in prose: "a, b and c".
func join(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
