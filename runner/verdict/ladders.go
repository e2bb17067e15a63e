package verdict

import (
	"math"
	"slices"

	"assay/runner/lab"
	"assay/runner/ladder"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/workloads"
)

// fewestRungs make a story: of two, the comparison beside it says as much.
const fewestRungs = 3

// ladders tells every published story of which the run measured three rungs or
// more, once for each workload.
func (a *analysis) ladders() []ladder.Told {
	var out []ladder.Told
	for _, room := range a.rooms {
		if room.Ladder == nil {
			continue
		}
		var workloads []string
		for _, g := range a.run.Plan.Groups {
			if g.Family == room.Name && g.Scenario == "" && !g.Control {
				workloads = appendNew(workloads, g.Workload)
			}
		}
		for _, w := range workloads {
			c := climber{analysis: a, room: room, workload: w, entries: entriesOf(room, w)}
			if told, ok := c.tell(); ok {
				out = append(out, told)
			}
		}
	}
	return out
}

// climber compares the rungs of one ladder under one workload.
type climber struct {
	*analysis
	room     lab.Room
	workload string
	entries  int // that the run loads
	compared int // comparisons that share the run's alpha
}

func (c *climber) tell() (ladder.Told, bool) {
	l := c.room.Ladder
	t := ladder.Told{Family: c.room.Name, Workload: c.workload, Entries: c.entries, Published: l.Workload, Source: l.Source, Slips: l.Slips}
	var rungs []ladder.Rung
	for _, r := range l.Rungs {
		if slices.ContainsFunc(l.Phases, func(p ladder.Phase) bool { return c.seconds(p, r.Variant) != nil }) {
			rungs = append(rungs, r)
		}
	}
	if len(rungs) < fewestRungs {
		return t, false
	}
	c.compared = len(l.Phases) * (2*len(rungs) - 3 + 2*len(l.Splits))
	for i, r := range rungs {
		step := ladder.Step{Variant: r.Variant, Changed: r.Changed}
		for k, p := range l.Phases {
			cell := ladder.Cell{Op: p.Op, Doc: p.Doc, Times: c.times(p), Note: p.Note, Measured: c.seconds(p, r.Variant)}
			if r.Seconds[k] > 0 {
				cell.Published = &r.Seconds[k]
			}
			if i > 0 {
				cell.PublishedBefore, cell.PublishedBase = publishedRatio(r, rungs[i-1], k), publishedRatio(r, rungs[0], k)
				cell.Before, cell.Base = c.change(p.Op, rungs[i-1].Variant, r.Variant), c.change(p.Op, rungs[0].Variant, r.Variant)
			}
			step.Cells = append(step.Cells, cell)
		}
		t.Steps = append(t.Steps, step)
	}
	for _, s := range l.Splits {
		if p := c.part(s); len(p.Halves) > 0 {
			t.Parts = append(t.Parts, p)
		}
	}
	return t, true
}

// entriesOf is how many entries a workload loads for the phases of a ladder.
func entriesOf(room lab.Room, workload string) int {
	if spec, err := workloads.Parse(workload); err == nil && spec.Count() > 0 {
		return spec.Count()
	}
	for _, c := range room.Cases {
		if c.Op == room.Ladder.Phases[0].Op {
			return c.Count
		}
	}
	return 0
}

// times is how many operations a phase of this run has.
func (c *climber) times(p ladder.Phase) float64 {
	if p.PerEntry == 0 {
		return 1
	}
	return p.PerEntry * float64(c.entries)
}

// publishedRatio is of one rung over another; nil where a figure is missing.
func publishedRatio(of, base ladder.Rung, phase int) *float64 {
	if of.Seconds[phase] == 0 || base.Seconds[phase] == 0 {
		return nil
	}
	x := of.Seconds[phase] / base.Seconds[phase]
	return &x
}

// seconds is what a phase took by the median of its operation.
func (c *climber) seconds(p ladder.Phase, variant string) *float64 {
	key := result.Key{Family: c.room.Name, Op: p.Op, Workload: c.workload}
	for _, x := range c.out.Cases {
		if u, ok := x.Units["ns/op"]; ok && x.Key == key && x.Variant == variant {
			s := u.Value() * c.times(p) * 1e-9
			return &s
		}
	}
	return nil
}

// part measures both halves of a split step in every phase.
func (c *climber) part(s ladder.Split) ladder.Part {
	out := ladder.Part{From: s.From, Via: s.Via, To: s.To, First: s.First, Second: s.Second}
	for _, p := range c.room.Ladder.Phases {
		first, second := c.change(p.Op, s.From, s.Via), c.change(p.Op, s.Via, s.To)
		if first == nil || second == nil {
			continue
		}
		h := ladder.Half{Op: p.Op, Doc: p.Doc, First: *first, Second: *second}
		both := c.change(p.Op, s.From, s.To)
		if x, y := math.Log(first.Ratio), math.Log(second.Ratio); x*y > 0 && both != nil && (both.Verdict == "faster" || both.Verdict == "slower") {
			share := x / (x + y)
			h.Share = &share
		}
		out.Halves = append(out.Halves, h)
	}
	return out
}

// change judges one variant against another that need not be the group's base:
// all arms of a restart ran on the same inputs in the same rounds, so their
// ratios to the base divide into a paired ratio to each other.
func (c *climber) change(op, from, to string) *ladder.Change {
	for i, g := range c.run.Plan.Groups {
		if g.Family != c.room.Name || g.Op != op || g.Workload != c.workload || g.Scenario != "" || g.Control {
			continue
		}
		pairs := between(c.pairs[i], g, from, to)
		if len(pairs) == 0 {
			return nil
		}
		rules := RulesFor(c.run.Plan, g)
		rules.Alpha = c.run.Plan.Alpha / float64(max(1, c.compared))
		j := Judge(pairs, rules)
		return &ladder.Change{Ratio: j.Ratio, Lo: j.Lo, Hi: j.Hi, Verdict: j.Verdict, Restarts: j.Restarts, Clock: j.Clock}
	}
	return nil
}

// between pairs one arm with another over the restarts that both ran in.
func between(arms map[string][]Pair, g plan.Group, from, to string) []Pair {
	if from == g.Base {
		return arms[to]
	}
	at := map[int]Pair{}
	for _, p := range arms[from] {
		at[p.Restart] = p
	}
	if to == g.Base {
		var out []Pair
		for _, p := range arms[from] {
			out = append(out, Pair{Restart: p.Restart, Layout: p.Layout, At: p.At, Blocked: p.Blocked}.less(p))
		}
		return out
	}
	var out []Pair
	for _, p := range arms[to] {
		if f, ok := at[p.Restart]; ok {
			out = append(out, p.less(f))
		}
	}
	return out
}

// less is the pair of p's arm with the arm of another pair of the same restart
// and base.
func (p Pair) less(o Pair) Pair {
	p.CPU, p.Wall, p.P50, p.P99 = p.CPU-o.CPU, p.Wall-o.Wall, p.P50-o.P50, p.P99-o.P99
	p.Blocked = math.Max(p.Blocked, o.Blocked)
	if len(p.Rounds) != len(o.Rounds) { // a round that one clock could not see: their spread is not told
		p.Rounds = nil
		return p
	}
	p.Rounds = slices.Clone(p.Rounds)
	for i := range p.Rounds {
		p.Rounds[i] -= o.Rounds[i]
	}
	return p
}
