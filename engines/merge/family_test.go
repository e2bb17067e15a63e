package merge

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"assay/engines/internal/conform"
	"assay/runner/lab"
)

func each(t *testing.T, test func(*testing.T, Merger)) {
	t.Helper()
	for _, v := range Family.Variants {
		if v.Null {
			continue
		}
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			m, err := v.New(nil)
			if err != nil {
				t.Fatal(err)
			}
			test(t, m)
		})
	}
}

func want(t testing.TB, runs [][]Entry) []Entry {
	t.Helper()
	m, err := newModel(nil)
	if err != nil {
		t.Fatal(err)
	}
	return m.Merge(nil, runs)
}

func TestEveryVariantAnswersAsTheModelDoes(t *testing.T) {
	t.Parallel()
	conform.Names(t, Family.Erase())
	for _, s := range []conform.Size{
		{Workload: random, Count: 1000, Length: 256, Batches: 9, Seed: 1},
		{Workload: "zipf:1.1,universe=4000", Count: 3000, Length: 1000, Batches: 5, Seed: 2},
		{Workload: "sequential", Count: 7, Length: 64, Batches: 3, Seed: 3},
	} {
		t.Run(s.Workload, func(t *testing.T) { t.Parallel(); conform.Variants(t, Family.Erase(), s) })
	}
}

// runs draws few keys, so that the same are in many runs, and the largest and
// the smallest, which end runs or stand for their end in a careless merge.
func runs(t *rapid.T) [][]Entry {
	keys := rapid.OneOf(rapid.Uint64Range(0, 30), rapid.Uint64Range(0, math.MaxUint64), rapid.Uint64Range(math.MaxUint64-3, math.MaxUint64))
	all := make([][]Entry, rapid.IntRange(0, 9).Draw(t, "k"))
	for i := range all {
		drawn := rapid.SliceOfN(keys, 0, 40).Draw(t, "keys")
		slices.Sort(drawn)
		for j, k := range slices.Compact(drawn) {
			all[i] = append(all[i], Entry{k, uint64(i)<<32 | uint64(j)})
		}
	}
	return all
}

func TestEveryVariantMergesAsSortingDoesAndLeavesItsInputAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, m Merger) {
		rapid.Check(t, func(r *rapid.T) {
			in := runs(r)
			before := make([][]Entry, len(in))
			for i := range in {
				before[i] = slices.Clone(in[i])
			}
			head := []Entry{{Key: 5}, {Key: 1}} // what is in dst stays, and is not compared with
			dst := append(make([]Entry, 0, rapid.IntRange(2, 100).Draw(r, "room")), head...)
			got := m.Merge(dst, in)
			if !slices.Equal(got, append(head, want(t, before)...)) {
				r.Fatalf("merged %v into %v", in, got)
			}
			for i := range in {
				if !slices.Equal(in[i], before[i]) {
					r.Fatalf("run %d was changed", i)
				}
			}
		})
	})
}

func TestOfEqualKeysTheNewestRunWins(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, m Merger) {
		in := [][]Entry{{{1, 10}, {math.MaxUint64, 11}}, {{1, 20}, {2, 21}}, {{0, 30}, {2, 31}, {math.MaxUint64, 32}}}
		if got := m.Merge(nil, in); !slices.Equal(got, []Entry{{0, 30}, {1, 10}, {2, 21}, {math.MaxUint64, 11}}) {
			t.Errorf("merged into %v", got)
		}
	})
}

func TestAMergeWithRoomAllocatesNothing(t *testing.T) { //nolint:paralleltest // it counts allocations
	in := [][]Entry{{{1, 1}, {5, 1}}, {{2, 2}}, {{3, 3}, {4, 3}}}
	for _, v := range Family.Variants {
		m, err := v.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		dst := make([]Entry, 0, 8)
		m.Merge(dst, in) // the variant makes room of its own
		if n := testing.AllocsPerRun(100, func() { m.Merge(dst, in) }); n > 0 {
			t.Errorf("%s: %v allocations", v.Name, n)
		}
	}
}

// FuzzRunsThatAreNotSortedDoNoHarm: no panic, and no entry that was not there.
func FuzzRunsThatAreNotSortedDoNoHarm(f *testing.F) {
	f.Add([]byte{3, 1, 2, 0, 9}, uint8(2))
	f.Add([]byte{255, 255, 1, 255, 255, 0}, uint8(3))
	f.Fuzz(func(t *testing.T, b []byte, k uint8) {
		if k == 0 || k > 40 {
			return
		}
		in := make([][]Entry, k)
		had := map[Entry]bool{}
		for i, c := range b {
			e := Entry{binary.LittleEndian.Uint64([]byte{c, 0, 0, 0, 0, 0, 0, c}), uint64(i)}
			in[i%int(k)] = append(in[i%int(k)], e)
			had[e] = true
		}
		for _, v := range Family.Variants {
			m, err := v.New(nil)
			if err != nil {
				t.Fatal(err)
			}
			got := m.Merge(nil, in)
			if len(got) > len(b) {
				t.Fatalf("%s: %d entries of %d", v.Name, len(got), len(b))
			}
			for _, e := range got {
				if !had[e] {
					t.Fatalf("%s: entry %v was in no run", v.Name, e)
				}
			}
		}
	})
}

// TestTheRunsHaveTheirPattern: what an operation is called is what it merges.
func TestTheRunsHaveTheirPattern(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p            pattern
		changes      [2]int // of run from one entry to the next, among 4,096
		entries      int
		least, atMax int // entries of the newest run
	}{
		{pattern{runs: 2, stretch: 1}, [2]int{1900, 2200}, 4096, 1900, 2200},
		{pattern{runs: 2, stretch: 64}, [2]int{15, 55}, 4096, 1000, 3000},
		{pattern{runs: 2}, [2]int{1, 1}, 4096, 2048, 2048},
		{pattern{runs: 2, stretch: 1, first: 1. / 16}, [2]int{380, 600}, 4096, 200, 310},
		{pattern{runs: 8, stretch: 1}, [2]int{3450, 3700}, 4096, 440, 590},
	} {
		d := newDeal(env(t, 4096).Data, 1, c.p)
		owner := make([]int, d.size)
		for run, orders := range d.orders {
			for _, o := range orders {
				owner[o] = run
			}
		}
		changes := 0
		for i := 1; i < len(owner); i++ {
			if owner[i] != owner[i-1] {
				changes++
			}
		}
		newest := len(d.runs[0])
		if changes < c.changes[0] || changes > c.changes[1] || d.size != c.entries || newest < c.least || newest > c.atMax {
			t.Errorf("%+v: %d changes of run, %d entries, %d in the newest run", c.p, changes, d.size, newest)
		}
	}
	d := newDeal(env(t, 4096).Data, 1, pattern{runs: 2, stretch: 1, rewrite: 0.5})
	if n := len(want(t, d.runs)); n != 4096 || d.size < 5900 || d.size > 6400 {
		t.Errorf("%d keys in %d entries", n, d.size)
	}
}

func env(t testing.TB, count int) *lab.Env {
	t.Helper()
	return conform.Env(t, conform.Size{Workload: random, Count: count, Seed: 1})
}
