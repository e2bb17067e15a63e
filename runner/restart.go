package runner

import (
	"context"
	"fmt"
	"time"

	"assay/runner/plan"
	"assay/runner/process"
	"assay/runner/samples"
	"assay/runner/wire"
)

const (
	// restartPerArm is how long the slices of one arm last in a restart: 30 to
	// 40 slices of 0.4 ms. Longer restarts buy little, because restarts, not
	// slices, are the sample.
	restartPerArm = 14 * time.Millisecond
	minRounds     = 2
	longRound     = 500 * time.Millisecond // of which one has to do
	maxRounds     = 60
	// lockStepPerArm is the same for arms in processes of their own, whose slices
	// are longer. Of 20 slices the fastest quarter is 5; more of them bought less
	// than more restarts did.
	lockStepPerArm = 20 * time.Millisecond
	// cpuRounds is the least for arms that share a process: a restart of a few
	// slices is a coin toss, however slow the machine is just now.
	cpuRounds = 10
	// warmShare is the untimed part at the start of a slice: after a switch the
	// caches hold the other arm's data.
	warmShare = 0.06
)

// restart measures the group once in fresh processes and records it.
func (r *run) restart(ctx context.Context, g *group) (samples.Restart, error) {
	rec := samples.Restart{
		Group: g.index, Index: g.restarts, Layout: r.layout(g), Arms: g.arms(),
		Seed: plan.Mix(r.plan.Seed, g.seedIndex(), g.restarts), At: r.now().Seconds(),
	}
	began := r.Clock.Wall()
	t := r.trial(g, "time", rec.Arms, rec.Seed)
	t.Beside = g.Scenario
	s, err := open(ctx, r.worker(g, rec.Layout), t, g.Isolated, plan.Order(plan.Mix(rec.Seed, 1), len(rec.Arms), 1)[:len(rec.Arms)])
	if s != nil {
		defer s.close()
	}
	if err != nil {
		return rec, err
	}
	g.calibrated(rec.Arms, s.batches)
	for i, a := range rec.Arms {
		s.batches[i] = g.batches[a.Variant]
	}
	if err := r.rounds(ctx, s, &rec, r.Clock.Wall()-began); err != nil {
		return rec, err
	}
	if rec.Endings, err = s.end(ctx); err != nil {
		return rec, err
	}
	rec.Took = (r.Clock.Wall() - began).Seconds()
	return rec, r.journal.Append(samples.Record{Restart: &rec})
}

// rounds runs one round to see how long it takes, then as many as the restart
// is worth.
func (r *run) rounds(ctx context.Context, s *session, rec *samples.Restart, setup time.Duration) error {
	if err := record(ctx, s, rec, plan.Order(plan.Mix(rec.Seed, 2), len(rec.Arms), 1)); err != nil {
		return err
	}
	n := r.worth(rec, setup) - 1
	if r.plan.Small {
		n = 1
	}
	return record(ctx, s, rec, plan.Order(plan.Mix(rec.Seed, 3), len(rec.Arms), n))
}

// worth is the number of rounds of a restart. At first it follows from times
// alone; once a group of arms in one process knows how much slices and restarts
// scatter, from the division of the budget that makes the interval smallest. (In
// lock-step the fastest slices speak for a restart, and the variance of all of
// them says nothing about that of the fastest.)
func (r *run) worth(rec *samples.Restart, setup time.Duration) int {
	g := r.groups[rec.Group]
	round := max(time.Microsecond, roundTime(*rec))
	perArm := restartPerArm
	if g.Isolated {
		perArm = lockStepPerArm
	}
	n := int(max(perArm*time.Duration(len(rec.Arms)), setup/2) / round)
	if best, ok := g.allocate(round.Seconds(), setup.Seconds()); ok && !g.Isolated {
		n = best
	}
	least := cpuRounds
	if g.Isolated {
		least = minRounds
		if round > longRound {
			least = 1
		}
	}
	if r.short(g) {
		return least
	}
	return min(max(n, least), maxRounds)
}

// short says that at its price the group will hardly get the restarts a verdict
// takes: then many short restarts are worth more than a few long ones. At load
// 13 on 2 CPUs, 30 of 31 slowdowns missed in 1.25 s had fewer than 8 restarts.
func (r *run) short(g *group) bool {
	const headroom = 2 // a row near the threshold takes more than the least
	share := r.plan.Budget / float64(len(r.groups))
	return share > 0 && !r.plan.UntilDecided && headroom*g.cost*float64(r.plan.MinRestarts) > share
}

// roundTime is what the first round took: CPU time, which a busy machine does
// not stretch, unless most of the time was spent waiting.
func roundTime(rec samples.Restart) time.Duration {
	var wall, cpu int64
	for i := range rec.Order {
		wall, cpu = wall+rec.Wall[i], cpu+rec.Thread[i]
	}
	if cpu < wall/10 {
		return time.Duration(wall)
	}
	return time.Duration(cpu)
}

// record runs slices in the given order and appends them to the restart.
func record(ctx context.Context, s *session, rec *samples.Restart, order []int) error {
	slices := make([]wire.Slice, len(order))
	for i, arm := range order {
		n := s.batches[arm]
		warm := int(warmShare*float64(n) + 0.5)
		slices[i] = wire.Slice{Arm: arm, Warm: warm, Batches: n}
	}
	timings, err := s.run(ctx, slices)
	if err != nil {
		return err
	}
	for i, t := range timings {
		if t.Arm != order[i] {
			return fmt.Errorf("slice %d came from arm %d, want %d", i, t.Arm, order[i])
		}
		rec.Order = append(rec.Order, t.Arm)
		rec.Ops = append(rec.Ops, t.Ops)
		rec.Wall = append(rec.Wall, t.Wall)
		rec.Thread = append(rec.Thread, t.Thread)
		rec.Process = append(rec.Process, t.Process)
		rec.Switches = append(rec.Switches, t.Switches)
	}
	return nil
}

// layout draws the build of a restart: every layout once per cycle, in an
// order of its own, so that all are used equally often.
func (r *run) layout(g *group) int {
	k := r.Source.Layouts()
	cycle := plan.Order(plan.Mix(r.plan.Seed, 7, g.index, g.restarts/k), k, 1)
	return cycle[g.restarts%k]
}

// worker binds a group and a layout to the command that starts an arm.
func (r *run) worker(g *group, layout int) func(plan.Arm) process.Command {
	return func(a plan.Arm) process.Command { return r.Source.Worker(g.Group, a, layout) }
}

// seedIndex makes scenarios of one comparison draw the inputs it draws alone.
func (g *group) seedIndex() int {
	h := 0
	for _, c := range g.Family + "/" + g.Op + "/" + g.Workload {
		h = h*31 + int(c)
	}
	return h & 0x7fffffff
}
