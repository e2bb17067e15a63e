package counters

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"assay/runner/host"
	"assay/runner/mark"
	"assay/runner/process"
	"assay/runner/samples/work"
)

// hardwareRepeats is for counts that interrupts add to: each leaves some
// instructions of its way out of the kernel in user mode.
const hardwareRepeats = 0.01

// Hardware counts by perf_event_open, in the worker itself. The error says
// precisely why this machine does not allow it.
func Hardware() (Way, error) {
	for _, f := range host.Doctor(host.Host{}, "") {
		if f.Name == "hardware counters" && !f.OK {
			return Way{}, fmt.Errorf("no hardware counters: %s: %s; %s", f.Value, f.Why, f.Mend)
		}
	}
	return Way{
		Name: mark.Perf, How: "hardware counters of this CPU (perf_event)",
		Wrap: func(c process.Command, _ string) process.Command { return steadied(c) },
		Repeats: func(name string) (work.Promise, bool) {
			return work.Promise{Share: hardwareRepeats}, name == "instructions" || name == "branches"
		},
		Read: readLog,
	}, nil
}

// readLog reads the log of stretches in dir.
func readLog(_, dir string, seen int) ([]map[string]float64, error) {
	data, err := os.ReadFile(filepath.Join(dir, LogName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // nothing was counted yet
	}
	if err != nil {
		return nil, err
	}
	all, err := mark.ParseCounts(data)
	return all[min(seen, len(all)):], err
}
