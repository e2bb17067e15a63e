package cli

import (
	"os"
	"os/signal"

	"github.com/spf13/cobra"

	"assay/profiles/counters"
)

func newTraceCalls(*app) *cobra.Command {
	return &cobra.Command{
		Use:                "trace-calls LOG WORKER [ARG]...",
		Short:              "Run a worker and count the system calls of its marked stretches",
		Hidden:             true,
		Args:               cobra.MinimumNArgs(2),
		DisableFlagParsing: true, // the flags are the worker's
		RunE: func(_ *cobra.Command, args []string) error {
			signal.Ignore(os.Interrupt) // ^C reaches the whole group; the runner decides
			return counters.Trace(args[0], args[1:])
		},
	}
}
