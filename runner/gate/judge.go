package gate

import (
	"fmt"
	"slices"
	"strings"

	"assay/runner/result"
	"assay/workloads"
)

// The arms of a comparison of two revisions.
const (
	base = "base"
	head = "head"
)

// judge gathers the rows of a report.
type judge struct {
	run   Run
	o     Options
	ab    bool // two revisions
	used  []bool
	names []string        // of every row a rule could mean, for suggestions
	units map[string]bool // of those rows
	out   Report
}

// Judge holds a run against its baseline and budgets. An error means that it
// cannot be judged: nothing is there, or the files do not belong to it.
//
// Which rows are judged: with a baseline, every exact unit of every contender,
// against the baseline; of two revisions without a baseline, every exact unit
// of the head against the base's. Of two revisions every time too; of variants,
// the times that a rule names, against the base variant of the run.
//
// A time is a regression when the run's verdict is "slower", which is corrected
// for the number of its rows, and its estimate lies over the budget. Asking
// instead that the whole interval lie over it would let most real slowdowns
// pass, because a run stops measuring as soon as its verdict is sure.
func Judge(run Run, o Options) (Report, error) {
	j := judge{run: run, o: o, ab: revisions(run.Result), units: map[string]bool{}}
	j.out = Report{Schema: "assay-gate/1", Run: run.Run, Rows: []Row{}, Problems: []Problem{}, Notes: []string{}}
	if o.Budgets != nil {
		j.used = make([]bool, len(o.Budgets.rules))
	}
	if o.Baseline != nil {
		if err := o.Baseline.suits(run); err != nil {
			return Report{}, err
		}
	}
	j.problems()
	if err := j.exact(); err != nil {
		return Report{}, err
	}
	if err := j.times(); err != nil {
		return Report{}, err
	}
	if err := j.sound(); err != nil && len(j.out.Problems) == 0 {
		return Report{}, err
	}
	j.unfit()
	return j.conclude(), nil
}

// revisions reports whether a run compares two revisions of somebody's
// benchmarks and not variants of a family.
func revisions(r result.Result) bool {
	for _, c := range r.Comparisons {
		if c.Base != base || c.Variant != head {
			return false
		}
	}
	for _, c := range r.Cases {
		if c.Variant != base && c.Variant != head {
			return false
		}
	}
	return len(r.Cases) > 0
}

// budgetOf finds the last rule for a row. Every rule that matches counts as used.
func (j *judge) budgetOf(k result.Key, variant, unit, better string) (b budget, named bool, err error) {
	name := k.Family + "/" + k.Op
	if !j.ab {
		name += "/" + variant
	}
	j.names, j.units[unit] = append(j.names, name), true
	b = budget{sign: bad(better)}
	if j.ab && (j.o.Baseline == nil || unit == "ns/op") { // as `assay ab` has it, whose exit code should not differ
		b.share = max(b.share, j.run.Threshold)
	}
	if j.o.Budgets == nil {
		return b, false, nil
	}
	for i, r := range j.o.Budgets.rules {
		if r.unit != unit || !matches(r.pattern, name) {
			continue
		}
		if !r.fits(better) {
			return b, false, fmt.Errorf("%s: %q: the other sign: %s is better %s, so its budget says how much it may %s, such as %c%g%%",
				r.place, plain(r.text), plain(unit), better, map[byte]string{'+': "rise", '-': "fall"}[bad(better)], bad(better), 100*r.share)
		}
		b, named, j.used[i] = r.budget, true, true
		b.sign = bad(better)
	}
	return b, named, nil
}

// problems are what the run itself says against it.
func (j *judge) problems() {
	r := j.run.Result
	add := func(kind string, k result.Key, name, text string) {
		j.out.Problems = append(j.out.Problems, Problem{Kind: kind, Key: k, Name: name, Text: text})
	}
	for _, w := range r.Wrong {
		name := nameOf(w.Key, w.Variant, j.ab)
		add("wrong", w.Key, name, fmt.Sprintf("%s answers wrongly at %s: %s", name, plain(w.At), plain(w.Detail)))
	}
	for _, f := range r.Failed {
		name := nameOf(f.Key, f.Variant, j.ab && f.Variant == head)
		add("failed", f.Key, name, fmt.Sprintf("%s could not be measured: %s", name, plain(firstLine(f.Reason))))
	}
	if r.Partial {
		add("partial", result.Key{}, "the run", "the run was stopped before its end: what it did not measure nobody knows")
	}
}

// unfit refuses the times of a run whose null control found a difference where
// there is none. Counts do not depend on how busy a machine is.
func (j *judge) unfit() {
	c := j.run.Control
	if c.Verdict != "faster" && c.Verdict != "slower" {
		return
	}
	text := fmt.Sprintf("the null control, %s against itself, came out %s: believe no time of this run, quieten the machine and measure again", plain(c.Variant), c.Verdict)
	if j.out.Timed == 0 {
		j.out.Notes = append(j.out.Notes, text)
		return
	}
	for i := range j.out.Rows {
		if r := &j.out.Rows[i]; r.Verdict != "" {
			r.Status = undecided
		}
	}
	j.out.Problems = append(j.out.Problems, Problem{Kind: "unfit", Name: "the null control", Text: text})
}

// sound says what makes a judgement of these rows worth nothing.
func (j *judge) sound() error {
	switch {
	case len(j.run.Cases) == 0:
		return fmt.Errorf("%s holds no case: nothing was measured, so nothing can pass", j.run.Dir)
	case !j.ab && j.o.Baseline == nil && j.o.Budgets == nil:
		return fmt.Errorf("nothing to judge %s by: give --baseline FILE for counts (make one with --write-baseline), or --budgets FILE for times", j.run.Dir)
	}
	for i, used := range j.used {
		if !used {
			return j.idle(j.o.Budgets.rules[i])
		}
	}
	lost := slices.ContainsFunc(j.out.Rows, func(r Row) bool { return r.Status == missing }) // each is named
	if j.out.Exact+j.out.Timed == 0 && !lost {
		return fmt.Errorf("%s holds no row to judge: measure with more --budget, or write a rule for a row it has", j.run.Dir)
	}
	return nil
}

// idle says why a rule may have matched nothing.
func (j *judge) idle(r rule) error {
	means := func(name string) bool { return matches(r.pattern, name) }
	why := "it matches no row of " + j.run.Dir
	switch {
	case slices.ContainsFunc(j.names, means):
		why += " in " + plain(r.unit)
		if near := workloads.Nearest(r.unit, sortedKeys(j.units)); near != "" && !j.units[r.unit] {
			why += fmt.Sprintf(": did you mean %q?", near)
		} else if j.o.Baseline == nil && !j.ab && r.unit != "ns/op" {
			why += ": counts are judged against a baseline, give --baseline FILE"
		}
	default:
		if near := workloads.Nearest(r.pattern, j.names); near != "" {
			why += fmt.Sprintf(": did you mean %q?", plain(near))
		}
	}
	return fmt.Errorf("%s: %q: %s", r.place, plain(r.text), why)
}

// conclude counts the rows and says what comes of them.
func (j *judge) conclude() Report {
	o := &j.out
	for _, r := range o.Rows {
		switch r.Status {
		case regression:
			o.Regressions++
		case improved:
			o.Improvements++
		case undecided:
			o.Undecided++
		case missing:
			o.Missing++
		case added:
			o.Added++
		}
	}
	j.newcomers()
	wrong := slices.ContainsFunc(o.Problems, func(p Problem) bool { return p.Kind == "wrong" })
	switch {
	case wrong || o.Regressions > 0:
		o.Verdict, o.Code = regression, codeRegression
	case len(o.Problems) > 0 || o.Missing > 0:
		o.Verdict, o.Code = failure, codeError
	case j.o.Strict && o.Undecided > 0:
		o.Verdict, o.Code = undecided, codeUndecided
	default:
		o.Verdict, o.Code = pass, codePass
	}
	o.Sentence = j.sentence()
	return *o
}

// newcomers says once what is not in the baseline yet: a new family brings
// hundreds of rows, and each says the same.
func (j *judge) newcomers() {
	o := &j.out
	at := slices.IndexFunc(o.Rows, func(r Row) bool { return r.Status == added })
	if at < 0 {
		return
	}
	first := o.Rows[at]
	text := first.Text
	if o.Added > 1 {
		text = fmt.Sprintf("%d counts are not in %s%s; the first is %s of %s", o.Added, first.Against, first.again(" (write the baseline again to keep them)"), plain(first.Unit), first.Name)
	}
	if !j.o.Strict {
		j.note(text)
		return
	}
	o.Problems = append(o.Problems, Problem{Kind: added, Key: first.Key, Name: first.Name, Text: text})
}

// sentence is the report in one line: the verdict, and the first reason for it.
func (j *judge) sentence() string {
	o := j.out
	var parts []string
	for _, c := range []struct {
		n    int
		text string
	}{
		{o.Exact, "counted"},
		{o.Timed, "timed"},
		{o.Regressions, "worse than allowed"},
		{o.Missing, "missing"},
		{o.Undecided, "undecided"},
		{o.Added, "new"},
		{o.Improvements, "better than the budget"},
	} {
		if c.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", c.n, c.text))
		}
	}
	if first := j.first(); first != "" {
		if len(parts) == 0 {
			return first
		}
		return strings.Join(parts, ", ") + "; the first: " + first
	}
	return strings.Join(parts, ", ")
}

// first is the first row or problem that decides the exit code.
func (j *judge) first() string {
	o := j.out
	of := func(status string) string {
		for _, r := range o.Rows {
			if r.Status == status {
				return r.Text
			}
		}
		return ""
	}
	switch {
	case o.Code == codePass:
		return ""
	case o.Code == codeUndecided:
		return of(undecided)
	case len(o.Problems) > 0 && (o.Code == codeError || o.Problems[0].Kind == "wrong"):
		return o.Problems[0].Text
	case o.Regressions > 0:
		return of(regression)
	}
	return of(missing)
}
