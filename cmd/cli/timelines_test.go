package cli

import (
	"slices"
	"testing"

	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/samples"
)

// spiky is a restart of two arms with n slices each: 100 ns per operation, the
// second arm 200, one slow and one quick slice of the first in the middle.
func spiky(n int, at float64) samples.Restart {
	r := samples.Restart{At: at, Arms: []plan.Arm{{Name: "a"}, {Name: "b"}}}
	for j := range 2 * n {
		ns := int64(100+100*(j%2)) * 1000
		switch j {
		case n &^ 1:
			ns = 900_000
		case n&^1 + 2:
			ns = 50_000
		}
		r.Order, r.Ops = append(r.Order, j%2), append(r.Ops, 1000)
		r.Thread, r.Wall, r.Process = append(r.Thread, ns), append(r.Wall, ns+500), append(r.Process, ns)
	}
	return r
}

func spikyRun(slices, restarts int) (*samples.Run, result.Result) {
	g := plan.Group{Family: "f", Op: "o", Workload: "w", Base: "a", Arms: []plan.Arm{{Name: "a"}, {Name: "b"}, {Name: "null"}}}
	run := &samples.Run{Plan: plan.Plan{Groups: []plan.Group{g, {Control: true}}}}
	for i := range restarts {
		run.Restarts = append(run.Restarts, spiky(slices, float64(i)), samples.Restart{Group: 1})
	}
	return run, result.Result{Cases: []result.Case{{Key: keyOf(g), Variant: "null", Null: true}}}
}

func TestATimelineKeepsItsExtremesInTheirOrder(t *testing.T) {
	t.Parallel()
	run, r := spikyRun(5000, 3)
	lines := timelines(run, r, nil)
	if len(lines) != 1 || lines[0].Slices != 30_000 || len(lines[0].Arms) != 2 {
		t.Fatalf("%d timelines; the control and the floor have none, the group counts every slice", len(lines))
	}
	kept := 0
	for _, restart := range lines[0].Restarts {
		kept += len(restart.Ns)
		if !slices.Contains(restart.Ns, 900) || !slices.Contains(restart.Ns, 50) {
			t.Error("the slowest or the fastest slice is gone")
		}
		if !slices.IsSorted(restart.Off) {
			t.Error("the slices are out of order")
		}
	}
	if kept > timelinePoints {
		t.Errorf("%d slices are kept, %d fit a page", kept, timelinePoints)
	}
	if a := lines[0].Arms[0]; a.Median != 100 || a.P5 != 100 || a.P95 != 100 || a.Drift != 1 {
		t.Errorf("all slices of a sum up to %+v", a)
	}
}

func TestATimelineIsOnTheClockThatDecides(t *testing.T) {
	t.Parallel()
	run, r := spikyRun(4, 3)
	wall := map[groupArm]string{{keyOf(run.Plan.Groups[0]), "b"}: "wall"}
	if got := timelines(run, r, wall)[0]; got.Clock != "wall" || got.Arms[0].Median != 100.5 {
		t.Errorf("clock %s, median %g", got.Clock, got.Arms[0].Median)
	}
	run.Plan.Groups[0].Isolated = true
	if got := timelines(run, r, nil)[0].Clock; got != "process" {
		t.Errorf("processes in lock-step are shown on the clock %s", got)
	}
}

func TestAFewSlicesAreAllKept(t *testing.T) {
	t.Parallel()
	run, r := spikyRun(6, 1)
	if got := len(timelines(run, r, nil)[0].Restarts[0].Ns); got != 12 {
		t.Errorf("%d slices of 12 are kept", got)
	}
}
