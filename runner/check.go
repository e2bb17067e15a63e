package runner

import (
	"context"
	"sync"

	"assay/runner/samples"
	"assay/runner/trial"
)

// checksAtOnce is how many untimed passes run side by side where they read no
// clock: as many as the smallest machine has processors.
const checksAtOnce = 2

// checked is the untimed pass of one group.
type checked struct {
	g      *group
	checks []trial.Check
	err    error
	done   chan struct{}
}

// check runs the untimed pass of every group, and takes in what they found in
// the order of the plan. An arm that fails here is out.
func (r *run) check(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var busy sync.WaitGroup
	defer busy.Wait()
	defer cancel()
	todo := r.toCheck()
	busy.Go(func() { r.checkAll(ctx, todo) })
	began := r.Clock.Wall()
	for i, c := range todo {
		r.step("checking", c.g, r.rest(began, i, len(todo), r.ahead.check)+r.ahead.timing+r.ahead.passes)
		<-c.done
		if err := r.takeIn(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// toCheck are the groups of different cases.
func (r *run) toCheck() []*checked {
	var todo []*checked
	seen := map[string]bool{}
	for _, g := range r.groups {
		k := g.Family + "/" + g.Op + "/" + g.Workload
		if !g.Control && !seen[k] {
			seen[k] = true
			todo = append(todo, &checked{g: g, done: make(chan struct{})})
		}
	}
	return todo
}

// checkAll runs the passes, several at once where the source allows it.
func (r *run) checkAll(ctx context.Context, todo []*checked) {
	n := 1
	if _, ok := r.Source.(Untimed); ok {
		n = checksAtOnce
	}
	next := make(chan *checked)
	var busy sync.WaitGroup
	for range n {
		busy.Go(func() {
			for c := range next {
				c.checks, c.err = r.Source.Check(ctx, c.g.Group, r.trial(c.g, "check", c.g.Arms, r.plan.Seed))
				close(c.done)
			}
		})
	}
	for _, c := range todo {
		next <- c
	}
	close(next)
	busy.Wait()
}

// takeIn records what a pass found.
func (r *run) takeIn(ctx context.Context, c *checked) error {
	if c.err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return r.fail(c.g, "", c.err)
	}
	for k, found := range c.checks {
		arm := c.g.Arms[k].Name
		if found.Failed != "" {
			r.note(c.g, found.Variant+" failed: "+found.Failed)
			r.exclude(c.g, arm)
		}
		c.g.frugal[arm] = found.Allocs < .001 && found.Bytes < .001 && found.Failed == ""
	}
	return r.journal.Append(samples.Record{Check: &samples.Checked{Group: c.g.index, Checks: c.checks}})
}

// exclude takes an arm that cannot run out of its group, of the group's
// scenarios and control, and of all later passes.
func (r *run) exclude(failed *group, arm string) {
	for _, g := range r.groups {
		if g.Family == failed.Family && g.Op == failed.Op && g.Workload == failed.Workload {
			g.drop(arm)
			g.broken[arm] = true
		}
	}
}
