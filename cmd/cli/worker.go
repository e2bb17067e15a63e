package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"assay/runner/layout"
	"assay/runner/plan"
	"assay/runner/process"
	"assay/runner/trial"
)

type command = process.Command

// workers returns how worker processes are started: this program itself, or
// builds of it with other layouts where the plan asks for them. A plan whose
// layouts cannot be built goes on with one, and says so.
func (a *app) workers(ctx context.Context, p *plan.Plan) (workers []command, clean func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, fmt.Errorf("worker: %w", err)
	}
	one := []command{{Path: self, Args: []string{"worker"}}}
	if p.Layouts == 1 {
		return one, func() {}, nil
	}
	dir, err := os.MkdirTemp("", "assay-layouts-")
	if err != nil {
		return nil, nil, fmt.Errorf("layouts: %w", err)
	}
	clean = func() { os.RemoveAll(dir) } //nolint:errcheck // temporary
	fmt.Fprintf(a.Err, "assay: building %d layouts of this program\n", p.Layouts)
	source, err := layout.Find(a.Source)
	var paths []string
	if err == nil {
		paths, err = layout.Build(ctx, source, dir, p.Seed, p.Layouts, func(int) {})
	}
	if ctx.Err() != nil {
		clean()
		return nil, nil, tooEarly()
	}
	if err != nil {
		clean()
		*p = p.OneLayout()
		fmt.Fprintf(a.Err, "assay: no layouts: %s; going on with one, and calling nothing below %.3g %% real\n", firstLine(err.Error()), 100*p.Threshold)
		return one, func() {}, nil
	}
	for _, path := range paths {
		workers = append(workers, command{Path: path, Args: []string{"worker"}})
	}
	return workers, clean, nil
}

const (
	autoLayouts      = 8
	autoLayoutBudget = 10 * time.Second // below this, eight links are too large a share

	// With eight layouts an interval over them has seven degrees of freedom; a
	// run of a minute can afford twice as many.
	manyLayoutsBudget = time.Minute
)

// layouts resolves --layouts auto: eight where assay can be built again and the
// budget is worth it.
func (a *app) layouts(f *runFlags) (int, error) {
	if f.layouts != "auto" {
		n, err := strconv.Atoi(f.layouts)
		if err != nil || n < 1 || n > 64 {
			return 0, fmt.Errorf("--layouts %q: give auto or a number from 1 to 64", f.layouts)
		}
		return n, nil
	}
	if f.options.Smoke || f.options.Budget < autoLayoutBudget {
		return 1, nil
	}
	if _, err := layout.Find(a.Source); err != nil {
		return 1, nil //nolint:nilerr // doctor says why; auto just makes do
	}
	if f.options.Budget >= manyLayoutsBudget {
		return 2 * autoLayouts, nil
	}
	return autoLayouts, nil
}

// answersFD is the pipe on which a worker answers; standard output belongs to the code under test.
const answersFD = 3

func newWorker(a *app) *cobra.Command {
	return &cobra.Command{
		Use:    "worker DIR",
		Short:  "Serve trials to a runner on standard input and file descriptor 3",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			signal.Ignore(os.Interrupt, syscall.SIGHUP) // they reach the whole group; the runner decides
			answers := os.NewFile(answersFD, "answers")
			if is, err := answers.Stat(); err != nil || is.Mode()&os.ModeNamedPipe == 0 {
				return fmt.Errorf("worker: file descriptor %d is no pipe: it is started by the runner, not by hand", answersFD)
			}
			return trial.Serve(a.In, answers, a.Clock, a.rooms, args[0])
		},
	}
}

func newAntagonist(a *app) *cobra.Command {
	return &cobra.Command{
		Use:    "antagonist KIND DIR",
		Short:  "Load the machine for a scenario",
		Hidden: true,
		Args:   cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			signal.Ignore(os.Interrupt, syscall.SIGHUP)
			return trial.Antagonist(args[0], args[1], a.In)
		},
	}
}
