package trial

import (
	"testing"
	"time"

	"assay/runner/lab"
	"assay/workloads"
)

// served is a catalog of one operation that n clients run, 4 entries a request,
// 2 requests a slice.
func served(n int, body func(batch []workloads.Entry) uint64) []lab.Room {
	return []lab.Room{lab.Family[stub]{
		Name: "stub", Base: "plain", Workloads: []string{"sequential"},
		Units:    []lab.Unit{countUnit},
		Variants: []lab.Variant[stub]{{Name: "plain", New: func(*lab.Env) (stub, error) { return nil, nil }}},
		Ops: []lab.Op[stub]{{Name: "serve", Shape: lab.Shape{Length: 4, Batches: 2}, Census: 40, Run: func(t *lab.T, _ stub) error {
			return t.Clients(n, func(_ int, batch []workloads.Entry) (uint64, error) { return body(batch), nil })
		}}},
	}.Erase()}
}

// TestAnOpenLoopOfClientsIsTimedFromItsIntendedStarts: one client on a fake
// clock is late for exactly what stalled it; requests, not entries, are timed.
func TestAnOpenLoopOfClientsIsTimedFromItsIntendedStarts(t *testing.T) {
	t.Parallel()
	w := &watch{}
	n := 0
	catalog := served(1, func(batch []workloads.Entry) uint64 {
		if len(batch) != 4 {
			t.Errorf("a request of %d entries", len(batch))
		}
		w.Advance(50*time.Microsecond, 0)
		if n++; n == 500 {
			w.Advance(460*time.Millisecond-50*time.Microsecond, 0)
		}
		return 0
	})
	trial := request("serve", "plain")
	trial.Mode, trial.Rate, trial.Millis = "latency", 1000, 2000
	all, err := LatencyAll(w, catalog, trial, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	const less = time.Millisecond - 50*time.Microsecond - 4*look
	wantQuantiles(t, all[0], map[string]time.Duration{
		"p50": 50 * time.Microsecond, "max": 460 * time.Millisecond, "p90": 460*time.Millisecond - 200*less,
	})
	if all[0].Ops != 2000 || all[0].Rate != 1000 {
		t.Errorf("%d requests at %v a second, want 2000 at 1000", all[0].Ops, all[0].Rate)
	}
}

// TestAClosedLoopOfClientsIsTimedFromItsTurn: a client that is busy takes no
// turn, so that waiting for one is nobody's latency.
func TestAClosedLoopOfClientsIsTimedFromItsTurn(t *testing.T) {
	t.Parallel()
	w := &watch{}
	catalog := served(1, func([]workloads.Entry) uint64 { w.Advance(50*time.Microsecond, 0); return 0 })
	trial := request("serve", "plain")
	trial.Mode, trial.Millis = "latency", 100
	all, err := LatencyAll(w, catalog, trial, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	wantQuantiles(t, all[0], map[string]time.Duration{"p50": 50 * time.Microsecond, "max": 50 * time.Microsecond})
}

// TestSeveralClientsShareOneSchedule counts on real goroutines: every intended
// start is met once, whoever meets it.
func TestSeveralClientsShareOneSchedule(t *testing.T) {
	t.Parallel()
	w := &watch{}
	catalog := served(8, func([]workloads.Entry) uint64 { w.Advance(time.Microsecond, 0); return 0 })
	trial := request("serve", "plain")
	trial.Mode, trial.Rate, trial.Millis = "latency", 10_000, 100
	all, err := LatencyAll(w, catalog, trial, t.TempDir())
	if err != nil || all[0].Failed != "" {
		t.Fatal(err, all[0].Failed)
	}
	if all[0].Ops != 1000 {
		t.Errorf("%d requests, 1000 were meant", all[0].Ops)
	}
}

// TestWhatClientsAllocateIsNotCalledExact and all batches of a slice are looked at.
func TestWhatClientsAllocateIsNotCalledExact(t *testing.T) {
	t.Parallel()
	w := &watch{}
	requests := 0
	catalog := served(1, func(batch []workloads.Entry) uint64 { requests++; return batch[0].Key })
	trial := request("serve", "plain")
	trial.Mode = "check"
	checks, err := CheckAll(w, catalog, trial, t.TempDir())
	if err != nil || checks[0].Failed != "" || checks[0].WrongAt != "" {
		t.Fatalf("%+v, %v", checks, err)
	}
	if len(checks[0].Inexact) != 2 {
		t.Errorf("inexact: %v, want allocs/op and B/op", checks[0].Inexact)
	}
	if want := 2 + 2 + 1 + 40/4; requests != want { // reference, answers, warm-up, census
		t.Errorf("%d requests, want %d: the slices that are compared have two each", requests, want)
	}
}

// TestTheMemoryOfAWorkerIsKnownWhereTheSystemSays and lies between what a Go
// program takes and what this machine could have.
func TestTheMemoryOfAWorkerIsKnownWhereTheSystemSays(t *testing.T) {
	t.Parallel()
	if got := resident(); got != 0 && (got < 1<<20 || got > 1<<44) {
		t.Errorf("resident memory of %d bytes", got)
	}
}
