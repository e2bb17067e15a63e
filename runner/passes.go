package runner

import (
	"context"
	"fmt"

	"assay/runner/plan"
	"assay/runner/samples"
)

const (
	latencyMillis = 500
	latencyOps    = 250  // at the least where an operation says its rate: a 99th percentile of fewer is the largest
	latencyMost   = 3000 // an arm that cannot keep its rate takes five times as long, and all arms answer together
	smokeMillis   = 20
)

// latency times single operations of every group in a pass of its own, where
// the user or the operation asks for one.
func (r *run) latency(ctx context.Context) error {
	began := r.Clock.Wall()
	for i, g := range r.groups {
		if g.Control || g.failed || !r.plan.Latency && g.rate == 0 {
			continue
		}
		r.step("latency", g, r.rest(began, i, len(r.groups), r.ahead.passes))
		t := r.trial(g, "latency", g.Arms, plan.Mix(r.plan.Seed, 11, g.index))
		if t.Rate == 0 {
			t.Rate = g.rate
		}
		t.Millis = r.millis(latencyMillis)
		if g.rate > 0 && !r.plan.Small {
			t.Millis = max(t.Millis, min(latencyMost, int(latencyOps/t.Rate*1000)))
		}
		arms, err := r.Source.Latency(ctx, g.Group, t)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := r.fail(g, "", fmt.Errorf("latency: %w", err)); err != nil {
				return err
			}
			continue
		}
		if err := r.journal.Append(samples.Record{Latency: &samples.Latencies{Group: i, Arms: arms}}); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) millis(n int) int {
	if r.plan.Small {
		return smokeMillis
	}
	return n
}
