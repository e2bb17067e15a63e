package verdict

import (
	"math"
	"path/filepath"

	"assay/runner/lab"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/samples"
	"assay/runner/stats"
)

// Analyse derives the result of a stored run. The catalog supplies what is
// known of the cases: units, null variants, published figures.
func Analyse(run *samples.Run, rooms []lab.Room) result.Result {
	a := analysis{run: run, rooms: rooms, pairs: Pairs(run)}
	p := run.Plan
	a.out = result.Result{
		Run: filepath.Base(run.Dir), Command: p.Command, Seed: p.Seed, Commit: run.Head.Commit, Started: run.Head.Started,
		Partial: run.Tail == nil || run.Tail.Partial, Alpha: p.Alpha, Threshold: p.Threshold, Host: run.Head.Host,
		Failed: run.Failures, Warnings: run.Warnings, Code: run.Code,
	}
	if run.Tail != nil {
		a.out.Host = run.Tail.Host
	}
	for i, g := range p.Groups {
		if g.Control {
			a.control(i, g)
			continue
		}
		a.cases(i, g)
		a.compareTimes(i, g)
		a.compareExact(g)
	}
	a.wrong()
	a.out.Warnings = append(a.out.Warnings, tooQuick(run)...)
	for _, prof := range run.Profiles {
		a.out.Profiles = appendNew(a.out.Profiles, prof.File)
	}
	if !p.Small { // a smoke run counts too little to hold anybody to a figure
		a.out.Claims = claims(rooms, a.out)
		a.out.Ladders = a.ladders()
		a.out.Sketches = a.sketches()
	}
	a.out.Rankings = rankings(p, a.out)
	a.out.Curves = curves(p, a.out)
	a.fill()
	return a.out
}

type analysis struct {
	run   *samples.Run
	rooms []lab.Room
	pairs []map[string][]Pair // per group, per arm
	out   result.Result
}

// Pairs boils every restart of a run down, per group and arm, in the order measured.
func Pairs(run *samples.Run) []map[string][]Pair {
	all := make([]map[string][]Pair, len(run.Plan.Groups))
	for i := range all {
		all[i] = map[string][]Pair{}
	}
	for _, r := range run.Restarts {
		for arm, p := range Numbers(r, OwnProcess(run.Plan.Groups[r.Group])) {
			all[r.Group][arm] = append(all[r.Group][arm], p)
		}
	}
	return all
}

// RulesFor are the rules of the rows of a group.
func RulesFor(p plan.Plan, g plan.Group) Rules {
	return Rules{
		Alpha: p.Alpha / math.Max(1, float64(p.Rows)), Threshold: p.Threshold, MinN: p.MinRestarts,
		Clock: p.Clock, Isolated: OwnProcess(g), Layouts: p.Layouts,
	}
}

// OwnProcess says that a group's arms are charged the CPU time of their whole
// process: they have one each, and no antagonist lives in it.
func OwnProcess(g plan.Group) bool { return g.Isolated && g.Scenario != "gc" && !g.Within }

func keyOf(g plan.Group) result.Key {
	return result.Key{Family: g.Family, Op: g.Op, Workload: g.Workload, Scenario: g.Scenario}
}

func (a *analysis) caseOf(g plan.Group, variant string) lab.Case {
	room, err := plan.FindRoom(a.rooms, g.Family)
	if err != nil {
		return lab.Case{} // a family of another build: shown without what only the catalog knows
	}
	c, err := plan.FindCase(room, g.Op, variant)
	if err != nil {
		return lab.Case{}
	}
	return c
}

// compareTimes judges every contender of the group against its base.
func (a *analysis) compareTimes(i int, g plan.Group) {
	rules := RulesFor(a.run.Plan, g)
	for _, arm := range g.Arms[1:] {
		pairs := a.pairs[i][arm.Name]
		if len(pairs) == 0 || a.caseOf(g, arm.Variant).Null {
			continue
		}
		j := Judge(pairs, rules)
		c := j.Comparison
		c.Key, c.Unit, c.Base, c.Variant = keyOf(g), "ns/op", g.Base, arm.Name
		c.Layouts = layoutsOf(pairs)
		c.Stopped = a.stopped(j, rules)
		if check, ok := checkOf(a.run, i, arm.Name); ok {
			c.Warnings = append(c.Warnings, check.Notes...)
		}
		a.out.Comparisons = append(a.out.Comparisons, c)
		a.compareDerived(g, arm.Name, pairs, rules, j.Clock)
	}
}

func (a *analysis) stopped(j Judgement, r Rules) string {
	switch {
	case j.Decided:
		return "decided"
	case a.out.Partial:
		return "interrupted"
	case j.Restarts >= a.run.Plan.MaxRestarts:
		return "restarts"
	}
	return "budget"
}

// compareExact compares counted units by equality.
func (a *analysis) compareExact(g plan.Group) {
	base := a.findCase(g, g.Base)
	if base == nil {
		return
	}
	for _, arm := range g.Arms[1:] {
		c := a.findCase(g, arm.Name)
		if c == nil || c.Null {
			continue
		}
		for _, unit := range sortedKeys(c.Units) {
			u, b := c.Units[unit], base.Units[unit]
			if !u.Exact || !b.Exact {
				continue
			}
			a.out.Comparisons = append(a.out.Comparisons, exact(keyOf(g), unit, g.Base, arm.Name, u, b))
		}
	}
}

func exact(k result.Key, unit, base, variant string, u, b result.Stat) result.Comparison {
	ratio := 1.0
	switch {
	case b.Value() != 0:
		ratio = u.Value() / b.Value()
	case u.Value() != 0:
		ratio = math.MaxFloat64
	}
	verdict := "worse"
	switch {
	case alike(u, b):
		verdict = "equal"
	case u.Value() > b.Value() == (u.Better == lab.Higher):
		verdict = "better"
	}
	return result.Comparison{Key: k, Unit: unit, Base: base, Variant: variant, Ratio: ratio, Lo: ratio, Hi: ratio, Verdict: verdict}
}

// control judges the base against itself.
func (a *analysis) control(i int, g plan.Group) {
	c := result.Control{Key: keyOf(g), Variant: g.Base, Ratio: 1, Lo: 1, Hi: 1, Verdict: "none"}
	if pairs := a.pairs[i][g.Arms[1].Name]; len(pairs) > 0 {
		rules := RulesFor(a.run.Plan, g)
		rules.Alpha = a.run.Plan.Alpha // one row of its own
		rules.Threshold = math.Min(rules.Threshold, 0.01)
		j := Judge(pairs, rules)
		c.Ratio, c.Lo, c.Hi, c.Verdict, c.Restarts = j.Ratio, j.Lo, j.Hi, j.Verdict, j.Restarts
	}
	a.out.Control = c
}

func (a *analysis) wrong() {
	for _, checked := range a.run.Checks {
		g := a.run.Plan.Groups[checked.Group]
		for _, c := range checked.Checks {
			if c.WrongAt != "" {
				a.out.Wrong = append(a.out.Wrong, result.Wrong{Key: keyOf(g), Variant: c.Variant, At: c.WrongAt, Detail: c.Detail})
			}
			if c.Failed != "" {
				a.out.Failed = append(a.out.Failed, result.Failure{Key: keyOf(g), Variant: c.Variant, Reason: c.Failed})
			}
		}
	}
	a.digests()
}

// digests compares what the arms of each timed restart answered on their common first batch.
func (a *analysis) digests() {
	told := map[string]bool{}
	for _, r := range a.run.Restarts {
		g := a.run.Plan.Groups[r.Group]
		base, have := digestOf(r, 0)
		for i := 1; have && i < len(r.Arms); i++ {
			d, ok := digestOf(r, i)
			arm := r.Arms[i]
			name := g.Key() + arm.Name
			if twin(r.Arms, i) { // draws inputs of its own
				continue
			}
			if !ok || d == base || told[name] || a.caseOf(g, arm.Variant).Null || a.caseOf(g, r.Arms[0].Variant).Null {
				continue
			}
			told[name] = true
			a.out.Wrong = append(a.out.Wrong, result.Wrong{
				Key: keyOf(g), Variant: arm.Name, At: "the first batch of a timed restart",
				Detail: "its digest differs from " + r.Arms[0].Name + "'s",
			})
		}
	}
}

// twin says that the arm repeats the variant of an earlier one.
func twin(arms []plan.Arm, i int) bool {
	for _, a := range arms[:i] {
		if a.Variant == arms[i].Variant {
			return true
		}
	}
	return false
}

func digestOf(r samples.Restart, arm int) (uint64, bool) {
	if len(r.Endings) == len(r.Arms) && len(r.Arms) > 1 {
		if d := r.Endings[arm].Digests; len(d) == 1 {
			return d[0], true
		}
		return 0, false
	}
	if len(r.Endings) == 1 && arm < len(r.Endings[0].Digests) {
		return r.Endings[0].Digests[arm], true
	}
	return 0, false
}

// fill makes absent lists empty ones, as readers of the JSON expect.
func (a *analysis) fill() {
	o := &a.out
	o.Cases, o.Comparisons = orEmpty(o.Cases), orEmpty(o.Comparisons)
	o.Wrong, o.Failed = orEmpty(o.Wrong), orEmpty(o.Failed)
	o.Warnings, o.Profiles, o.Command = orEmpty(o.Warnings), orEmpty(o.Profiles), orEmpty(o.Command)
	if o.Control.Verdict == "" {
		o.Control = result.Control{Ratio: 1, Lo: 1, Hi: 1, Verdict: "none"}
	}
	if o.Control.Verdict == "faster" || o.Control.Verdict == "slower" {
		o.Host.Fit = false
		o.Warnings = append(o.Warnings, "UNFIT: the null control, "+o.Control.Variant+" against itself, came out "+o.Control.Verdict+": believe no time of this run; quieten the machine and measure again")
	}
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func layoutsOf(pairs []Pair) int {
	seen := map[int]bool{}
	for _, p := range pairs {
		seen[p.Layout] = true
	}
	return len(seen)
}

func medianStat(xs []float64, better string) result.Stat {
	i := stats.MedianInterval(xs, confidence)
	if math.IsInf(i.Lo, 0) || math.IsInf(i.Hi, 0) { // too few for bounds: the extremes are all that can be said
		i.Lo, i.Hi = stats.Quantile(xs, 0), stats.Quantile(xs, 1)
	}
	return result.Stat{Median: &i.Est, Lo: &i.Lo, Hi: &i.Hi, N: len(xs), Better: better}
}
