package trial

import (
	"fmt"
	"runtime"
	"time"

	"assay/runner/clock"
	"assay/runner/lab"
	"assay/runner/plan"
)

// ProfileReport is what a profiling pass recorded, raw: the runner makes one
// labelled profile of it.
type ProfileReport struct {
	Ops     int64   `json:"ops"`              // operations in timed slices
	CPU     float64 `json:"cpu"`              // seconds of thread CPU time in timed slices
	Process float64 `json:"process"`          // seconds of CPU time of the whole process for them
	Whole   bool    `json:"whole,omitempty"`  // setting up is in the profile, too
	Before  []byte  `json:"before,omitempty"` // kinds that only ever grow: the profile before the first slice
	Profile []byte  `json:"profile"`          // gzipped pprof protobuf, or an execution trace
}

const (
	timedShare = .5 // of a pass: the rest draws inputs
	patience   = 3  // how much longer a pass may take where others have the CPU
)

// Enough says that a pass planned for so long can end after so much wall time.
// Samples come from CPU time, so that on a busy machine it takes longer.
func (r ProfileReport) Enough(long, wall time.Duration) bool {
	worked := r.CPU >= timedShare*long.Seconds()
	return r.Ops > 0 && wall >= long && (worked || wall >= patience*long)
}

// ProfileOne runs the trial's only arm for its time under a profiler. Only what
// happens in timed slices is recorded (or carries labels that say so), so that
// setting up can be left out.
func ProfileOne(clk clock.Clock, rooms []lab.Room, trial plan.Trial, dir string) (ProfileReport, error) {
	if len(trial.Arms) != 1 {
		return ProfileReport{}, fmt.Errorf("a profiling pass takes one arm, not %d", len(trial.Arms))
	}
	if err := (plan.Profiles{trial.Profile}).Check(); err != nil {
		return ProfileReport{}, err
	}
	sampleMemory(0) // until the first slice: what setting up allocates is nobody's
	w, err := Open(clk, rooms, trial, dir)
	if err != nil {
		return ProfileReport{}, err
	}
	defer w.abandon()
	counts, err := w.Calibrate()
	if err != nil {
		return ProfileReport{}, err
	}
	if _, err := w.arms[0].slice(0, counts[0]); err != nil { // caches and branch predictors as in a timed restart
		return ProfileReport{}, err
	}
	c := newCapture(trial)
	report, err := w.profiled(c, counts[0], time.Duration(trial.Millis)*time.Millisecond)
	if err != nil {
		return report, err
	}
	_, err = w.Close()
	return report, err
}

func (w *Worker) profiled(c capture, batches int, long time.Duration) (ProfileReport, error) {
	var r ProfileReport
	var err error
	if r.Before, err = c.start(); err != nil {
		return r, err
	}
	w.arms[0].hooks = c.hooks
	began := w.meter.clock.Read()
	for err == nil && !c.full() && !r.Enough(long, w.meter.clock.Wall()-began.Wall) {
		t, failed := w.arms[0].slice(0, batches)
		err = failed
		r.Ops += t.Ops
		r.CPU += float64(t.Thread) / 1e9
	}
	r.Process = r.charged(w.meter.clock.Read().Sub(began))
	w.arms[0].hooks = hooks{}
	data, stopped := c.stop()
	if err == nil {
		err = stopped
	}
	r.Profile = data
	return r, err
}

// charged is the CPU time of the whole process but for what its thread did
// between the slices. It is taken over the pass and not slice by slice: while a
// CPU profile is taken, Linux moves the process's clock at its ticks only.
func (r ProfileReport) charged(pass clock.Reading) float64 {
	return max(r.CPU, pass.Process.Seconds()-(pass.Thread.Seconds()-r.CPU))
}

// sampleMemory sets the distance of memory samples in bytes, 0 for none. The
// first allocation after a change is sampled whatever the distance: absorb is it.
func sampleMemory(distance int) {
	runtime.MemProfileRate = distance
	absorb()
}

// absorb allocates once, for the sake of being sampled under this name.
//
//go:noinline
func absorb() *[16]byte { return new([16]byte) }
