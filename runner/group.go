package runner

import (
	"math"
	"slices"

	"assay/runner/lab"
	"assay/runner/plan"
	"assay/runner/samples"
	"assay/runner/stats"
	"assay/runner/verdict"
)

// group is a comparison in progress.
type group struct {
	plan.Group
	index   int
	rules   verdict.Rules
	active  []plan.Arm // still being measured, the base first
	rate    float64    // of the operation's own latency pass; 0 = none
	nulls   map[string]bool
	broken  map[string]bool // arms that cannot run
	frugal  map[string]bool // arms that allocate nothing
	batches map[string]int
	pairs   map[string][]verdict.Pair
	wait    map[string]float64 // per undecided arm: restarts until decided, by forecast

	restarts int
	cost     float64 // seconds per restart, smoothed
	failed   bool
	failures int // restarts in a row that failed

	iterations int // of a counted stretch, the same for all arms; 0 = not known yet
}

func newGroup(index int, g plan.Group, p plan.Plan, rooms []lab.Room) *group {
	x := &group{
		Group: g, index: index, rules: verdict.RulesFor(p, g), active: slices.Clone(g.Arms),
		nulls: map[string]bool{}, broken: map[string]bool{}, frugal: map[string]bool{}, batches: map[string]int{}, pairs: map[string][]verdict.Pair{}, wait: map[string]float64{},
	}
	if g.Control {
		x.rules.Alpha, x.rules.Threshold = p.Alpha, math.Min(x.rules.Threshold, 0.01)
	}
	if room, err := plan.FindRoom(rooms, g.Family); err == nil {
		for _, a := range g.Arms {
			c, err := plan.FindCase(room, g.Op, a.Variant)
			if err != nil {
				continue
			}
			x.rate = c.Rate
			if c.Null {
				x.nulls[a.Name] = true
			}
		}
	}
	for _, a := range g.Arms[1:] {
		if !x.nulls[a.Name] {
			x.wait[a.Name] = math.Inf(1)
		}
	}
	return x
}

// drop takes an arm out; without its base a group cannot go on.
func (g *group) drop(arm string) {
	if len(g.active) > 0 && g.active[0].Name == arm {
		g.failed = true
	}
	g.active = slices.DeleteFunc(g.active, func(a plan.Arm) bool { return a.Name == arm })
	delete(g.wait, arm)
}

// arms are the contestants of the next restart, with what calibration found.
func (g *group) arms() []plan.Arm {
	arms := slices.Clone(g.active)
	for i := range arms {
		arms[i].Batches = g.batches[arms[i].Variant]
	}
	return arms
}

// calibrated remembers the counts of the first restart. Arms of one variant
// share one count, or they would not be the same.
func (g *group) calibrated(arms []plan.Arm, batches []int) {
	for i, a := range arms {
		if g.batches[a.Variant] == 0 {
			g.batches[a.Variant] = batches[i]
		}
	}
}

// learn takes a finished restart and returns what it decided. Decided arms
// leave, so that the time goes to the others; the base stays for them.
func (g *group) learn(r samples.Restart, keep bool) []verdict.Judgement {
	g.restarts++
	g.failures = 0
	if g.cost == 0 {
		g.cost = r.Took
	}
	g.cost += 0.3 * (r.Took - g.cost)
	var decided []verdict.Judgement
	numbers := verdict.Numbers(r, g.rules.Isolated)
	for _, a := range r.Arms[1:] {
		arm, p := a.Name, numbers[a.Name]
		g.pairs[arm] = append(g.pairs[arm], p)
		if _, open := g.wait[arm]; !open {
			continue
		}
		j := verdict.Judge(g.pairs[arm], g.rules)
		g.wait[arm] = j.Remaining
		if j.Decided && !keep {
			j.Variant = arm
			decided = append(decided, j)
			g.drop(arm)
		}
	}
	return decided
}

// allocate divides the time of a restart between setting it up and rounds, by
// the variance each adds (Kalibera and Jones 2013): the median over the rows of
// the group. It has no answer before the rows have restarts enough to tell.
func (g *group) allocate(round, setup float64) (rounds int, ok bool) {
	var best []int
	for _, pairs := range g.pairs {
		if len(pairs) < allocateAfter {
			continue
		}
		c := verdict.Components(pairs)
		c.Layout = 0 // layouts are drawn, not bought
		n, _ := stats.Allocate(c, round, setup, 0)
		best = append(best, n)
	}
	if len(best) == 0 {
		return 0, false
	}
	slices.Sort(best)
	return best[len(best)/2], true
}

// allocateAfter is how many restarts the variance components need to mean something.
const allocateAfter = 6

// open says that the group has rows left to decide, or too few restarts to report.
func (g *group) open(minimum, maximum int) bool {
	if g.failed || g.restarts >= maximum {
		return false
	}
	return g.restarts < minimum || len(g.wait) > 0
}

// need is the forecast of seconds until the group's nearest undecided row is
// decided, +Inf when none will be.
func (g *group) need() float64 {
	need := math.Inf(1)
	for _, w := range g.wait {
		need = min(need, math.Max(1, w)*g.cost)
	}
	return need
}
