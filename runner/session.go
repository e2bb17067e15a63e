package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"assay/runner/plan"
	"assay/runner/process"
	"assay/runner/trial"
	"assay/runner/wire"
)

// patience is how long a worker may say nothing. Loading millions of entries
// into many arms on a busy machine takes seconds; two minutes is a hang.
const patience = 2 * time.Minute

// session is one restart of one group: worker processes that hold its arms,
// all in one, or one each.
type session struct {
	processes []*process.Process
	isolated  bool
	dir       string
	batches   []int // per arm
}

// open starts the workers of a trial. Isolated arms start in the given order:
// the side started first "won" by 4 % in a trial, so the order is drawn.
func open(ctx context.Context, worker func(plan.Arm) process.Command, t plan.Trial, isolated bool, startOrder []int) (*session, error) {
	dir, err := os.MkdirTemp("", "assay-trial-")
	if err != nil {
		return nil, fmt.Errorf("scratch folder: %w", err)
	}
	s := &session{isolated: isolated, dir: dir, batches: make([]int, len(t.Arms))}
	if !isolated {
		err = s.start(ctx, worker(t.Arms[0]), t, nil)
		return s, err
	}
	s.processes = make([]*process.Process, len(t.Arms))
	for _, i := range startOrder {
		one := t
		one.Arms = t.Arms[i : i+1]
		if err := s.start(ctx, worker(t.Arms[i]), one, &i); err != nil {
			return s, fmt.Errorf("%s: %w", t.Arms[i].Name, err)
		}
	}
	return s, nil
}

// start launches one worker; arm is its index when it holds one arm.
func (s *session) start(ctx context.Context, cmd process.Command, t plan.Trial, arm *int) error {
	request, err := json.Marshal(t)
	if err != nil {
		return err
	}
	if cmd.Dir == "" { // one with a place of its own is no worker of this program, and takes no scratch folder
		cmd.Args = append(append([]string(nil), cmd.Args...), s.workDir(arm))
	}
	p, err := process.Start(ctx, cmd)
	if err != nil {
		return err
	}
	if arm == nil {
		s.processes = []*process.Process{p}
	} else {
		s.processes[*arm] = p
	}
	return p.Ask(ctx, wire.Open+" "+string(request), patience, func(verb, args string) (bool, error) {
		if verb != wire.Ready {
			return true, fmt.Errorf("want %q", wire.Ready)
		}
		counts, err := wire.Integers(args)
		if err != nil || len(counts) != len(t.Arms) {
			return true, fmt.Errorf("want %d counts (%v)", len(t.Arms), err)
		}
		for i, n := range counts {
			if n < 1 {
				return true, fmt.Errorf("a slice of %d batches", n)
			}
			if arm == nil {
				s.batches[i] = int(n)
			} else {
				s.batches[*arm] = int(n)
			}
		}
		return true, nil
	})
}

func (s *session) workDir(arm *int) string {
	if arm == nil {
		return s.dir
	}
	return filepath.Join(s.dir, fmt.Sprintf("process%d", *arm))
}

// run runs the slices in order and returns one timing for each.
func (s *session) run(ctx context.Context, slices []wire.Slice) ([]wire.Timing, error) {
	if !s.isolated {
		return ask(ctx, s.processes[0], slices)
	}
	timings := make([]wire.Timing, 0, len(slices))
	for _, want := range slices {
		arm := want.Arm
		want.Arm = 0
		got, err := ask(ctx, s.processes[arm], []wire.Slice{want})
		if err != nil {
			return timings, err
		}
		got[0].Arm = arm
		timings = append(timings, got[0])
	}
	return timings, nil
}

// ask sends one run request and checks that the answers are its slices.
func ask(ctx context.Context, p *process.Process, slices []wire.Slice) ([]wire.Timing, error) {
	timings := make([]wire.Timing, 0, len(slices))
	err := p.Ask(ctx, wire.FormatRun(slices), patience, func(verb, args string) (bool, error) {
		switch {
		case verb == wire.OK && len(timings) == len(slices):
			return true, nil
		case verb != wire.Timed || len(timings) == len(slices):
			return true, fmt.Errorf("out of turn after %d of %d slices", len(timings), len(slices))
		}
		t, err := wire.ParseTiming(args)
		if err == nil && t.Arm != slices[len(timings)].Arm {
			err = fmt.Errorf("slice of arm %d, want %d", t.Arm, slices[len(timings)].Arm)
		}
		timings = append(timings, t)
		return false, err
	})
	return timings, err
}

// end asks every worker for its ending.
func (s *session) end(ctx context.Context) ([]trial.Ending, error) {
	endings := make([]trial.Ending, len(s.processes))
	for i, p := range s.processes {
		if err := p.Ask(ctx, wire.End, patience, decode(&endings[i])); err != nil {
			return nil, err
		}
	}
	return endings, nil
}

// decode takes the JSON of an end answer.
func decode(into any) func(verb, args string) (bool, error) {
	return func(verb, args string) (bool, error) {
		if verb != wire.End {
			return true, fmt.Errorf("want %q", wire.End)
		}
		return true, json.Unmarshal([]byte(args), into)
	}
}

// close ends the workers and removes what they wrote.
func (s *session) close() {
	for _, p := range s.processes {
		if p != nil {
			p.Close()
		}
	}
	os.RemoveAll(s.dir) //nolint:errcheck // a leftover in the temporary folder harms nobody
}

// report runs a pass that is not timed, in a worker of its own, and decodes its only answer.
func report(ctx context.Context, cmd process.Command, t plan.Trial, into any) error {
	dir, err := os.MkdirTemp("", "assay-pass-")
	if err != nil {
		return fmt.Errorf("scratch folder: %w", err)
	}
	defer os.RemoveAll(dir)
	request, err := json.Marshal(t)
	if err != nil {
		return err
	}
	cmd.Args = append(append([]string(nil), cmd.Args...), dir)
	p, err := process.Start(ctx, cmd)
	if err != nil {
		return err
	}
	defer p.Close()
	// Such a pass says nothing until it has gone through every arm, and through a
	// reference first: a million entries put, flushed and counted for six stores
	// on a busy machine took longer than one worker may be silent.
	silence := patience * time.Duration(1+len(t.Arms))
	return p.Ask(ctx, wire.Open+" "+string(request), silence, decode(into))
}
