package trial

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"runtime/pprof"
	"time"

	"assay/runner/clock"
	"assay/runner/lab"
	"assay/runner/plan"
)

// heapRate is the sampling distance of heap passes in bytes: fine enough to
// see small allocators, and the pass is not timed.
const heapRate = 4096

// ProfileReport is what a profiling pass measured about itself.
type ProfileReport struct {
	Ops     int64   `json:"ops"`     // operations under the profiler
	CPU     float64 `json:"cpu"`     // seconds of thread CPU time in timed slices
	NsPerOp float64 `json:"ns_op"`   // with the profiler on: what observing cost shows against the timing passes
	Profile []byte  `json:"profile"` // gzipped pprof protobuf, base64 in JSON
}

// ProfileOne runs the trial's only arm for its time under a profiler and
// returns the profile. Samples of the timed slices carry the labels family,
// op, variant and phase=timed, so that loading can be left out.
func ProfileOne(clk clock.Clock, rooms []lab.Room, trial plan.Trial, dir string) (ProfileReport, error) {
	if len(trial.Arms) != 1 {
		return ProfileReport{}, fmt.Errorf("a profiling pass takes one arm, not %d", len(trial.Arms))
	}
	if trial.Profile == "heap" {
		runtime.MemProfileRate = heapRate
	}
	if trial.Profile != "cpu" && trial.Profile != "heap" {
		return ProfileReport{}, fmt.Errorf("profile %q is not cpu or heap", trial.Profile)
	}
	w, err := Open(clk, rooms, trial, dir)
	if err != nil {
		return ProfileReport{}, err
	}
	defer w.abandon()
	counts, err := w.Calibrate()
	if err != nil {
		return ProfileReport{}, err
	}
	label(w.arms[0], trial)
	var out bytes.Buffer
	if trial.Profile == "cpu" {
		if err := pprof.StartCPUProfile(&out); err != nil {
			return ProfileReport{}, fmt.Errorf("CPU profile: %w", err)
		}
	}
	report, err := w.profiled(counts[0], time.Duration(trial.Millis)*time.Millisecond)
	if trial.Profile == "cpu" {
		pprof.StopCPUProfile()
	}
	if err != nil {
		return ProfileReport{}, err
	}
	if trial.Profile == "heap" {
		runtime.GC() // a heap profile is as of the last collection
		if err := pprof.Lookup("allocs").WriteTo(&out, 0); err != nil {
			return ProfileReport{}, fmt.Errorf("heap profile: %w", err)
		}
	}
	report.Profile = out.Bytes()
	_, err = w.Close()
	return report, err
}

func (w *Worker) profiled(batches int, long time.Duration) (ProfileReport, error) {
	var r ProfileReport
	end := w.meter.clock.Wall() + long
	for r.Ops == 0 || w.meter.clock.Wall() < end {
		t, err := w.arms[0].slice(0, batches)
		if err != nil {
			return r, err
		}
		r.Ops += t.Ops
		r.CPU += float64(t.Thread) / 1e9
	}
	r.NsPerOp = r.CPU * 1e9 / float64(r.Ops)
	return r, nil
}

// label marks the samples taken inside timed slices.
func label(a *arm, trial plan.Trial) {
	timed := pprof.WithLabels(context.Background(), pprof.Labels(
		"family", trial.Family, "op", trial.Op, "variant", a.Name, "workload", trial.Workload, "phase", "timed"))
	a.hooks = hooks{
		before: func() { pprof.SetGoroutineLabels(timed) },
		after:  func() { pprof.SetGoroutineLabels(context.Background()) },
	}
}
