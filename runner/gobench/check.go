package gobench

import (
	"context"
	"math"
	"slices"

	"assay/runner/plan"
	"assay/runner/trial"
)

const (
	countingFor    = 20e6 // nanoseconds of a counting pass
	countingPasses = 3
	mostCounted    = 100_000
)

// Check calibrates a row and counts what both sides allocate and report, in
// processes of their own with statistics on. A figure that comes out the same
// in every pass is exact; the others are sampled with the times.
func (s *Source) Check(ctx context.Context, g plan.Group, t plan.Trial) ([]trial.Check, error) {
	checks := make([]trial.Check, len(t.Arms))
	curves := make([]curve, len(t.Arms))
	for i, a := range t.Arms {
		checks[i] = trial.Check{Variant: a.Name, Units: map[string]trial.Tally{}}
		var err error
		if curves[i], err = s.measure(ctx, s.worker(g, a.Variant, 0, "time", setting{count: 1}), float64(g.SliceNS)); err != nil {
			checks[i].Failed = err.Error()
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	for _, c := range checks {
		if c.Failed != "" {
			return checks, nil
		}
	}
	x := choose(curves[0], curves[len(curves)-1], float64(g.SliceNS))
	per := math.Sqrt(curves[0].per * curves[len(curves)-1].per)
	n := max(1, int(math.Min(mostCounted, math.Max(countingFor, 2*curves[0].fixed)/per)))
	for i, a := range t.Arms {
		if err := s.count(ctx, g, a, n, &checks[i]); err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			checks[i].Failed = err.Error()
		}
		x.hold(checks[i].Bytes)
		checks[i].Notes = slices.Clone(x.notes)
		if note := s.notes[g.Family+" "+g.Op]; note != "" {
			checks[i].Notes = append(checks[i].Notes, note)
		}
	}
	s.settings[keyOf(g)] = x
	return checks, nil
}

// count fills in the exact figures of one side.
func (s *Source) count(ctx context.Context, g plan.Group, a plan.Arm, n int, c *trial.Check) error {
	var passes []map[string]trial.Tally
	for range countingPasses {
		units, err := s.countOnce(ctx, g, a, n)
		if err != nil {
			return err
		}
		passes = append(passes, units)
	}
	c.Ops = n
	for name, first := range passes[0] {
		same := true
		for _, p := range passes[1:] {
			same = same && p[name].Mean == first.Mean
		}
		switch name {
		case "ns/op", "MB/s", "wall-ns/op": // the times speak for themselves
		case "allocs/op", "B/op":
			if name == "B/op" {
				c.Bytes = first.Mean
			} else {
				c.Allocs = first.Mean
			}
			if !same {
				c.Inexact = append(c.Inexact, name)
			}
		default:
			if same && len(passes[0]) == len(passes[len(passes)-1]) {
				c.Units[name] = first
			}
		}
	}
	slices.Sort(c.Inexact)
	return nil
}

// countOnce runs n iterations with memory statistics. Allocations are whole
// per iteration, as go test prints them: what the runtime allocates now and
// then for itself is below one.
func (s *Source) countOnce(ctx context.Context, g plan.Group, a plan.Arm, n int) (map[string]trial.Tally, error) {
	p, err := s.probe(ctx, s.worker(g, a.Variant, 0, "count", setting{count: n}))
	if err != nil {
		return nil, err
	}
	defer p.Close()
	if _, _, err := p.slice(ctx, n); err != nil {
		return nil, err
	}
	e, err := p.end(ctx)
	if err != nil {
		return nil, err
	}
	units := map[string]trial.Tally{
		"allocs/op": {N: 1, Mean: float64(e.Allocs / uint64(n))},
		"B/op":      {N: 1, Mean: float64(e.Bytes / uint64(n))},
	}
	if len(e.Units) == 1 {
		for name, t := range e.Units[0] {
			t.N = 1
			units[name] = t
		}
	}
	return units, nil
}
