package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/signal"
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
)

const (
	workerVerb = "worker"
	answersFD  = 3 // where a worker answers; see package process
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
	return []method{usual(binary), alternating(binary), assay(r)}, nil
}

// assay compares by the same runner that serves its users, with the slowdown
// planted in the arm that takes the slowed side's part.
func assay(r runner.Runner) method {
	return method{name: "assay", compare: func(ctx context.Context, t task, seconds float64) (outcome, error) {
		p, err := planFor(t, seconds)
		if err != nil {
			return outcome{}, err
		}
		comparisons, run, err := selftest.Carry(ctx, r, p, samples.Head{})
		if err != nil {
			return outcome{}, err
		}
		return read(comparisons[0], t, selftest.Truth(run, t.effect)), nil
	}}
}

// planFor is a comparison of the kernel with itself.
func planFor(t task, seconds float64) (plan.Plan, error) {
	room := selftest.Room()
	base := room.Cases[0].Variant
	o := plan.Options{
		Name: "power", Select: []string{room.Name + "/" + t.kernel}, Workloads: room.Workloads[:1],
		Seed: t.seed, Budget: time.Duration(seconds * float64(time.Second)),
	}
	if t.effect > 0 {
		slowed := base + "#2"
		if t.first {
			slowed = base
		}
		o.Inject = map[string]float64{slowed: t.effect}
	}
	return selftest.Plan(rooms(), o)
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
