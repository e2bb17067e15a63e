package runner

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"

	"assay/runner/process"
)

// antagonists are the neighbours of a scenario: processes that load the CPU,
// the memory bus or the disk while the restarts of a group run.
type antagonists struct {
	command process.Command
	now     string
	running []*exec.Cmd
	dir     string
}

// set makes the scenario the current one; "" and the ones that live inside the
// worker (gc) need no process.
func (a *antagonists) set(ctx context.Context, scenario string) error {
	if scenario == a.now {
		return nil
	}
	a.stop()
	a.now = scenario
	count := map[string]int{"cpu": runtime.NumCPU(), "memory": 1, "disk": 1}[scenario]
	if count == 0 {
		return nil
	}
	var err error
	if a.dir, err = os.MkdirTemp("", "assay-beside-"); err != nil {
		return fmt.Errorf("scenario %s: %w", scenario, err)
	}
	for range count {
		cmd := exec.CommandContext(ctx, a.command.Path, "antagonist", scenario, a.dir)
		cmd.Env = append(os.Environ(), a.command.Env...)
		_, err := cmd.StdinPipe() // closes when the runner dies: antagonists end with it
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			a.stop()
			return fmt.Errorf("scenario %s: %w", scenario, err)
		}
		a.running = append(a.running, cmd)
	}
	return nil
}

// stop ends the neighbours and waits for them.
func (a *antagonists) stop() {
	for _, cmd := range a.running {
		cmd.Process.Kill() //nolint:errcheck // it may be gone already
		cmd.Wait()         //nolint:errcheck // killed on purpose
	}
	if a.dir != "" {
		os.RemoveAll(a.dir) //nolint:errcheck // temporary
	}
	a.running, a.dir, a.now = nil, "", ""
}
