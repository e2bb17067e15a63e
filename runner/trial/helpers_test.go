package trial

import (
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"assay/runner/clock"
	"assay/runner/lab"
	"assay/runner/plan"
	"assay/workloads"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stub is the contract of the family under test: one answer per operation.
type stub func(e *workloads.Entry) uint64

// cost is a variant whose every operation takes exactly so long on the fake
// clock and answers rightly.
func cost(f *clock.Fake, wall, cpu time.Duration) stub {
	return func(e *workloads.Entry) uint64 {
		f.Advance(wall, cpu)
		return e.Value
	}
}

var countUnit = lab.Unit{Name: "count", Better: lab.Lower, Exact: true}

// get is the ordinary loop.
func get(t *lab.T, s stub) error {
	for batch := range t.Batches {
		sum := uint64(0)
		for i := range batch {
			sum += s(&batch[i])
		}
		t.Fold(sum)
	}
	return nil
}

// flush is a one-shot: all of a batch at once.
func flush(t *lab.T, s stub) error { return get(t, s) }

// counted reports before, in and after its loop.
func counted(t *lab.T, s stub) error {
	t.Report(countUnit, 1000)
	n := 0
	for batch := range t.Batches {
		n += len(batch)
		t.Report(countUnit, 1)
		t.Fold(s(&batch[0]))
	}
	t.Report(countUnit, float64(n))
	return nil
}

// short stops after its third batch, whatever is asked for.
func short(t *lab.T, s stub) error {
	n := 0
	for batch := range t.Batches {
		t.Fold(s(&batch[0]))
		if n++; n == 3 {
			break
		}
	}
	return nil
}

// text reads string keys.
func text(t *lab.T, s stub) error {
	for batch := range t.Records {
		for _, r := range batch {
			t.Fold(s(&workloads.Entry{Key: uint64(len(r.Key)), Index: r.Index}))
		}
	}
	return nil
}

// never asks for no batch.
func never(*lab.T, stub) error { return nil }

// named is a variant of the test family.
type named struct {
	name string
	make func(*lab.Env) (stub, error)
	null bool
}

func simple(name string, s stub) named {
	return named{name: name, make: func(*lab.Env) (stub, error) { return s, nil }}
}

// rooms is a catalog of one family with these variants; the first is the base.
func rooms(model stub, variants ...named) []lab.Room {
	f := lab.Family[stub]{
		Name: "stub", Base: variants[0].name, Text: true, Workloads: []string{"sequential"},
		Units: []lab.Unit{countUnit, {Name: "noise", Better: lab.Higher}},
		Ops: []lab.Op[stub]{
			{Name: "get", Run: get, Census: 5000},
			{Name: "few", Run: get, Answers: 10},
			{Name: "flush", Run: flush, Shape: lab.Shape{Length: 100, Batches: 1}, Census: 250},
			{Name: "counted", Run: counted, Shape: lab.Shape{Length: 16}, Census: 160},
			{Name: "short", Run: short},
			{Name: "text", Run: text},
			{Name: "never", Run: never},
		},
	}
	if model != nil {
		f.Model = func(*lab.Env) (stub, error) { return model, nil }
	}
	for _, v := range variants {
		f.Variants = append(f.Variants, lab.Variant[stub]{Name: v.name, New: v.make, Null: v.null})
	}
	return []lab.Room{f.Erase()}
}

func request(op string, variants ...string) plan.Trial {
	t := plan.Trial{Mode: "time", Family: "stub", Op: op, Workload: "sequential,count=5000", Seed: 3, SliceNS: 200_000}
	for _, v := range variants {
		t.Arms = append(t.Arms, plan.Arm{Name: v, Variant: v})
	}
	return t
}

// open readies a worker and has it closed when the test ends.
func open(t *testing.T, clk clock.Clock, catalog []lab.Room, trial plan.Trial) *Worker {
	t.Helper()
	w, err := Open(clk, catalog, trial, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.abandon)
	return w
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("error %q, want one with %q", err, p)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("error %q has more than a line", err)
	}
}
