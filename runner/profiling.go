package runner

import (
	"context"
	"fmt"
	"strings"
	"time"

	"assay/runner/clock"
	"assay/runner/plan"
	"assay/runner/samples"
)

const (
	// A CPU profile of an operation gets this share of the run's budget, divided
	// among all that are profiled.
	cpuShare  = 0.25
	cpuLeast  = 200 * time.Millisecond
	cpuMost   = 3 * time.Second
	cpuPass   = 75 * time.Millisecond // a process takes some 30 to start and load
	cpuPasses = 20

	countPass  = 15 * time.Millisecond // heap and allocs: what allocates shows at once
	waitPass   = 50 * time.Millisecond // mutex, block and trace
	smokePass  = 20 * time.Millisecond
	fewPasses  = 3 // the least from which an interval means something
	leastCPU   = 4
	overspend  = 2 // how far a profile may outlast its plan, in plans
	overspends = 8 // and before it has the passes for an interval
)

// schedule is how often and how long one operation of one variant is profiled.
type schedule struct {
	passes int
	each   time.Duration
}

// profiled is one operation of one variant under one kind of profiler.
type profiled struct {
	g    *group
	arm  plan.Arm
	kind string
	schedule
	done   int
	spent  time.Duration
	broken bool
}

// file is where the profile goes: the operations of a variant share one, but
// execution traces cannot be merged.
func (p *profiled) file() string {
	name, ext := p.g.Family+"-"+p.arm.Name+"-"+p.kind, ".pb.gz"
	if p.kind == "trace" {
		name, ext = p.g.Family+"-"+p.g.Op+"-"+p.arm.Name+"-"+p.kind, ".out"
	}
	return "profiles/" + strings.NewReplacer("/", "_", "#", "_").Replace(name) + ext
}

// due says that another pass is wanted and affordable. A one-shot that takes
// seconds is not repeated as often as one that takes microseconds.
func (p *profiled) due() bool {
	planned := time.Duration(p.passes) * (p.each + cpuPass)
	switch {
	case p.broken || p.done >= p.passes:
		return false
	case p.done >= fewPasses:
		return p.spent < overspend*planned
	}
	return p.done == 0 || p.spent < overspends*planned
}

// profile runs each operation of each variant again under a profiler, each pass
// in a fresh process. No timing slice ever carries one. The passes of all take
// turns, in an order drawn anew, so that the machine's moods meet everybody.
func (r *run) profile(ctx context.Context) error {
	todo := r.toProfile()
	files := recordings{}
	err := r.profileAll(ctx, todo, &files)
	if failed := files.write(r.journal); failed != nil {
		return failed
	}
	if err != nil {
		return err
	}
	return r.machineCode(&files)
}

func (r *run) profileAll(ctx context.Context, todo []*profiled, files *recordings) error {
	total, done, began := 0, 0, r.Clock.Wall()
	for _, p := range todo {
		total += p.passes
	}
	for pass, due := 0, true; due; pass++ {
		due = false
		for _, i := range plan.Order(plan.Mix(r.plan.Seed, 19, pass), len(todo), 1)[:len(todo)] {
			p := todo[i]
			if !p.due() || p.done > 0 && r.late(r.Clock.Wall()-began) {
				continue
			}
			due = true
			r.step("profiling", p.g, r.rest(began, done, total, r.ahead.passes))
			done++
			if err := r.profileOnce(ctx, p, files); err != nil {
				return err
			}
		}
	}
	return nil
}

// late says that profiling has taken more time than it is worth beside a budget:
// then each operation gets its first pass only, and what has too few says nothing.
func (r *run) late(took time.Duration) bool { return took > r.plan.MostProfiling() }

// profileOnce runs one pass. One that fails is a warning, and the last of its kind.
func (r *run) profileOnce(ctx context.Context, p *profiled, files *recordings) error {
	arm := p.arm
	arm.Batches = p.g.batches[arm.Variant]
	t := r.trial(p.g, "profile", []plan.Arm{arm}, plan.Mix(r.plan.Seed, 13, p.g.index, p.done))
	t.Profile, t.Restart, t.Millis, t.Hertz = p.kind, p.done+1, int(p.each.Milliseconds()), hertz(clock.Tick())
	began := r.Clock.Wall()
	got, err := r.Source.Profile(ctx, p.g.Group, t)
	p.done++
	p.spent += r.Clock.Wall() - began
	if err == nil {
		err = files.add(p, t, got)
	}
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		p.broken = true
		return r.journal.Append(samples.Record{Warning: fmt.Sprintf("%s: no %s profile of %s: %v", p.g.Key(), p.kind, p.arm.Name, err)})
	}
	return nil
}

// hertz is the rate of CPU samples: twice the usual hundred a second halves the
// variance of every share for nothing, but only where the kernel's tick is
// finer. Beyond the tick, samples are lost: of 400 a second at a tick of 4 ms a
// third, of 1000 three quarters.
func hertz(tick time.Duration) int {
	if tick > 0 && tick <= 5*time.Millisecond {
		return 200
	}
	return 100
}

// toProfile lists what to profile. Where the budget does not go round, an
// operation under several workloads is profiled under its first.
func (r *run) toProfile() []*profiled {
	all := r.candidates(false)
	if n := countKind(all, "cpu"); n > 0 && r.cpuTime(n) < cpuLeast {
		all = r.candidates(true)
	}
	share := r.cpuTime(countKind(all, "cpu"))
	cpu, passes := max(cpuLeast, min(cpuMost, share)), leastCPU
	if share < cpuLeast { // a crowd: starting its processes takes longer than their work
		passes = fewPasses
	}
	for _, p := range all {
		p.schedule = scheduled(p, cpu, passes)
		if r.plan.Small {
			p.schedule = schedule{1, smokePass}
		}
	}
	return all
}

// cpuTime is each operation's part of the budget, when n of them share it.
func (r *run) cpuTime(n int) time.Duration {
	return time.Duration(cpuShare * r.plan.Budget / float64(max(1, n)) * float64(time.Second))
}

func countKind(all []*profiled, kind string) int {
	n := 0
	for _, p := range all {
		if p.kind == kind {
			n++
		}
	}
	return n
}

func scheduled(p *profiled, cpu time.Duration, least int) schedule {
	switch p.kind {
	case "cpu":
		n := max(least, min(cpuPasses, int(cpu/cpuPass)))
		return schedule{n, cpu / time.Duration(n)}
	case "trace":
		return schedule{1, waitPass}
	case "mutex", "block":
		return schedule{fewPasses, waitPass}
	}
	if p.g.frugal[p.arm.Name] {
		return schedule{1, countPass} // the count says that there is nothing to find
	}
	return schedule{fewPasses, countPass}
}

// candidates are the arms and kinds to profile; with first, each operation
// under its first workload alone.
func (r *run) candidates(first bool) []*profiled {
	var todo []*profiled
	seen := map[string]bool{}
	for _, g := range r.groups {
		if g.Control || g.failed || g.Scenario != "" {
			continue
		}
		for _, a := range g.Arms {
			for _, kind := range r.plan.Profile {
				k := g.Family + "/" + g.Op + "/" + a.Name + "/" + kind
				switch {
				case first && kind != "cpu" && kind != "trace" && g.frugal[a.Name]:
					k = g.Family + "/" + a.Name + "/" + kind // the counts say that there is nothing to find
				case !first && kind != "trace": // a trace has a file per operation
					k += "/" + g.Workload
				}
				if !seen[k] && !g.nulls[a.Name] && !g.broken[a.Name] {
					seen[k] = true
					todo = append(todo, &profiled{g: g, arm: a, kind: kind})
				}
			}
		}
	}
	return todo
}
