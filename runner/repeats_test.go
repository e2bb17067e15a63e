package runner

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"assay/profiles/counters"
	"assay/runner/mark"
	"assay/runner/samples/work"
	"assay/runner/wire"
)

// promising promises .2 % of instructions, 5 % or .005 of mispredictions,
// equality of system calls, and nothing else.
func promising() counters.Way {
	return counters.Way{Name: "fake", Repeats: func(name string) (work.Promise, bool) {
		p, ok := map[string]work.Promise{"instructions": {Share: 0.002}, "mispredictions": {Share: 0.05, Slack: 0.005}, "syscalls": {}}[name]
		return p, ok
	}}
}

func passesOf(unit string, xs ...float64) []work.Arm {
	var all []work.Arm
	for _, x := range xs {
		all = append(all, work.Arm{Arm: "head", Ops: 48, Units: map[string]float64{unit: x}})
	}
	return all
}

func TestAPromiseIsAsWideAsThePassesSay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		unit    string
		passes  []float64
		settled bool
		median  float64
		share   float64 // 0: the way's own promise
		inexact bool
	}{
		{"instructions/op", []float64{1000}, false, 1000, 0, false},
		{"instructions/op", []float64{1000, 1000.4}, true, 1000.2, 0, false},
		{"instructions/op", []float64{1000, 1001}, false, 1000.5, 0.003, false}, // within the promise, but not by much
		{"instructions/op", []float64{990, 1000, 993}, false, 993, 0.03, false},
		{"instructions/op", []float64{900, 1000, 901}, false, 901, 0, true},
		{"mispredictions/op", []float64{0.001, 0.002}, true, 0.0015, 0, false}, // next to none
		{"mispredictions/op", []float64{0.001, 0.004, 0.001}, false, 0.001, 0, true},
		{"syscalls/op", []float64{3, 3}, true, 3, 0, false},
		{"syscalls/op", []float64{3, 3.5, 3}, false, 3, 0, true},
		{"syscalls/op", []float64{0, 0}, true, 0, 0, false},
		{"cache-misses/op", []float64{3, 300}, true, 151.5, 0, false}, // nobody promises anything: promised says so
	} {
		passes, way := passesOf(c.unit, c.passes...), promising()
		if got := settled(passes, way); got != c.settled {
			t.Errorf("%s %v: settled %v", c.unit, c.passes, got)
		}
		w, wide := together(passes, way)
		share := wide[c.unit].Share
		if w.Units[c.unit] != c.median || fmt.Sprintf("%.2g", share) != fmt.Sprintf("%.2g", c.share) || slices.Contains(w.Inexact, c.unit) != c.inexact || w.Ops != 48 || w.Arm != "head" {
			t.Errorf("%s %v: %+v, promise %v", c.unit, c.passes, w, wide)
		}
	}
}

func TestPromisesOfARowHoldForBothItsSides(t *testing.T) {
	t.Parallel()
	got := map[string]work.Promise{"a": {Share: 0.01, Slack: 1}, "b": {Share: 0.5}}
	widen(got, map[string]work.Promise{"a": {Share: 0.03}, "c": {Slack: 2}})
	want := map[string]work.Promise{"a": {Share: 0.03, Slack: 1}, "b": {Share: 0.5}, "c": {Slack: 2}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// bench is a benchmark of which a call takes 5000 instructions and each
// iteration so many more, in one bracket of the timer or in one per iteration.
type bench struct {
	per    float64
	stops  bool
	slices []wire.Slice
}

func (b *bench) run(_ context.Context, s wire.Slice) (stretch, error) {
	b.slices = append(b.slices, s)
	x := stretch{counts: map[string]float64{"instructions": 5000 + b.per*float64(s.Batches)}, ops: int64(s.Batches), parts: 1}
	if b.stops {
		x.parts = s.Batches
	}
	return x, nil
}

func TestIterationsGrowUntilAStretchIsLongAndSetUpCancels(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bench bench
		way   string
		most  int
		long  int // iterations of the long stretch
	}{
		"short":           {bench{per: 300}, mark.Simulated, 1 << 24, 65536},
		"empty":           {bench{}, mark.Simulated, 1 << 24, 16384},
		"long":            {bench{per: 20e6}, mark.Simulated, 1 << 24, 2},
		"garbage":         {bench{per: 300}, mark.Simulated, 100, 64},
		"much garbage":    {bench{per: 300}, mark.Simulated, 2, 2},
		"stops its timer": {bench{per: 300, stops: true}, mark.Simulated, 1 << 24, 64},
		"system calls":    {bench{per: 300}, mark.Calls, 1 << 24, 4},
	} {
		b, n := c.bench, 0
		counted := iterations{b.run, c.way, c.most}
		w, err := counted.count(t.Context(), &n)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		last := b.slices[len(b.slices)-1]
		if got := w.Units["instructions/op"] + w.Units["instructions-calls/op"]; n != c.long || last.Batches != max(1, n/growth) || got != c.bench.per || w.Ops != int64(n-last.Batches) {
			t.Errorf("%s: %d iterations, the few %d, %+v", name, n, last.Batches, w)
		}
		before := len(b.slices)
		if _, err := counted.count(t.Context(), &n); err != nil || len(b.slices) != before+2 {
			t.Errorf("%s: counting again takes %d stretches, want 2 (%v)", name, len(b.slices)-before, err)
		}
	}
}
