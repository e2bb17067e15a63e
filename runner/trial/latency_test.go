package trial

import (
	"testing"
	"time"

	"assay/runner/clock"
	"assay/runner/lab"
	"assay/workloads"
)

// watch is a fake clock on which looking at the time takes 1 us, so that a
// loop that waits for a time comes to an end.
type watch struct{ clock.Fake }

const look = time.Microsecond

func (w *watch) Wall() time.Duration {
	w.Advance(look, look)
	return w.Fake.Wall()
}

// stalling takes 50 us per operation and once, at its n-th, 460 ms.
func stalling(w *watch, n int) named {
	return named{name: "stalling", make: func(*lab.Env) (stub, error) {
		calls := 0
		return func(*workloads.Entry) uint64 {
			w.Advance(50*time.Microsecond, 0)
			if calls++; calls == n {
				w.Advance(460*time.Millisecond-50*time.Microsecond, 0)
			}
			return 0
		}, nil
	}}
}

func latencyOf(t *testing.T, w *watch, v named, rate float64, millis int) Latency {
	t.Helper()
	trial := request("get", v.name)
	trial.Mode, trial.Rate, trial.Millis = "latency", rate, millis
	all, err := LatencyAll(w, rooms(nil, v), trial, t.TempDir())
	if err != nil || len(all) != 1 {
		t.Fatalf("%v, %v", all, err)
	}
	return all[0]
}

// near allows for the three digits of the histogram and a few looks at the clock.
func near(got float64, want time.Duration) bool {
	return got > float64(want)*0.998 && got <= float64(want)*1.002+3*float64(look)
}

func wantQuantiles(t *testing.T, l Latency, want map[string]time.Duration) {
	t.Helper()
	if l.Failed != "" || l.Dropped != 0 {
		t.Errorf("failed %q, dropped %d", l.Failed, l.Dropped)
	}
	for q, d := range want {
		if !near(l.Quantiles[q], d) {
			t.Errorf("%s is %v, want %v", q, time.Duration(l.Quantiles[q]), d)
		}
	}
}

// TestAClosedLoopHidesAStallThatAnOpenLoopShows is coordinated omission: the
// same code stalls once for 460 ms in 2 s of 1000 operations per second. One
// operation after another, that is one slow operation in thirty thousand; at
// the intended times, 485 of 2,000 operations had to wait.
func TestAClosedLoopHidesAStallThatAnOpenLoopShows(t *testing.T) {
	t.Parallel()
	w := &watch{}
	closed := latencyOf(t, w, stalling(w, 500), 0, 2000)
	wantQuantiles(t, closed, map[string]time.Duration{
		"p50": 50 * time.Microsecond, "p99": 50 * time.Microsecond, "p99.9": 50 * time.Microsecond, "max": 460 * time.Millisecond,
	})
	if closed.Ops < 28_000 || closed.Ops > 30_801 { // (2 s - 460 ms) / 50 us, less the looks at the clock
		t.Errorf("closed loop: %d operations", closed.Ops)
	}
	w = &watch{}
	open := latencyOf(t, w, stalling(w, 500), 1000, 2000)
	// The operation that stalls takes 460 ms; those behind it, 485 in all, wait
	// less each: an operation is due every 1 ms and takes 50 us and three looks
	// at the clock. Of 2,000, the p90 is the 200th longest, the p99 the 20th.
	const less = time.Millisecond - 50*time.Microsecond - 3*look
	wantQuantiles(t, open, map[string]time.Duration{
		"p50": 50 * time.Microsecond, "max": 460 * time.Millisecond,
		"p90": 460*time.Millisecond - 200*less, "p99": 460*time.Millisecond - 20*less, "p99.9": 460*time.Millisecond - 2*less,
	})
	if open.Ops != 2000 || open.Rate != 1000 {
		t.Errorf("open loop: %d operations at %v/s", open.Ops, open.Rate)
	}
}

// TestAStallThatOutlastsThePassIsStillShown: the operations that were meant to
// start during the stall are issued after the end, or count with what they waited.
func TestAStallThatOutlastsThePassIsStillShown(t *testing.T) {
	t.Parallel()
	w := &watch{}
	l := latencyOf(t, w, stalling(w, 51), 1000, 100) // the first is the warm-up; stalls from 49 ms to 509 ms, beyond the pass's overtime
	if l.Ops != 100 {
		t.Errorf("%d operations, want 100", l.Ops)
	}
	wantQuantiles(t, l, map[string]time.Duration{"max": 460 * time.Millisecond, "p99": 459 * time.Millisecond})
	w = &watch{}
	l = latencyOf(t, w, stalling(w, 451), 1000, 500) // stalls from 449 ms to 909 ms, within it
	if l.Ops != 500 {
		t.Errorf("%d operations, want 500", l.Ops)
	}
	wantQuantiles(t, l, map[string]time.Duration{"max": 460 * time.Millisecond, "p50": 50 * time.Microsecond})
}

func TestARateThatCannotBeKeptEnds(t *testing.T) {
	t.Parallel()
	w := &watch{}
	l := latencyOf(t, w, stalling(w, -1), 1_000_000, 10) // 50 us each, one asked for every microsecond
	if l.Ops != 10_000 {
		t.Errorf("%d operations, want all 10,000", l.Ops)
	}
	if l.Quantiles["p50"] < float64(10*time.Millisecond) {
		t.Errorf("half of the operations waited less than %v", time.Duration(l.Quantiles["p50"]))
	}
}

// TestDrawingInputsIsNotLatency has every draw take 300 us of the millisecond between two starts.
func TestDrawingInputsIsNotLatency(t *testing.T) {
	t.Parallel()
	for _, rate := range []float64{0, 1000} {
		w := &watch{}
		v := stalling(w, -1)
		catalog := rooms(nil, v)
		for i := range catalog[0].Cases {
			catalog[0].Cases[i].Run = func(t *lab.T) error {
				t.Prepare(func([]workloads.Entry) { w.Advance(300*time.Microsecond, 0) })
				s, err := v.make(nil)
				if err != nil {
					return err
				}
				return get(t, s)
			}
		}
		trial := request("get", v.name)
		trial.Rate, trial.Millis = rate, 100
		all, err := LatencyAll(w, catalog, trial, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		wantQuantiles(t, all[0], map[string]time.Duration{"p50": 50 * time.Microsecond, "max": 50 * time.Microsecond})
	}
}

func TestAnOneShotsLatencyIsThatOfTheWhole(t *testing.T) {
	t.Parallel()
	w := &watch{}
	trial := request("flush", "plain")
	trial.Millis = 10
	all, err := LatencyAll(w, rooms(nil, simple("plain", cost(&w.Fake, 1000, 0))), trial, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	wantQuantiles(t, all[0], map[string]time.Duration{"p50": 100 * time.Microsecond})
}

func TestLatencyPassesFailArmByArm(t *testing.T) {
	t.Parallel()
	w := &watch{}
	catalog := rooms(nil, simple("panics", func(*workloads.Entry) uint64 { panic("oh") }), simple("plain", cost(&w.Fake, 1000, 0)))
	trial := request("get", "panics", "plain")
	trial.Millis = 1
	all, err := LatencyAll(w, catalog, trial, t.TempDir())
	if err != nil || all[1].Failed != "" || all[1].Ops == 0 {
		t.Errorf("%+v, %v", all, err)
	}
	wantFailed(t, all[0], "panic: oh, at ")
	trial = request("short", "plain")
	trial.Millis = 1
	all, err = LatencyAll(w, catalog, trial, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	wantFailed(t, all[0], "plain: the operation stopped after 1 operations, before its time was over")
}

func wantFailed(t *testing.T, l Latency, part string) {
	t.Helper()
	wantError(t, errorText(l.Failed), part)
}

type errorText string

func (e errorText) Error() string { return string(e) }
