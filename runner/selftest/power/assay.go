package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"assay/runner"
	"assay/runner/clock"
	"assay/runner/lab"
	"assay/runner/plan"
	"assay/runner/process"
	"assay/runner/result"
	"assay/runner/samples"
	"assay/runner/selftest"
	worker "assay/runner/trial" // its name is taken here
	"assay/runner/verdict"
)

const (
	workerVerb = "worker"
	answersFD  = 3 // where a worker answers; see package process

	threshold  = 0.0025 // as in `assay selftest`: half the smallest slowdown planted
	assayAlpha = 0.01
)

// work serves trials to the runner that started this process.
func work(dir string) error {
	signal.Ignore(os.Interrupt) // ^C reaches the whole group; the runner decides
	answers := os.NewFile(answersFD, "answers")
	if is, err := answers.Stat(); err != nil || is.Mode()&os.ModeNamedPipe == 0 {
		return fmt.Errorf("file descriptor %d is no pipe: a worker is started by the runner, not by hand", answersFD)
	}
	return worker.Serve(os.Stdin, answers, clock.System(), rooms(), dir)
}

func rooms() []lab.Room { return []lab.Room{selftest.Room()} }

// contestants builds what the methods need, in dir.
func contestants(ctx context.Context, dir string, clk clock.Clock) ([]method, error) {
	binary, err := build(ctx, dir)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	r := runner.Runner{Clock: clk, Rooms: rooms(), Source: runner.Lab{process.Command{Path: self, Args: []string{workerVerb}}}}
	return []method{usual(binary), alternating(binary), assay(r, dir)}, nil
}

// assay compares by the same runner that serves its users, with the slowdown
// planted in the arm that takes the slowed side's part.
func assay(r runner.Runner, dir string) method {
	return method{name: "assay", compare: func(ctx context.Context, t task, seconds float64) (outcome, error) {
		p, err := planFor(t, seconds)
		if err != nil {
			return outcome{}, err
		}
		folder, err := os.MkdirTemp(dir, "trial-")
		if err != nil {
			return outcome{}, err
		}
		defer os.RemoveAll(folder)
		run, err := carry(ctx, r, p, filepath.Join(folder, "run"))
		if err != nil {
			return outcome{}, err
		}
		for _, c := range verdict.Analyse(run, r.Rooms).Comparisons {
			if c.Unit == "ns/op" {
				return read(c, t, truth(run, t.effect)), nil
			}
		}
		return outcome{}, errors.New("the run has no comparison of times")
	}}
}

// planFor is a comparison of the kernel with itself.
func planFor(t task, seconds float64) (plan.Plan, error) {
	room := selftest.Room()
	base := room.Cases[0].Variant
	o := plan.Options{
		Name: "power", Select: []string{room.Name + "/" + t.kernel}, Workloads: room.Workloads[:1], Variants: []string{base, base},
		Seed: t.seed, Budget: time.Duration(seconds * float64(time.Second)), Threshold: threshold, Alpha: assayAlpha,
	}
	if t.effect > 0 {
		slowed := base + "#2"
		if t.first {
			slowed = base
		}
		o.Inject = map[string]float64{slowed: t.effect}
	}
	p, err := plan.Make(rooms(), o)
	if err != nil {
		return p, err
	}
	p.Groups = p.Groups[:len(p.Groups)-1] // the null control would be one more of the same
	return p, nil
}

// carry runs a plan into a folder and reads back what it left.
func carry(ctx context.Context, r runner.Runner, p plan.Plan, folder string) (*samples.Run, error) {
	j, err := samples.Create(folder, p, samples.Head{})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(r.Run(ctx, p, j), j.Close()); err != nil {
		return nil, err
	}
	run, err := samples.Open(folder)
	if err != nil {
		return nil, err
	}
	if len(run.Failures) > 0 {
		return nil, errors.New(run.Failures[0].Reason)
	}
	return run, nil
}

// truth is the planted ratio: the extra operations are whole ones.
func truth(run *samples.Run, effect float64) float64 {
	for _, r := range run.Restarts {
		for i, arm := range r.Order {
			if r.Arms[arm].Inject > 0 {
				ops := float64(r.Ops[i])
				return math.Ceil(ops*(1+effect)-1e-6) / ops
			}
		}
	}
	return 1 + effect
}

// read turns a comparison into what it says of the slowed side, which was the
// base where it came first.
func read(c result.Comparison, t task, truth float64) outcome {
	x := outcome{
		ratio: c.Ratio, truth: truth, p: math.NaN(), lo: c.Lo, hi: c.Hi,
		verdict: c.Verdict, samples: c.Restarts, early: c.Stopped == "decided",
	}
	if t.first {
		x.ratio, x.lo, x.hi = 1/c.Ratio, 1/c.Hi, 1/c.Lo
		switch c.Verdict {
		case "slower":
			x.verdict = "faster"
		case "faster":
			x.verdict = "slower"
		}
	}
	return x
}
