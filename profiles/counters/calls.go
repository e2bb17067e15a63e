package counters

import (
	"path/filepath"

	"assay/runner/mark"
	"assay/runner/process"
	"assay/runner/samples/work"
)

// SystemCalls counts the system calls of a worker that runs under tracer, the
// command of this program that ends in a call of [Trace]. What it is given
// follows the tracer's own arguments: the log, the worker's path, its arguments.
// The calls by which the Go runtime runs itself are not counted.
func SystemCalls(tracer process.Command) (Way, error) {
	if err := tracing(); err != nil {
		return Way{}, err
	}
	return Way{
		Name: mark.Calls, How: "ptrace of the worker, all threads; without the calls by which the Go runtime runs itself",
		Wrap: func(c process.Command, dir string) process.Command {
			c = steadied(c)
			args := append(append([]string(nil), tracer.Args...), filepath.Join(dir, LogName), c.Path)
			c.Path, c.Args = tracer.Path, append(args, c.Args...)
			return c
		},
		Repeats: func(string) (work.Promise, bool) { return work.Promise{}, true },
		Read:    readLog,
	}, nil
}
