package verdict

import (
	"testing"

	"assay/runner/lab"
	"assay/runner/samples"
	"assay/runner/sketch"
	"assay/runner/trial"
)

// sketched is a stored run of a family whose operation has a sketch.
func sketched() (*samples.Run, []lab.Room) {
	run := stored(2) // 100 and 200 ns
	run.Head.Machine = &sketch.Machine{CPU: "one", Constants: []sketch.Constant{
		{Resource: "load", Size: 1 << 10, Ns: 2, Clock: "cpu"},
		{Resource: "load", Size: 1 << 20, Ns: 8, Clock: "cpu"},
		{Resource: "syscall", Ns: 4, Clock: "cpu"},
	}}
	run.Checks = []samples.Checked{{Checks: []trial.Check{{Variant: "other", Ops: 100, Units: map[string]trial.Tally{"reads/op": tally(2)}}}}}
	room := lab.Room{Name: "toy"}
	for _, name := range []string{"base", "other"} {
		room.Cases = append(room.Cases, lab.Case{Family: "toy", Op: "get", Variant: name, Count: 1 << 15, Sketch: []sketch.Cost{
			{Resource: "load", Count: 1, Set: 1, Variants: []string{"base"}},
			{Resource: "syscall", Count: 1, Unit: "reads/op", Variants: []string{"other"}},
		}})
	}
	return run, []lab.Room{room}
}

func TestMeasuredTimesStandBesideTheirSketches(t *testing.T) {
	t.Parallel()
	got := Analyse(sketched()).Sketches
	if len(got) != 2 {
		t.Fatalf("%d sketches, want one for each variant and none for the control: %+v", len(got), got)
	}
	base, other := got[0], got[1]
	// 2^15 entries of a byte: half way from 2^10 to 2^20.
	if base.Variant != "base" || base.Workload != "uniform:0-9" || base.Estimate != 5 || base.Binds != "load" {
		t.Errorf("%+v; want 5 ns of loads", base)
	}
	if base.Ratio != base.Measured/5 || base.Measured < 95 || base.Measured > 105 {
		t.Errorf("%+v; want what was measured, 100 ns, over 5", base)
	}
	if other.Estimate != 8 || other.Terms[0].Count != 2 { // two calls, as counted
		t.Errorf("%+v; want two calls of 4 ns", other)
	}
}

func TestARunOfAnUncalibratedMachineHasCountsAndNoEstimate(t *testing.T) {
	t.Parallel()
	run, rooms := sketched()
	run.Head.Machine = nil
	for _, s := range Analyse(run, rooms).Sketches {
		if s.Estimate != 0 || s.Ratio != 0 || len(s.Terms) != 1 || s.Measured == 0 {
			t.Errorf("%+v", s)
		}
	}
}

func TestASmokeRunIsHeldToNoSketch(t *testing.T) {
	t.Parallel()
	run, rooms := sketched()
	run.Plan.Small = true
	if got := Analyse(run, rooms).Sketches; got != nil {
		t.Errorf("%+v", got)
	}
}

func TestWhatWaitsIsMeasuredByTheWall(t *testing.T) {
	t.Parallel()
	run, rooms := sketched()
	for i := range run.Restarts {
		for k := range run.Restarts[i].Wall {
			run.Restarts[i].Wall[k] *= 7
		}
	}
	run.Plan.Clock = "cpu"
	onCPU := Analyse(run, rooms).Sketches[0].Measured
	run.Head.Machine.Constants[0].Clock, run.Head.Machine.Constants[1].Clock = "wall", "wall"
	if onWall := Analyse(run, rooms).Sketches[0]; onWall.Clock != "wall" || onWall.Measured < 5*onCPU {
		t.Errorf("%+v, where CPU time is %v; want wall time", onWall, onCPU)
	}
}
