package runner

import (
	"context"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"assay/profiles/counters"
	"assay/runner/mark"
	"assay/runner/plan"
	"assay/runner/process"
	"assay/runner/samples"
	"assay/runner/samples/work"
	"assay/runner/wire"
)

const (
	// A stretch shorter than this many instructions is repeated in one go until
	// it is as long, because what disturbs it (a switch of goroutines, 2,000
	// instructions once in some 300,000) is then a small share.
	longStretch = 10_000_000
	mostRepeats = 256

	// countWarm is the share of a stretch that runs before it, uncounted: caches
	// and branch predictor are to be as they are in the middle of work. A stretch
	// of one batch, such as a whole flush, is long enough to do without.
	countWarm = 0.25
)

// count counts the work of every operation in passes of their own. Groups of
// one operation under scenarios share what is counted alone.
func (r *run) count(ctx context.Context) error {
	began := r.Clock.Wall()
	for i, g := range r.groups {
		if g.Control || g.failed || g.Scenario != "" {
			continue
		}
		for _, way := range r.ways {
			r.step("counting", g, r.rest(began, i, len(r.groups), r.ahead.passes))
			if err := r.countGroup(ctx, g, way); err != nil {
				return err
			}
		}
	}
	return nil
}

// chooseWays finds out how to count before anything is measured: a way that was
// asked for by name and is missing should not cost a whole run.
func (r *run) chooseWays(ctx context.Context) (err error) {
	r.ways, err = r.countingWays(ctx)
	return err
}

// countingWays are the ways that the plan asks for and the machine has. What it
// has not is a warning with the reason; asked for by name, an error.
func (r *run) countingWays(ctx context.Context) ([]counters.Way, error) {
	source, can := r.Source.(Countable)
	if !can || r.plan.Counters == "" || r.plan.Counters == "none" {
		return nil, nil
	}
	way, err := source.Choose(ctx, r.plan.Counters)
	if err != nil && r.plan.Counters != "auto" {
		return nil, err
	}
	if err != nil {
		if err := r.journal.Append(samples.Record{Warning: "nothing is counted: " + err.Error()}); err != nil {
			return nil, err
		}
		return nil, nil
	}
	ways := []counters.Way{way}
	calls, err := counters.SystemCalls(process.Command{Path: r.Helper.Path, Args: []string{"trace-calls"}})
	calls.Brackets = way.Brackets
	if err != nil {
		return ways, r.journal.Append(samples.Record{Warning: err.Error()})
	}
	return append(ways, calls), nil
}

// countGroup counts the arms of a group, in one process or, where they must
// have processes of their own, in one each.
func (r *run) countGroup(ctx context.Context, g *group, way counters.Way) error {
	rec := work.Pass{Group: g.index, Way: way.Name, How: way.How, Promises: map[string]work.Promise{}}
	for _, arms := range g.processes() {
		works, err := r.countArms(ctx, g, way, arms, 0)
		switch {
		case err != nil:
		case way.Brackets:
			err = r.repeat(ctx, g, way, arms, works, rec.Promises)
		case g.Isolated || slices.ContainsFunc(works, calling):
			err = r.countAgain(ctx, g, way, arms, works)
		}
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := r.journal.Append(samples.Record{Warning: fmt.Sprintf("%s: %s not counted (%s): %v", g.Key(), arms[0].Name, way.Name, err)}); err != nil {
				return err
			}
			continue
		}
		for i := range works {
			widen(rec.Promises, promised(&works[i], way))
		}
		rec.Arms = append(rec.Arms, works...)
	}
	if len(rec.Arms) == 0 {
		return nil
	}
	return r.journal.Append(samples.Record{Count: &rec})
}

// processes divides the arms that can run among worker processes.
func (g *group) processes() [][]plan.Arm {
	arms := slices.DeleteFunc(slices.Clone(g.Arms), func(a plan.Arm) bool { return g.broken[a.Name] })
	if !g.Isolated {
		return [][]plan.Arm{arms}
	}
	return slices.Collect(slices.Chunk(arms, 1))
}

// countArms counts arms in one fresh process; pass is how often they were before.
func (r *run) countArms(ctx context.Context, g *group, way counters.Way, arms []plan.Arm, pass int) ([]work.Arm, error) {
	dir, err := os.MkdirTemp("", "assay-count-")
	if err != nil {
		return nil, fmt.Errorf("scratch folder: %w", err)
	}
	defer os.RemoveAll(dir)
	t := r.trial(g, "count", arms, plan.Mix(r.plan.Seed, 17, g.seedIndex()))
	t.Count, t.Log, t.GC = way.Name, filepath.Join(dir, counters.LogName), "default"
	worker, err := r.Source.(Countable).Marked(g.Group, arms[0], way, dir, pass)
	if err != nil {
		return nil, err
	}
	s, err := open(ctx, func(plan.Arm) process.Command { return way.Wrap(worker, dir) }, t, false, nil)
	if s != nil {
		defer s.close()
	}
	if err != nil {
		return nil, err
	}
	c := counting{session: s, way: way, program: worker.Path, dir: dir}
	count := c.work
	if way.Brackets {
		count = func(ctx context.Context, arm int) (work.Arm, error) {
			return iterations{c.counts, way.Name, s.batches[arm]}.count(ctx, &g.iterations)
		}
	} else if first, err := c.last(); err != nil {
		return nil, err
	} else {
		c.nothing = first.counts
	}
	works := make([]work.Arm, len(arms))
	for i, a := range arms {
		if works[i], err = count(ctx, i); err != nil {
			return nil, fmt.Errorf("%s: %w", a.Name, err)
		}
		works[i].Arm = a.Name
	}
	return works, nil
}

// counting is one process whose stretches are counted.
type counting struct {
	*session
	way     counters.Way
	program string
	dir     string
	seen    int                // stretches or brackets read so far
	nothing map[string]float64 // the counts of a stretch without operations
}

// stretch is what was counted between two looks.
type stretch struct {
	counts map[string]float64
	ops    int64
	parts  int // brackets of a timer that it is made of
}

// last returns the counts of the stretch that has just ended.
func (c *counting) last() (stretch, error) {
	all, err := c.way.Read(c.program, c.dir, c.seen)
	if err != nil {
		return stretch{}, err
	}
	before := c.seen
	c.seen += len(all)
	if c.way.Brackets {
		counts, parts, err := counters.Bracketed(all, before, c.dir)
		return stretch{counts: counts, parts: parts}, err
	}
	if len(all) != 1 {
		return stretch{}, fmt.Errorf("%d stretches were counted, want %d: the worker's marks did not reach the counter", c.seen, before+1)
	}
	return stretch{counts: all[0], parts: 1}, nil
}

// work counts one arm: a stretch of operations less one of none.
func (c *counting) work(ctx context.Context, arm int) (work.Arm, error) {
	n := c.batches[arm]
	w, err := c.stretch(ctx, wire.Slice{Arm: arm, Warm: int(countWarm * float64(n)), Batches: n})
	if err != nil || c.way.Name == mark.Calls {
		return w, err
	}
	took := w.Units["instructions/op"] * float64(w.Ops)
	repeats := 1
	for took > 0 && took*float64(repeats) < longStretch && repeats < mostRepeats {
		repeats *= 2
	}
	if repeats == 1 {
		return w, nil
	}
	return c.stretch(ctx, wire.Slice{Arm: arm, Batches: n * repeats})
}

func (c *counting) stretch(ctx context.Context, s wire.Slice) (work.Arm, error) {
	x, err := c.counts(ctx, s)
	if err != nil {
		return work.Arm{}, err
	}
	return perOp(c.way.Name, x.counts, c.nothing, x.ops), nil
}

// counts runs a slice and returns what was counted in it.
func (c *counting) counts(ctx context.Context, s wire.Slice) (stretch, error) {
	timings, err := c.run(ctx, []wire.Slice{s})
	if err != nil {
		return stretch{}, err
	}
	x, err := c.last()
	x.ops = timings[0].Ops
	return x, err
}

// perOp is the difference of two counts, with operations and without, over the
// operations. System calls are named for what they are; their sum is a unit too.
func perOp(way string, counts, nothing map[string]float64, ops int64) work.Arm {
	w := work.Arm{Ops: ops, Units: map[string]float64{}}
	all := 0.0
	for name, n := range counts {
		per := math.Max(0, n-nothing[name]) / float64(ops)
		if way == mark.Calls {
			all += per
			name += "-calls"
		}
		w.Units[name+"/op"] = per
	}
	if way == mark.Calls {
		w.Units["syscalls/op"] = all
	}
	return w
}

func calling(w work.Arm) bool { return w.Units["syscalls/op"] > 0 }

// promised marks the units of which nothing is promised and returns the promises
// for the others.
func promised(w *work.Arm, way counters.Way) map[string]work.Promise {
	all := map[string]work.Promise{}
	for _, unit := range slices.Sorted(maps.Keys(w.Units)) {
		p, known := way.Repeats(strings.TrimSuffix(unit, "/op"))
		if known {
			all[unit] = p
		} else if !slices.Contains(w.Inexact, unit) {
			w.Inexact = append(w.Inexact, unit)
		}
	}
	return all
}

// countAgain repeats a pass and marks the units that break the promise of their
// way: what the goroutines of a store have done so far, and so how its files
// lie, may depend on the moment.
func (r *run) countAgain(ctx context.Context, g *group, way counters.Way, arms []plan.Arm, works []work.Arm) error {
	again, err := r.countArms(ctx, g, way, arms, 1)
	if err != nil {
		return err
	}
	for i := range works {
		names := maps.Clone(works[i].Units)
		maps.Copy(names, again[i].Units)
		for name := range names {
			p, known := way.Repeats(strings.TrimSuffix(name, "/op"))
			if known && !p.Keeps(works[i].Units[name], again[i].Units[name]) {
				works[i].Inexact = append(works[i].Inexact, name)
			}
		}
		slices.Sort(works[i].Inexact)
	}
	return nil
}
