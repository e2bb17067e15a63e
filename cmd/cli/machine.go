package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"text/tabwriter"

	wording "assay/reports/words"
	"assay/runner/host"
	"assay/runner/host/calibrate"
	"assay/runner/samples"
	"assay/runner/samples/whole"
	"assay/runner/sketch"
)

// machineFile holds the constants of this machine: beside the results, because
// like them it is of one machine and no part of any source.
func machineFile() string { return filepath.Join(resultsRoot, "machine.json") }

// calibrate measures the constants of this machine and keeps them for later runs.
func (a *app) calibrate(ctx context.Context, h host.Host) (*sketch.Machine, error) {
	release, err := host.Acquire(ctx, host.LockOptions{
		Command: strings.Join(os.Args, " "), Clock: a.Clock, Mend: "wait for it: a calibration would disturb it, and be disturbed",
	})
	if err != nil {
		return nil, err
	}
	defer release()
	if h.CPU == "" {
		return nil, errors.New("calibrate: this machine does not name its CPU, so nobody could say later whose constants they are")
	}
	m, err := calibrate.Measure(ctx, a.Clock, h, os.TempDir())
	if err != nil {
		return nil, err
	}
	data, err := m.Encode()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(resultsRoot, 0o755); err != nil {
		return nil, fmt.Errorf("calibrate: %w", err)
	}
	return &m, whole.Write(machineFile(), data)
}

// machine returns the constants of this machine, nil where there are none of
// this CPU. A file that is damaged is an error: silence would look like a
// machine that was never calibrated.
func machine(cpu string) (*sketch.Machine, error) {
	data, err := os.ReadFile(machineFile())
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) { // results is a file: who makes the folder says so
		return nil, nil //nolint:nilnil // none is no error, and there is no machine to return
	}
	if err != nil {
		return nil, err
	}
	m, err := sketch.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: measure it anew with assay doctor --calibrate", machineFile(), err)
	}
	if m.CPU != cpu {
		return nil, nil //nolint:nilnil // the figures of another CPU are none
	}
	return &m, nil
}

// priced gives a run that knows no constants those of this machine, where its
// CPU is the run's. A run that was measured on a calibrated machine has its own,
// and its report does not change when the machine is calibrated again.
func priced(run *samples.Run) error {
	if run.Head.Machine != nil || run.Head.Host.CPU == "" {
		return nil
	}
	m, err := machine(run.Head.Host.CPU)
	run.Head.Machine = m
	return err
}

// printMachine prints the constants as a table.
func (a *app) printMachine(m sketch.Machine) error {
	fmt.Fprintf(a.Out, "%s, calibrated %s at a load of %.1f\n\n", wording.Clean(m.CPU), m.Measured, m.Load)
	per, doc := map[string]string{}, map[string]string{}
	for _, r := range sketch.Resources() {
		per[r.Name], doc[r.Name] = r.Per, r.Doc
	}
	t := tabwriter.NewWriter(a.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "resource\tns\tquartiles\tper\tclock\twhat it is")
	for _, c := range m.Constants {
		name := c.Resource
		if c.Level != "" {
			name = fmt.Sprintf("%s %s, %d KiB", name, c.Level, c.Size>>10)
		}
		fmt.Fprintf(t, "%s\t%s\t%s to %s\t%s\t%s\t%s\n", name, wording.Plain(c.Ns), wording.Plain(c.Lo), wording.Plain(c.Hi), per[c.Resource], c.Clock, doc[c.Resource])
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(a.Out, "\nkept in %s for the sketches of later runs and reports\n", machineFile())
	return err
}
