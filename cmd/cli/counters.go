package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"assay/profiles/counters"
	"assay/runner/plan"
)

// countable refuses a way of counting that was asked for by name and that this
// machine has not, before there is a folder.
func countable(ctx context.Context, p plan.Plan) error {
	if p.Counters != "perf" && p.Counters != "simulated" {
		return nil
	}
	_, err := counters.Choose(ctx, p.Counters)
	return err
}

func newTraceCalls(*app) *cobra.Command {
	return &cobra.Command{
		Use:                "trace-calls LOG WORKER [ARG]...",
		Short:              "Run a worker and count the system calls of its marked stretches",
		Hidden:             true,
		Args:               cobra.MinimumNArgs(2),
		DisableFlagParsing: true, // the flags are the worker's
		RunE: func(_ *cobra.Command, args []string) error {
			signal.Ignore(os.Interrupt, syscall.SIGHUP) // they reach the whole group; the runner decides
			return counters.Trace(args[0], args[1:])
		},
	}
}
