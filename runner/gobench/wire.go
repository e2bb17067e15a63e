package gobench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"assay/runner/clock"
	"assay/runner/process"
	"assay/runner/trial"
	"assay/runner/wire"
)

// probe is a worker that is asked for slices outside the timed restarts.
type probe struct {
	*process.Process
	clock    clock.Clock
	patience time.Duration
}

// probe starts a worker and waits until it is ready.
func (s *Source) probe(ctx context.Context, cmd process.Command) (*probe, error) {
	p, err := process.Start(ctx, cmd)
	if err != nil {
		return nil, err
	}
	x := &probe{Process: p, clock: s.clock, patience: s.patience}
	err = p.Ask(ctx, wire.Open+" {}", s.patience, func(verb, _ string) (bool, error) {
		if verb != wire.Ready {
			return true, fmt.Errorf("want %q", wire.Ready)
		}
		return true, nil
	})
	if err != nil {
		p.Close()
		return nil, err
	}
	return x, nil
}

// slice runs n iterations and returns the timing, and the wall time of the
// whole request, set-up included.
func (p *probe) slice(ctx context.Context, n int) (t wire.Timing, whole time.Duration, err error) {
	began := p.clock.Wall()
	seen := false
	err = p.Ask(ctx, wire.FormatRun([]wire.Slice{{Batches: n}}), p.patience, func(verb, args string) (bool, error) {
		switch {
		case verb == wire.Timed && !seen:
			seen = true
			var err error
			t, err = wire.ParseTiming(args)
			return false, err
		case verb == wire.OK && seen:
			return true, nil
		}
		return true, errors.New("out of turn")
	})
	return t, p.clock.Wall() - began, err
}

// end ends the worker and returns what it counted.
func (p *probe) end(ctx context.Context) (trial.Ending, error) {
	var e trial.Ending
	err := p.finish(ctx, &e)
	return e, err
}

// finish ends the worker and decodes what it has to say, whatever that is.
func (p *probe) finish(ctx context.Context, into any) error {
	return p.Ask(ctx, wire.End, p.patience, func(verb, args string) (bool, error) {
		if verb != wire.End {
			return true, fmt.Errorf("want %q", wire.End)
		}
		return true, json.Unmarshal([]byte(args), into)
	})
}
