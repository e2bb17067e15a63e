// Package counters counts the work of a worker process instead of timing it:
// instructions, branches, mispredicted branches and cache misses, by the
// processor's counters or by a simulator, and system calls by kind, by tracing.
//
// A way of counting says how a worker is started and where it leaves the counts
// of its marked stretches (package mark); choosing operations and dividing by
// their number is the runner's part.
//
// Its limits first. Counts of a simulator are those of a processor that nobody
// has: it knows conditional and indirect branches, a simple predictor and two
// levels of cache of fixed sizes. They repeat from run to run, on a machine as
// busy as it may be, and that is what they are for. All counts but those of
// system calls are of the thread that runs the operation, in user mode.
package counters

import (
	"context"
	"fmt"

	"assay/runner/mark"
	"assay/runner/process"
	"assay/runner/samples/work"
)

// Way is one way to count the work of a worker.
type Way struct {
	Name string // one of package mark: perf, simulated, calls
	How  string // for reports: by what it was counted
	// Wrap returns the command that runs the worker so that its marked stretches
	// are counted into files of dir, an empty folder.
	Wrap func(worker process.Command, dir string) process.Command
	// Repeats says how closely counts of this name repeat, if that is known.
	Repeats func(name string) (p work.Promise, known bool)
	// Read returns the counts of the stretches after the first ones, which were
	// seen, in order. Program is the path of the worker's own.
	Read func(program, dir string, seen int) ([]map[string]float64, error)
	// Brackets says that what is read are brackets of a benchmark's timer
	// ([Bracketed]), and that it cannot be run for no operations at all.
	Brackets bool
}

// LogName is the file of the folder that a worker's own counts, and those of a
// tracer, go to.
const LogName = "counts.jsonl"

// steady are the settings under which a worker does the same work each time: one
// thread of Go code, no collection in the middle, no signals to switch
// goroutines, no random samples of what is allocated.
var steady = []string{"GOMAXPROCS=1", "GOGC=off", "GODEBUG=asyncpreemptoff=1,memprofilerate=0"}

// steadied is the command with those settings.
func steadied(c process.Command) process.Command {
	c.Env = append(append([]string(nil), c.Env...), steady...)
	return c
}

// Choose returns the way that a word of --counters means: perf, simulated, or
// auto for the first of them that this machine has. The error says why there is none.
func Choose(ctx context.Context, word string) (Way, error) {
	switch word {
	case mark.Perf:
		return Hardware()
	case mark.Simulated:
		return Simulated(ctx)
	}
	way, err := Hardware()
	if err == nil {
		return way, nil
	}
	way, errToo := Simulated(ctx)
	if errToo != nil {
		return Way{}, fmt.Errorf("%w, and %w", err, errToo)
	}
	return way, nil
}
