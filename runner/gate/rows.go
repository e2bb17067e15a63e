package gate

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"assay/runner/lab"
	"assay/runner/result"
)

// exact judges the units that are judged by value.
func (j *judge) exact() error {
	now := exactUnits(j.run.Result)
	ids := make([]caseID, 0, len(now))
	for id := range now {
		ids = append(ids, id)
	}
	then := map[caseID]entry{}
	if j.o.Baseline != nil {
		for _, e := range j.o.Baseline.rows {
			then[e.id()] = e
			if _, ok := now[e.id()]; !ok {
				ids = append(ids, e.id())
			}
		}
	}
	slices.SortFunc(ids, caseID.compare)
	for _, id := range ids {
		if err := j.exactCase(id, now[id], then); err != nil {
			return err
		}
	}
	return nil
}

func (j *judge) exactCase(id caseID, now map[string]result.Stat, then map[caseID]entry) error {
	for _, unit := range sortedKeys(now) {
		j.names, j.units[unit] = append(j.names, j.patternName(id)), true
	}
	row := Row{Key: id.Key, Variant: id.variant, Name: nameOf(id.Key, id.variant, j.ab)}
	if j.o.Baseline != nil {
		row.Against = j.o.Baseline.File
		e, known := then[id]
		if known {
			row.Place = Place{j.o.Baseline.File, e.line}
		}
		return j.counts(row, now, e.Units)
	}
	if !j.ab {
		return nil // the base of a lab run is another variant, not what this one was
	}
	row.Against = base
	return j.counts(row, now, j.sides(id, now))
}

// sides takes the base's values of a comparison of two revisions. A unit that
// varies from repeat to repeat on one side is none to judge by value; it is
// named, and taken out of now.
func (j *judge) sides(id caseID, now map[string]result.Stat) map[string]float64 {
	arms := map[string]map[string]result.Stat{}
	for _, c := range j.run.Cases {
		if c.Key == id.Key {
			arms[c.Variant] = c.Units
		}
	}
	before := map[string]float64{}
	for name, s := range arms[base] {
		after, both := arms[head][name]
		switch {
		case both && s.Exact != after.Exact:
			delete(now, name)
			j.note(fmt.Sprintf("%s: %s varies from repeat to repeat on one side and is not judged", nameOf(id.Key, id.variant, true), plain(name)))
		case s.Exact:
			before[name] = s.Value()
		}
	}
	return before
}

func (j *judge) note(text string) {
	if !slices.Contains(j.out.Notes, text) {
		j.out.Notes = append(j.out.Notes, text)
	}
}

// counts adds a row for every unit that either side has.
func (j *judge) counts(row Row, now map[string]result.Stat, before map[string]float64) error {
	units := append(sortedKeys(now), sortedKeys(before)...)
	slices.Sort(units)
	for _, unit := range slices.Compact(units) {
		r := row
		r.Unit = unit
		s, have := now[unit]
		b, named, err := j.budgetOf(row.Key, row.Variant, unit, s.Better)
		if err != nil {
			return err
		}
		if !named {
			b.share = max(b.share, s.Within)
		}
		r.Budget, r.Rule = b.String(), b.source()
		if v, ok := before[unit]; ok {
			r.Before = &v
		}
		if have {
			v := s.Value()
			r.After = &v
		}
		r.weigh(s.Better, b, s.Slack)
		if r.Before != nil && r.After != nil {
			j.out.Exact++
		}
		j.out.Rows = append(j.out.Rows, r)
	}
	return nil
}

// closeness is how far two values may be apart and still count as equal: what
// is lost when a value is written with 12 digits, and nothing more.
const closeness = 1e-11

// weigh judges a row of two values; slack is what a repeat may differ by, whatever
// the budget.
func (r *Row) weigh(better string, b budget, slack float64) {
	what := r.Name + ": " + plain(r.Unit)
	switch {
	case r.Before == nil:
		r.Status = added
		r.Text = fmt.Sprintf("%s is %s and not in %s%s", what, digits(*r.After), r.Against, r.again(": write the baseline again to keep it"))
		return
	case r.After == nil:
		r.Status = missing
		r.Text = fmt.Sprintf("%s is in %s and not in the run%s", what, r.Against, r.again(": measure it too, or write the baseline again if it was renamed or removed"))
		return
	}
	before, after := *r.Before, *r.After
	worse := after - before // by how much it went in the bad direction
	switch better {
	case lab.Higher:
		worse = -worse
	case lab.Lower:
	default: // nobody said which way is good, so none is
		worse = math.Abs(worse)
	}
	allowed := math.Max(b.share*math.Abs(before), slack) + closeness*math.Max(math.Abs(before), math.Abs(after))
	r.Status = pass
	switch {
	case worse > allowed:
		r.Status = regression
	case worse < -allowed:
		r.Status = improved
	}
	r.Text = fmt.Sprintf("%s %s, was %s (%s): %s, budget %s", what, digits(after), digits(before), r.Against, change(before, after), b)
	if r.Status == improved {
		r.Text += r.again("; write the baseline again to keep the gain")
	}
}

// again is advice that only a baseline makes sense of.
func (r *Row) again(advice string) string {
	if r.Against == base {
		return ""
	}
	return advice
}

// times judges the verdicts of the run.
func (j *judge) times() error {
	judged := map[result.Key]bool{}
	for _, c := range j.run.Comparisons {
		if !slices.Contains([]string{"faster", "slower", "same", "undecided"}, c.Verdict) {
			continue // a counted unit
		}
		judged[c.Key] = true
		b, named, err := j.budgetOf(c.Key, c.Variant, c.Unit, lab.Lower)
		if err != nil {
			return err
		}
		if !named && !j.ab {
			continue // variants are there to differ; only a rule says which must not
		}
		r := Row{
			Key: c.Key, Variant: c.Variant, Unit: c.Unit, Against: c.Base, Ratio: c.Ratio, Lo: c.Lo, Hi: c.Hi,
			Verdict: c.Verdict, Budget: b.String(), Rule: b.source(), Name: nameOf(c.Key, c.Variant, j.ab),
		}
		r.Status = timeStatus(c, b.share, named, j.ab)
		r.Text = timeText(r, c, b)
		j.out.Timed++
		j.out.Rows = append(j.out.Rows, r)
		if named && b.share < c.Threshold {
			j.note(fmt.Sprintf("%s: a budget of %s is finer than this run could tell: its threshold is %g%%", b.place, b, 100*c.Threshold))
		}
	}
	for _, c := range j.run.Cases {
		if j.ab && c.Variant == head && !judged[c.Key] {
			name := nameOf(c.Key, c.Variant, true)
			j.out.Problems = append(j.out.Problems, Problem{Kind: "failed", Key: c.Key, Name: name, Text: name + " was not timed: give more --budget"})
		}
	}
	return nil
}

// timeStatus judges one comparison. A row that is undecided about zero may
// still be decided about its budget: when the whole interval lies within it.
// Without a rule the verdict alone counts: it has asked for the threshold.
func timeStatus(c result.Comparison, share float64, named, ab bool) string {
	switch {
	case c.Verdict == "slower" && (c.Ratio > 1+share || !named):
		return regression
	case c.Verdict == "undecided" && c.Hi > 1+share:
		return undecided
	case ab && c.Verdict == "faster" && (c.Ratio < 1-share || !named):
		return improved
	}
	return pass
}

func timeText(r Row, c result.Comparison, b budget) string {
	text := fmt.Sprintf("%s: %s %s", r.Name, plain(c.Unit), c.Verdict)
	if c.Verdict != "undecided" {
		text += map[string]string{"same": " as ", "faster": " than ", "slower": " than "}[c.Verdict] + plain(c.Base)
	}
	if c.Hi < math.MaxFloat64 {
		text += fmt.Sprintf(": %+.1f%% [%+.1f %+.1f]", 100*(c.Ratio-1), 100*(c.Lo-1), 100*(c.Hi-1))
	}
	text += ", budget " + b.String()
	if c.Verdict == "undecided" && c.MDE > 0 && c.MDE < math.MaxFloat64/100 {
		text += fmt.Sprintf("; less than %.1f%% could not have been seen", 100*c.MDE)
	}
	return text
}

func (j *judge) patternName(id caseID) string {
	if j.ab {
		return id.Family + "/" + id.Op
	}
	return id.Family + "/" + id.Op + "/" + id.variant
}

// nameOf names a row for people: family/op/variant workload. Of two revisions
// the variant goes without saying.
func nameOf(k result.Key, variant string, ab bool) string {
	s := k.Family + "/" + k.Op
	if !ab && variant != "" {
		s += "/" + variant
	}
	s += " " + k.Workload
	if k.Scenario != "" {
		s += " beside " + k.Scenario
	}
	return plain(strings.TrimSpace(s))
}

// plain makes a text from outside one line that no terminal obeys.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// digits prints a value without an exponent.
func digits(x float64) string {
	short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 9, 64), 64)
	if err != nil {
		short = x
	}
	return strconv.FormatFloat(short, 'f', -1, 64)
}

// change is the relative difference in words.
func change(before, after float64) string {
	switch {
	case before == after:
		return "equal"
	case before == 0:
		return "from nothing"
	}
	return fmt.Sprintf("%+.3g%%", 100*(after-before)/math.Abs(before))
}
