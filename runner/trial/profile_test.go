package trial

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"assay/runner/clock"
	"assay/runner/lab"
	"assay/runner/plan"
	"assay/workloads"
)

// profiled runs a profiling pass on a goroutine of its own: it ends with labels set.
func profiled(t *testing.T, kind string, millis int, op func(*workloads.Entry) uint64) ProfileReport {
	t.Helper()
	trial := request("get", "busy")
	trial.Mode, trial.Millis, trial.Profile, trial.Restart = "profile", millis, kind, 3
	catalog := []lab.Room(rooms(right, simple("busy", op)))
	var r ProfileReport
	var err error
	done := make(chan struct{})
	dir := t.TempDir()
	go func() {
		defer close(done)
		r, err = ProfileOne(clock.System(), catalog, trial, dir)
	}()
	<-done
	if err != nil || r.Ops == 0 || r.CPU <= 0 || r.Process < r.CPU/2 {
		t.Fatalf("%s: %d operations in %v s of %v, %v", kind, r.Ops, r.CPU, r.Process, err)
	}
	return r
}

// sum adds up one value of the samples whose stack holds a function, all of them
// and those that carry a label.
func sum(t *testing.T, data []byte, value, function, label string) (all, labelled int64) {
	t.Helper()
	p, err := profile.ParseData(data)
	if err != nil {
		t.Fatal(err)
	}
	at := -1
	for i, v := range p.SampleType {
		if v.Type == value {
			at = i
		}
	}
	if at < 0 {
		t.Fatalf("no %s among %v", value, p.SampleType)
	}
	for _, s := range p.Sample {
		if !holds(s, function) || own(s) {
			continue
		}
		all += s.Value[at]
		if s.HasLabel("phase", label) {
			labelled += s.Value[at]
		}
	}
	return all, labelled
}

// own says that the runtime allocated on its own account: now and then a
// collection begins in the middle of the test's own allocation of 1024 bytes.
func own(s *profile.Sample) bool {
	bytes := s.NumLabel["bytes"]
	return len(bytes) == 1 && bytes[0] != 1024
}

func holds(s *profile.Sample, function string) bool {
	for _, l := range s.Location {
		for _, line := range l.Line {
			if strings.Contains(line.Function.Name, function) {
				return true
			}
		}
	}
	return false
}

// None of these is parallel: a process has one profiler, and one rate.

func TestSamplesOfTimedSlicesAreLabelled(t *testing.T) {
	var all, labelled int64
	for tries := 0; labelled == 0 && tries < 20; tries++ { // a machine may have no time for us
		r := profiled(t, "cpu", 200, func(e *workloads.Entry) uint64 {
			x := rand.New(rand.NewPCG(e.Key, 1))
			for range 200 {
				e.Value += x.Uint64()
			}
			return e.Value
		})
		all, labelled = sum(t, r.Profile, "cpu", "TestSamplesOfTimedSlicesAreLabelled", "timed")
	}
	if labelled == 0 || labelled < all*9/10 {
		t.Errorf("%d of %d ns labelled", labelled, all)
	}
}

func TestEveryAllocationOfTimedSlicesIsRecordedAndNoOther(t *testing.T) {
	var keep *[1024]byte // so that the allocations are not optimised away
	allocate := func(e *workloads.Entry) uint64 {
		keep = new([1024]byte)
		return uint64(keep[0])
	}
	r := profiled(t, "allocs", 5, allocate)
	const here = "TestEveryAllocationOfTimedSlices"
	before, _ := sum(t, r.Before, "alloc_objects", here, "")
	after, _ := sum(t, r.Profile, "alloc_objects", here, "")
	if after-before != r.Ops {
		t.Errorf("%d allocations before the first slice and %d after the last, in %d operations", before, after, r.Ops)
	}
	r = profiled(t, "heap", 50, allocate)
	before, _ = sum(t, r.Before, "alloc_space", here, "")
	after, _ = sum(t, r.Profile, "alloc_space", here, "")
	if ratio := float64(after-before) / float64(1024*r.Ops); math.Abs(ratio-1) > 0.5 {
		t.Errorf("samples account for %.2f of what was allocated", ratio)
	}
}

func TestWaitingIsRecorded(t *testing.T) {
	r := profiled(t, "block", 5, func(e *workloads.Entry) uint64 {
		c := make(chan uint64)
		go func() { c <- e.Key }()
		return <-c
	})
	before, _ := sum(t, r.Before, "contentions", "TestWaitingIsRecorded", "")
	after, _ := sum(t, r.Profile, "contentions", "TestWaitingIsRecorded", "")
	if after == before || after-before > 2*r.Ops { // either side may wait
		t.Errorf("%d waits before the first slice and %d after the last, in %d operations", before, after, r.Ops)
	}
}

func TestATraceIsATrace(t *testing.T) {
	r := profiled(t, "trace", 5, func(e *workloads.Entry) uint64 { return e.Key })
	if !bytes.HasPrefix(r.Profile, []byte("go 1.")) {
		t.Errorf("it begins %.16q", r.Profile)
	}
}

func TestAProfilingPassRunsAtLeastOneSlice(t *testing.T) {
	var f clock.Fake
	trial := request("get", "a")
	trial.Mode, trial.Profile = "profile", "heap" // and no time at all
	r, err := ProfileOne(&f, rooms(right, simple("a", cost(&f, 50, 40))), trial, t.TempDir())
	if err != nil || r.Ops != 256*16 || math.Abs(r.CPU-256*16*40e-9) > 1e-12 || len(r.Profile) == 0 {
		t.Errorf("%d operations in %v s, %v", r.Ops, r.CPU, err)
	}
	trial.Profile = "hep"
	if _, err := ProfileOne(&f, rooms(right, simple("a", cost(&f, 50, 40))), trial, t.TempDir()); err == nil || !strings.Contains(err.Error(), `unknown profile "hep": did you mean "heap"?`) {
		t.Errorf("error %v", err)
	}
	trial.Arms = append(trial.Arms, plan.Arm{Name: "b", Variant: "b"})
	if _, err := ProfileOne(&f, nil, trial, t.TempDir()); err == nil {
		t.Error("two arms are taken")
	}
}

func TestAPassIsLongEnoughWhenItHasSamplesOrNoHopeOfThem(t *testing.T) {
	t.Parallel()
	const long = 100 * time.Millisecond
	for _, c := range []struct {
		ops  int64
		cpu  float64
		wall time.Duration
		want bool
	}{
		{0, 0, 0, false},
		{0, 1, time.Second, false},                         // nothing was measured
		{9, 0.08, 99 * time.Millisecond, false},            // not so long as planned
		{9, 0.08, long, true},                              //
		{9, 0.04, 2 * long, false},                         // others had the CPU
		{9, 0.001, patience * long, true},                  // it waits more than it works
		{9, 0.1, time.Duration(1.2 * float64(long)), true}, //
	} {
		if got := (ProfileReport{Ops: c.ops, CPU: c.cpu}).Enough(long, c.wall); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
