package trial

import (
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/runner/clock"
	"assay/runner/lab"
	"assay/runner/plan"
	"assay/runner/wire"
	"assay/workloads"
)

func TestSlicesTakeExactlyWhatTheClockSays(t *testing.T) {
	t.Parallel()
	var f clock.Fake
	n := 0
	busy := func(e *workloads.Entry) uint64 {
		if n++; n%256 == 0 { // once per batch the kernel takes the CPU for 1000 ns
			f.Advance(1000, 0)
			f.Preempt(2)
		}
		return cost(&f, 5, 4)(e)
	}
	w := open(t, &f, rooms(nil, simple("plain", cost(&f, 3, 2)), simple("busy", busy)), request("get", "plain", "busy"))
	got, err := w.Run([]wire.Slice{{Arm: 0, Batches: 2}, {Arm: 1, Batches: 1}, {Arm: 1, Warm: 3, Batches: 10}, {Arm: 0, Warm: 1, Batches: 1}})
	if err != nil {
		t.Fatal(err)
	}
	want := []wire.Timing{
		{Arm: 0, Ops: 512, Wall: 1536, Thread: 1024, Process: 1024},
		{Arm: 1, Ops: 256, Wall: 2280, Thread: 1024, Process: 1024, Switches: 2},
		{Arm: 1, Ops: 2560, Wall: 22800, Thread: 10240, Process: 10240, Switches: 20},
		{Arm: 0, Ops: 256, Wall: 768, Thread: 512, Process: 512},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestInjectedOperationsAreRunAndNotReported(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		share   float64
		batches int
		extra   int64
	}{{0, 4, 0}, {0.01, 4, 11}, {0.5, 1, 128}, {1, 2, 512}, {0.07, 25, 448}, {0.001, 1, 1}, {10, 1, 2560}} {
		var f clock.Fake
		trial := request("get", "plain")
		trial.Arms[0].Inject = c.share
		got, err := open(t, &f, rooms(nil, simple("plain", cost(&f, 3, 2))), trial).Run([]wire.Slice{{Batches: c.batches}})
		if err != nil {
			t.Fatal(err)
		}
		ops := int64(256 * c.batches)
		if want := (wire.Timing{Ops: ops, Wall: 3 * (ops + c.extra), Thread: 2 * (ops + c.extra), Process: 2 * (ops + c.extra)}); got[0] != want {
			t.Errorf("%v of %d: got %+v, want %+v", c.share, ops, got[0], want)
		}
	}
}

func TestProcessTimeOfThePausesIsChargedToTheNextSlice(t *testing.T) {
	t.Parallel()
	var f clock.Fake
	leaky := func(*workloads.Entry) uint64 { f.Advance(3, 2); f.AdvanceProcess(1); return 1 }
	catalog := rooms(nil, simple("plain", leaky))
	for i := range catalog[0].Cases {
		catalog[0].Cases[i].Run = func(t *lab.T) error {
			f.AdvanceProcess(time.Hour) // loading
			t.Prepare(func([]workloads.Entry) {
				f.Advance(100, 100) // drawing inputs
				f.AdvanceProcess(7) // while the collector works
			})
			return get(t, leaky)
		}
	}
	w := open(t, &f, catalog, request("get", "plain"))
	f.AdvanceProcess(time.Hour) // what loading left for the collector
	got, err := w.Run([]wire.Slice{{Batches: 1}, {Batches: 1}, {Warm: 2, Batches: 1}})
	if err != nil {
		t.Fatal(err)
	}
	want := []wire.Timing{
		{Ops: 256, Wall: 768, Thread: 512, Process: 768},           // nothing came before
		{Ops: 256, Wall: 768, Thread: 512, Process: 768 + 7},       // less what this thread drew
		{Ops: 256, Wall: 768, Thread: 512, Process: 768 + 7 + 512}, // the warm-up's garbage counts
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	w.collect = func() { f.AdvanceProcess(time.Hour) } // a collection between slices is reported apart
	got, err = w.Run([]wire.Slice{{Batches: 1}, {Batches: 1}})
	if err != nil || got[1].Process != 768+7 {
		t.Errorf("after a collection of one hour: %+v, %v", got, err)
	}
}

func TestTheClocksOwnCostIsTakenOff(t *testing.T) {
	t.Parallel()
	f := &costly{}
	got, err := open(t, f, rooms(nil, simple("plain", cost(&f.Fake, 3, 2))), request("get", "plain")).Run([]wire.Slice{{Batches: 2}})
	if err != nil || got[0] != (wire.Timing{Ops: 512, Wall: 1536, Thread: 1024, Process: 1024}) {
		t.Errorf("%+v, %v", got, err)
	}
}

// costly is a clock whose every reading takes 900 ns, and now and then 50 us.
type costly struct {
	clock.Fake
	reads int
}

func (c *costly) Read() clock.Reading {
	if c.reads++; c.reads%10 == 0 && c.reads < 100 {
		c.Advance(50_000, 50_000)
	}
	c.Advance(900, 900)
	return c.Fake.Read()
}

func TestCalibrationFillsTheSlice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		op     string
		ns     time.Duration // per operation
		target int64
		want   int
	}{
		{"get", 50, 200_000, 16},       // 12.8 us a batch: 15.6 of them
		{"get", 1000, 200_000, 1},      // 256 us a batch
		{"get", 1_000_000, 200_000, 1}, // far beyond
		{"get", 20, 100_000, 20},       // 5.12 us: 19.5
		{"get", 50, 0, 1},
		{"flush", 1, 200_000, 1}, // the shape fixes it, however little 100 ns are
		{"counted", 40, 200_000, 313},
	} {
		var f clock.Fake
		trial := request(c.op, "plain")
		trial.SliceNS = c.target
		stub := cost(&f, c.ns, c.ns)
		if c.op == "counted" { // calls its variant once per batch
			stub = cost(&f, 16*c.ns, 16*c.ns)
		}
		got, err := open(t, &f, rooms(nil, simple("plain", stub)), trial).Calibrate()
		if err != nil || !slices.Equal(got, []int{c.want}) {
			t.Errorf("%s of %v: %v, %v; want %d", c.op, c.ns, got, err, c.want)
		}
	}
}

func TestThePlansCountIsNotCalibrated(t *testing.T) {
	t.Parallel()
	var f clock.Fake
	trial := request("get", "plain", "plain")
	trial.Arms[0].Batches = 7
	w := open(t, &f, rooms(nil, simple("plain", cost(&f, 50, 50))), trial)
	if got, err := w.Calibrate(); err != nil || !slices.Equal(got, []int{7, 16}) {
		t.Errorf("%v, %v", got, err)
	}
}

// TestAPreemptedTryDoesNotMisleadCalibration takes the CPU away for 30 ms
// during the k-th batch, for every k that calibration meets.
func TestAPreemptedTryDoesNotMisleadCalibration(t *testing.T) {
	t.Parallel()
	for k := range 46 { // one of settling, then 1 + 2 + 3*4 of the search and 7*4 of the tries
		var f clock.Fake
		n := 0
		trial := request("get", "plain")
		w := open(t, &f, rooms(nil, simple("plain", func(e *workloads.Entry) uint64 {
			if n++; n == 256*(k+1) {
				f.Advance(30*time.Millisecond, 0)
			}
			return cost(&f, 50, 50)(e)
		})), trial)
		if got, err := w.Calibrate(); err != nil || got[0] != 16 {
			t.Fatalf("preempted in batch %d: %v, %v; want 16", k, got, err)
		}
	}
}

func TestDigestsAreOfTheFirstBatchAndBlindToInjection(t *testing.T) {
	t.Parallel()
	var f clock.Fake
	right := cost(&f, 3, 2)
	trial := request("get", "right", "slow", "wrong")
	trial.Arms[1].Inject = 0.5
	w := open(t, &f, rooms(nil, simple("right", right), simple("slow", right), simple("wrong", func(e *workloads.Entry) uint64 { return right(e) + 1 })), trial)
	if _, err := w.Run([]wire.Slice{{Arm: 0, Batches: 3}, {Arm: 1, Batches: 5}}); err != nil {
		t.Fatal(err)
	}
	e, err := w.Close()
	if err != nil || len(e.Digests) != 3 || e.Digests[0] != e.Digests[1] || e.Digests[0] == e.Digests[2] {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestArmsMeetTheSameInputs(t *testing.T) {
	t.Parallel()
	var f clock.Fake
	var keys [2][]uint64
	log := func(i int) stub {
		return func(e *workloads.Entry) uint64 { keys[i] = append(keys[i], e.Key); f.Advance(1, 1); return 0 }
	}
	trial := request("get", "a", "b")
	trial.Workload = "realistic,count=5000"
	w := open(t, &f, rooms(nil, simple("a", log(0)), simple("b", log(1))), trial)
	if _, err := w.Run([]wire.Slice{{Arm: 1, Batches: 4}, {Arm: 0, Batches: 4}, {Arm: 0, Warm: 1, Batches: 2}, {Arm: 1, Warm: 1, Batches: 2}}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(keys[0], keys[1]) || len(keys[0]) != 256*8 {
		t.Errorf("%d and %d operations on different keys", len(keys[0]), len(keys[1]))
	}
}

func TestNoisyUnitsAreTalliedWhileTimedAndAfter(t *testing.T) {
	t.Parallel()
	var f clock.Fake
	w := open(t, &f, rooms(nil, simple("plain", cost(&f, 1, 1))), request("counted", "plain"))
	if _, err := w.Run([]wire.Slice{{Warm: 2, Batches: 3}, {Batches: 4}}); err != nil {
		t.Fatal(err)
	}
	e, err := w.Close()
	// 7 timed batches, and the total of all 10 that ran, warm-up and settling included
	want := Tally{N: 8, Mean: (7 + 160.0) / 8, Min: 1, Max: 160, Better: lab.Lower}
	got := e.Units[0]["count"]
	want.M2 = got.M2
	if err != nil || got != want || len(e.Units[0]) != 1 {
		t.Errorf("%+v, %v; want %+v", e.Units, err, want)
	}
}

func TestTheGarbageCollectorFollowsThePolicy(t *testing.T) { // not parallel: the policy is the process's
	old := debug.SetGCPercent(100)
	defer debug.SetGCPercent(old)
	var f clock.Fake
	catalog := rooms(nil, simple("plain", cost(&f, 3, 2)))
	for _, c := range []struct {
		policy  string
		percent int
		gcs     uint64 // of 10 slices
	}{{"", 100, 0}, {"default", 100, 0}, {"800", 800, 10}, {"off", -1, 10}} {
		debug.SetGCPercent(100)
		trial := request("get", "plain")
		trial.GC = c.policy
		w := open(t, &f, catalog, trial)
		if got := debug.SetGCPercent(100); got != c.percent {
			t.Errorf("%q: GC percent %d, want %d", c.policy, got, c.percent)
		}
		if _, err := w.Run(slices.Repeat([]wire.Slice{{Batches: 1}}, 10)); err != nil {
			t.Fatal(err)
		}
		if e, err := w.Close(); err != nil || e.GCs < c.gcs || c.gcs == 0 && e.GCs > 2 {
			t.Errorf("%q: %d collections in 10 slices, %v", c.policy, e.GCs, err)
		}
	}
	for _, bad := range []string{"on", "-5", "0", "8.5"} {
		trial := request("get", "plain")
		trial.GC = bad
		_, err := Open(&f, catalog, trial, t.TempDir())
		wantError(t, err, fmt.Sprintf("gc policy %q is not default, off or a percentage such as 800", bad))
	}
}

func TestAnOperationThatPanicsIsAnErrorWithItsPlace(t *testing.T) {
	t.Parallel()
	var f clock.Fake
	calls := 0
	late := func(*workloads.Entry) uint64 {
		f.Advance(1, 1)
		if calls++; calls > 1000 {
			var none []int
			return uint64(none[calls])
		}
		return 0
	}
	catalog := rooms(nil, simple("late", late),
		named{name: "built", make: func(*lab.Env) (stub, error) { panic("no room") }},
		named{name: "refused", make: func(*lab.Env) (stub, error) { return nil, errors.New("too many keys") }},
		simple("at once", func(*workloads.Entry) uint64 { panic(fmt.Errorf("odd key")) }),
	)
	w := open(t, &f, catalog, request("get", "late"))
	_, err := w.Run([]wire.Slice{{Batches: 1}, {Batches: 100}})
	wantError(t, err, "late: panic: runtime error: index out of range [1001] with length 0, at assay/runner/trial.TestAnOperationThatPanics", "slices_test.go:", "called by assay/runner/trial.get")
	_, err = Open(&f, catalog, request("get", "built"), t.TempDir())
	wantError(t, err, "built: panic: no room, at ", "slices_test.go:")
	_, err = Open(&f, catalog, request("get", "refused"), t.TempDir())
	wantError(t, err, "refused: stub/refused: too many keys")
	_, err = Open(&f, catalog, request("get", "at once"), t.TempDir())
	wantError(t, err, "at once: panic: odd key, at ")
}

func TestAnOperationThatStopsEarlyOrNeverStartsIsAnError(t *testing.T) {
	t.Parallel()
	var f clock.Fake
	catalog := rooms(nil, simple("plain", cost(&f, 3, 2)))
	_, err := Open(&f, catalog, request("never", "plain"), t.TempDir())
	wantError(t, err, "plain: the operation never asked for a batch")
	for _, s := range [][]wire.Slice{{{Batches: 10}}, {{Batches: 1}, {Warm: 3, Batches: 1}}, {{Batches: 2}, {Batches: 1}}} {
		w := open(t, &f, catalog, request("short", "plain"))
		_, err = w.Run(s)
		wantError(t, err, "plain: the operation stopped before its slice ended")
	}
}

func TestWhatCannotBeOpenedSaysWhy(t *testing.T) {
	t.Parallel()
	var f clock.Fake
	catalog := rooms(nil, simple("plain", cost(&f, 3, 2)))
	for want, spoil := range map[string]func(*plan.Trial){
		`unknown family "stubb": did you mean "stub"?`:           func(p *plan.Trial) { p.Family = "stubb" },
		`unknown operation of stub "gte": did you mean "get"?`:   func(p *plan.Trial) { p.Op = "gte" },
		`unknown variant of stub "plian": did you mean "plain"?`: func(p *plan.Trial) { p.Arms[0].Variant = "plian" },
		`workload "sequentail"`:                                  func(p *plan.Trial) { p.Workload = "sequentail" },
		"a trial takes at least one arm":                         func(p *plan.Trial) { p.Arms = nil },
		`keys are strings; draw Records`:                         func(p *plan.Trial) { p.Workload = "go-identifiers,count=100" },
	} {
		trial := request("get", "plain")
		spoil(&trial)
		_, err := Open(&f, catalog, trial, t.TempDir())
		wantError(t, err, want)
	}
}

func TestAUnitThatIsNoNumberIsAnError(t *testing.T) {
	t.Parallel()
	for _, x := range []float64{math.NaN(), math.Inf(1)} {
		a := &arm{observing: true, tallies: map[string]*Tally{"count": {}}}
		err := guard(func() error { a.Observe(countUnit, x); return nil })
		if err == nil || !strings.Contains(err.Error(), `unit "count" is reported as`) {
			t.Errorf("%v: %v", x, err)
		}
	}
}

func TestTallyIsTheTwoPassFormula(t *testing.T) {
	t.Parallel()
	xs := []float64{1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16} // cancels badly in a sum of squares
	var got Tally
	for _, x := range xs {
		got.add(x)
	}
	if got.N != 4 || got.Mean != 1e9+10 || got.Min != 1e9+4 || got.Max != 1e9+16 || got.SD() != math.Sqrt(30) {
		t.Errorf("%+v, SD %v", got, got.SD())
	}
	if one := (Tally{N: 1, M2: 5}); one.SD() != 0 {
		t.Errorf("SD of one observation: %v", one.SD())
	}
}

func TestASliceAllocatesNothing(t *testing.T) { // not parallel: AllocsPerRun counts the whole process
	var f clock.Fake
	w := open(t, &f, rooms(nil, simple("plain", cost(&f, 3, 2))), request("counted", "plain"))
	a := w.arms[0]
	a.slice(1, 8) //nolint:errcheck // the pool grows to its size
	if n := testing.AllocsPerRun(100, func() {
		if _, err := a.slice(1, 8); err != nil {
			panic(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations per slice", n)
	}
}
