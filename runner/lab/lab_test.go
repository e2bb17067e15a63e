package lab_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"assay/runner/lab"
	"assay/workloads"
)

// script is a pacer that plays a list of slices and writes down what happens.
type script struct {
	slices [][3]int // warm, timed, extra
	events []string
	seen   []float64
}

func (s *script) Next() (warm, timed, extra int) {
	s.note("next")
	if len(s.slices) == 0 {
		return 0, 0, 0
	}
	next := s.slices[0]
	s.slices = s.slices[1:]
	return next[0], next[1], next[2]
}
func (s *script) Start()                           { s.note("start") }
func (s *script) Stop(ops int)                     { s.note(fmt.Sprintf("stop %d", ops)) }
func (s *script) Observe(_ lab.Unit, x float64)    { s.seen = append(s.seen, x) }
func (s *script) Pass() (answering, counting bool) { return true, false }
func (s *script) note(event string)                { s.events = append(s.events, event) }

func load(t testing.TB, spec string, count int) lab.Env {
	t.Helper()
	s, err := workloads.Parse(spec)
	if err != nil {
		t.Fatal(err)
	}
	data, err := s.Load(1, count)
	if err != nil {
		t.Fatal(err)
	}
	return lab.Env{Workload: s, Data: data, Seed: 7}
}

func newT(t testing.TB, length int, p lab.Pacer, units ...lab.Unit) *lab.T {
	t.Helper()
	return lab.NewT(load(t, "sequential", 100_000), lab.Case{Draws: workloads.Present, Shape: lab.Shape{Length: length}}, units, 0, p)
}

func TestBatchesWarmUpThenRunTheClockThenInject(t *testing.T) {
	t.Parallel()
	p := &script{slices: [][3]int{{2, 3, 0}, {0, 1, 0}, {1, 1, 13}}}
	x := newT(t, 8, p)
	x.Prepare(func(pool []workloads.Entry) { p.note(fmt.Sprintf("prepare %d", len(pool))) })
	for batch := range x.Batches {
		p.note(fmt.Sprintf("batch %d", len(batch)))
	}
	want := "next, prepare 40, batch 8, batch 8, start, batch 8, batch 8, batch 8, stop 24, " +
		"next, prepare 8, start, batch 8, stop 8, " +
		"next, prepare 29, batch 8, start, batch 8, batch 8, batch 4, batch 1, stop 8, " + // 13 on top: 8 + 4 + 1
		"next"
	if got := strings.Join(p.events, ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestInjectedBatchesArePowersOfTwoThatAddUp(t *testing.T) {
	t.Parallel()
	for _, extra := range []int{1, 2, 3, 7, 8, 9, 255, 1000, 8192, 8193, 100_001} {
		p := &script{slices: [][3]int{{0, 8192 / 8, extra}}}
		batches, left := 0, extra
		for batch := range newT(t, 8, p).Batches {
			if batches++; batches <= 8192/8 {
				continue
			}
			if n := len(batch); n&(n-1) != 0 || n > left {
				t.Fatalf("extra %d: a batch of %d with %d to go", extra, n, left)
			}
			left -= len(batch)
		}
		if left != 0 {
			t.Errorf("extra %d: %d operations too few", extra, left)
		}
	}
}

func TestInjectedOperationsMeetInputsOfTheirOwn(t *testing.T) {
	t.Parallel()
	p := &script{slices: [][3]int{{1, 4, 32}}}
	seen := map[uint32]bool{}
	for batch := range newT(t, 8, p).Batches {
		for _, e := range batch {
			seen[e.Index] = true
		}
	}
	if len(seen) < 70 { // 72 draws from 100,000, which may repeat
		t.Errorf("%d different inputs of 72", len(seen))
	}
}

func TestALongSliceGoesRoundItsPool(t *testing.T) {
	t.Parallel()
	const length, batches = 256, 100 // 25600 operations, a pool of 8192
	p := &script{slices: [][3]int{{0, batches, 0}}}
	var keys []uint64
	drawn := 0
	x := newT(t, length, p)
	x.Prepare(func(pool []workloads.Entry) { drawn += len(pool) })
	for batch := range x.Batches {
		if cap(batch) != length {
			t.Fatalf("an append to a batch would overwrite the next: capacity %d", cap(batch))
		}
		for _, e := range batch {
			keys = append(keys, e.Key)
		}
	}
	if drawn != 8192 || len(keys) != length*batches {
		t.Fatalf("%d inputs drawn for %d operations", drawn, len(keys))
	}
	for i, k := range keys {
		if k != keys[i%8192] {
			t.Fatalf("operation %d has key %d, not that of operation %d", i, k, i%8192)
		}
	}
}

func TestABatchLongerThanThePoolIsWhole(t *testing.T) {
	t.Parallel()
	p := &script{slices: [][3]int{{0, 2, 0}, {1, 1, 0}}}
	for batch := range newT(t, 20_000, p).Batches {
		if len(batch) != 20_000 {
			t.Fatalf("a batch of %d", len(batch))
		}
		p.note("batch")
	}
	if got, want := strings.Join(p.events, " "), "next start batch batch stop 40000 next batch start batch stop 20000 next"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestLeavingTheLoopEarlyCreditsNothing(t *testing.T) {
	t.Parallel()
	for place, leave := range map[string]int{"warm-up": 1, "timed": 3, "injected": 5} {
		p := &script{slices: [][3]int{{2, 2, 4}, {0, 1, 0}}}
		n := 0
		for range newT(t, 4, p).Batches {
			if n++; n == leave {
				break
			}
		}
		if slices.ContainsFunc(p.events, func(e string) bool { return strings.HasPrefix(e, "stop") }) || n != leave {
			t.Errorf("%s: %v", place, p.events)
		}
	}
}

func TestRecordsAreTheEntriesInBytes(t *testing.T) {
	t.Parallel()
	env := load(t, "keys=realistic,keysize=20,valuesize=16", 1000)
	c := lab.Case{Draws: workloads.Present, Shape: lab.Shape{Length: 4}}
	var keys []uint64
	for batch := range lab.NewT(env, c, nil, 0, &script{slices: [][3]int{{1, 2, 0}, {0, 3, 3}}}).Batches {
		for _, e := range batch {
			keys = append(keys, e.Key)
		}
	}
	i := 0
	for batch := range lab.NewT(env, c, nil, 0, &script{slices: [][3]int{{1, 2, 0}, {0, 3, 3}}}).Records {
		for _, r := range batch {
			if want := fmt.Sprintf("%020d", keys[i]); string(r.Key) != want || len(r.Value) != 16 {
				t.Fatalf("record %d has key %q and %d bytes of value, want %q", i, r.Key, len(r.Value), want)
			}
			i++
		}
	}
	if i != len(keys) || i != 4*(3+3)+3 {
		t.Errorf("%d records, %d entries", i, len(keys))
	}
}

func TestLengthOverridesTheShape(t *testing.T) {
	t.Parallel()
	x := lab.NewT(load(t, "sequential", 100), lab.Case{Shape: lab.Shape{Length: 256}}, nil, 1, &script{slices: [][3]int{{0, 1, 0}}})
	for batch := range x.Batches {
		if len(batch) != 1 || x.Length() != 1 {
			t.Errorf("batch of %d, Length %d", len(batch), x.Length())
		}
	}
}

func TestDigestTellsOrderCountAndValueApart(t *testing.T) {
	t.Parallel()
	seen := map[uint64]string{}
	for _, answers := range [][]uint64{{}, {0}, {0, 0}, {1}, {1, 2}, {2, 1}, {1, 2, 0}, {0, 1, 2}, {3}, {1 << 63}, {1, 1}, {2}} {
		x := &lab.T{}
		for _, a := range answers {
			x.Fold(a)
		}
		if other, twice := seen[x.Digest()]; twice && !(len(answers) > 0 && answers[0] == 0) {
			t.Errorf("%v has the digest of %s", answers, other)
		}
		seen[x.Digest()] = fmt.Sprint(answers)
	}
	a, b := &lab.T{}, &lab.T{}
	for i := range uint64(1000) {
		a.Fold(i * i)
		b.Fold(i * i)
	}
	if a.Digest() != b.Digest() {
		t.Error("equal answers, different digests")
	}
}

func TestReportPassesDeclaredUnitsOnAndPanicsOnOthers(t *testing.T) {
	t.Parallel()
	p := &script{}
	x := newT(t, 1, p, lab.Unit{Name: "bits/key"})
	x.Report(lab.Unit{Name: "bits/key"}, 9.6)
	if !slices.Equal(p.seen, []float64{9.6}) || !x.Answering() || x.Counting() {
		t.Errorf("observed %v, answering %v, counting %v", p.seen, x.Answering(), x.Counting())
	}
	defer func() {
		if got, want := fmt.Sprint(recover()), `unit "bit/key" is reported but not declared by its family`; got != want {
			t.Errorf("panic %s, want %s", got, want)
		}
	}()
	x.Report(lab.Unit{Name: "bit/key"}, 1)
}

// endless is a pacer that never allocates.
type endless struct{ slices, batches int }

func (e *endless) Next() (warm, timed, extra int) {
	if e.slices--; e.slices < 0 {
		return 0, 0, 0
	}
	return 1, e.batches, 5
}
func (*endless) Start()                           {}
func (*endless) Stop(int)                         {}
func (*endless) Observe(lab.Unit, float64)        {}
func (*endless) Pass() (answering, counting bool) { return false, false }

func TestTheLoopAllocatesNothingPerSlice(t *testing.T) { // not parallel: AllocsPerRun counts the whole process
	env := load(t, "realistic", 5000)
	unit := lab.Unit{Name: "bits/key"}
	for _, draws := range []workloads.Population{workloads.Present, workloads.Absent, workloads.Fresh} {
		run := func(slices int) float64 {
			c := lab.Case{Draws: draws, Shape: lab.Shape{Length: 256}}
			return testing.AllocsPerRun(3, func() {
				x := lab.NewT(env, c, []lab.Unit{unit}, 0, &endless{slices: slices, batches: 8})
				x.Prepare(func(pool []workloads.Entry) { pool[0].Place = 1 })
				sum := uint64(0)
				for batch := range x.Batches {
					for _, e := range batch {
						sum += e.Key
					}
					x.Fold(sum)
					x.Report(unit, 1)
				}
			})
		}
		if few, many := run(2), run(100); few != many {
			t.Errorf("%v: %v allocations for 2 slices, %v for 100", draws, few, many)
		}
	}
}
