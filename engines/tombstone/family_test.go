package tombstone

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"assay/engines/internal/conform"
	"assay/runner/lab"
)

func each(t *testing.T, test func(*testing.T, string, func() Index)) {
	t.Helper()
	for _, v := range Family.Variants {
		if v.Null {
			continue
		}
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			test(t, v.Name, func() Index {
				x, err := v.New(nil)
				if err != nil {
					t.Fatal(err)
				}
				return x
			})
		})
	}
}

type failer interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func must(t failer, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestEveryVariantAnswersAsTheModelDoes(t *testing.T) {
	t.Parallel()
	conform.Names(t, Family.Erase())
	brief := Family // without scan, which makes 200,000 changes before it begins
	brief.Ops = slices.DeleteFunc(slices.Clone(brief.Ops), func(o lab.Op[Index]) bool { return o.Name == "scan" })
	for s, room := range map[conform.Size]lab.Room{
		{Workload: two, Length: 4096, Batches: 1, Seed: 1}:                     Family.Erase(),
		{Workload: "sequential,count=3000", Length: 4096, Batches: 3, Seed: 2}: brief.Erase(),
		{Workload: "sequential,count=1", Length: 128, Batches: 3, Seed: 3}:     brief.Erase(),
	} {
		t.Run(s.Workload, func(t *testing.T) { t.Parallel(); conform.Variants(t, room, s) })
	}
}

// TestKeepFlushesAllThatWasDoneAndCancelWhatIsLeft counts as a run does.
func TestKeepFlushesAllThatWasDoneAndCancelWhatIsLeft(t *testing.T) {
	t.Parallel()
	room, batches := Family.Erase(), 2
	if testing.Short() {
		batches = 1
	}
	for variant, want := range map[string]float64{"keep": 16_386, "cancel": 4, "cancel-trusting": 4, "cancel-proven": 4} {
		for _, op := range []string{"update", "transfer"} {
			got, err := conform.Count(t, room, conform.Case(t, room, op, variant), conform.Size{Workload: two, Batches: batches, Seed: 1})
			must(t, err)
			tables := got.Units["entries/table"]
			if len(tables) == 0 {
				t.Errorf("%s/%s: no table was flushed", op, variant)
			}
			for _, n := range tables {
				if n != want {
					t.Errorf("%s/%s: %v entries in a table, want %v", op, variant, n, want)
				}
			}
		}
	}
}

// TestABrokenPromiseIsDetectedOrHarmless is the sequence that brings an old
// value back where a policy trusts: put, flush, put again, remove, get.
func TestABrokenPromiseIsDetectedOrHarmless(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, name string, make func() Index) {
		x, k := make(), Key{Balance: 100, ID: 7}
		must(t, x.Put(k, 1))
		must(t, x.Flush())
		err := x.Put(k, 2)
		switch {
		case name != "cancel":
			must(t, err)
		case !errors.Is(err, ErrPromise) || !strings.Contains(err.Error(), "key (100, 7) is put again"):
			t.Fatalf("the second put: %v", err)
		default:
			if row, ok, err := x.Get(k); row != 1 || !ok || err != nil {
				t.Errorf("after the refused put: row %d, %v, %v", row, ok, err)
			}
		}
		must(t, x.Remove(k))
		row, ok, err := x.Get(k)
		must(t, err)
		if stale := name == "cancel-trusting"; ok != stale || stale && row != 1 {
			t.Errorf("after the remove: row %d, %v", row, ok)
		}
	})
}

func TestTwoPutsOrRemovesInARowAreRefusedByCancelAndChangeNothing(t *testing.T) {
	t.Parallel()
	x, err := newCancel(nil)
	must(t, err)
	k := Key{1, 1}
	for range 2 { // in the memtable, then over a table
		must(t, x.Put(k, 5))
		if err := x.Put(k, 6); !errors.Is(err, ErrPromise) {
			t.Errorf("a second put: %v", err)
		}
		must(t, x.Flush())
		must(t, x.Remove(k))
		if err := x.Remove(k); !errors.Is(err, ErrPromise) {
			t.Errorf("a second remove: %v", err)
		}
		must(t, x.Put(k, 7))
		if err := x.Put(k, 8); !errors.Is(err, ErrPromise) {
			t.Errorf("a second put over a remove: %v", err)
		}
		if row, ok, err := x.Get(k); row != 7 || !ok || err != nil {
			t.Errorf("row %d, %v, %v", row, ok, err)
		}
		must(t, x.Remove(k))
		must(t, x.Flush())
	}
}

// TestAPutOverATombstoneIsNotCancelledToNothing: the promise holds throughout,
// and still a remove must leave a tombstone behind, not the first row.
func TestAPutOverATombstoneIsNotCancelledToNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ string, make func() Index) {
		x, k := make(), Key{3, 3}
		must(t, x.Put(k, 1))
		must(t, x.Flush())
		must(t, x.Remove(k))
		must(t, x.Put(k, 2))
		must(t, x.Remove(k))
		for range 2 {
			if row, ok, err := x.Get(k); ok || err != nil {
				t.Errorf("row %d, %v, %v", row, ok, err)
			}
			must(t, x.Flush())
		}
	})
}

func TestARowBeyond63BitsIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ string, make func() Index) {
		x := make()
		if err := x.Put(Key{1, 1}, 1<<63); err == nil || !strings.Contains(err.Error(), "63 bits") {
			t.Errorf("error %v", err)
		}
		must(t, x.Put(Key{1, 1}, 1<<63-1))
		must(t, x.Flush())
		if row, ok, err := x.Get(Key{1, 1}); row != 1<<63-1 || !ok || err != nil {
			t.Errorf("row %d, %v, %v", row, ok, err)
		}
	})
}

// act does one drawn thing to an index and to the map that it should equal.
// Where alternate is set, the promise is kept.
func act(r *rapid.T, x Index, want map[Key]uint64, alternate bool) {
	k := Key{rapid.Uint64Range(0, 3).Draw(r, "balance"), rapid.Uint64Range(0, 2).Draw(r, "id")}
	_, live := want[k]
	switch op := rapid.SampledFrom([]string{"put", "put", "remove", "remove", "flush", "compact"}).Draw(r, "op"); op {
	case "put":
		if alternate && live {
			return
		}
		row := rapid.Uint64Range(0, 99).Draw(r, "row")
		must(r, x.Put(k, row))
		want[k] = row
	case "remove":
		if alternate && !live {
			return
		}
		must(r, x.Remove(k))
		delete(want, k)
	case "flush":
		must(r, x.Flush())
	case "compact":
		must(r, x.(Compacter).Compact())
	}
}

func holds(r failer, x Index, want map[Key]uint64) {
	r.Helper()
	for balance := range uint64(4) {
		for id := range uint64(3) {
			k := Key{balance, id}
			row, ok, err := x.Get(k)
			if w, live := want[k]; err != nil || ok != live || row != w {
				r.Fatalf("Get%v = %d, %v, %v; want %d, %v", k, row, ok, err, w, live)
			}
		}
	}
}

func TestEveryPolicyIsAMapWhileThePromiseHoldsAndTheSafeOnesAlways(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, name string, make func() Index) {
		always := name == "keep" || name == "cancel-proven"
		rapid.Check(t, func(r *rapid.T) {
			x, want := make(), map[Key]uint64{}
			alternate := !always || rapid.Bool().Draw(r, "alternate")
			for range rapid.IntRange(1, 40).Draw(r, "actions") {
				act(r, x, want, alternate)
				holds(r, x, want)
			}
			scanned, last := map[Key]uint64{}, Key{}
			must(r, x.Scan(func(k Key, row uint64) bool {
				if len(scanned) > 0 && last.compare(k) >= 0 {
					r.Fatalf("the scan goes from %v to %v", last, k)
				}
				last, scanned[k] = k, row
				return true
			}))
			if !maps.Equal(scanned, want) {
				r.Fatalf("the scan has %v, want %v", scanned, want)
			}
		})
	})
}

// TestCancelNeverAnswersWronglyHoweverItIsCalled: a call either keeps the map's
// word or is refused and changes nothing.
func TestCancelNeverAnswersWronglyHoweverItIsCalled(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		x, err := newCancel(nil)
		must(r, err)
		want := map[Key]uint64{}
		for range rapid.IntRange(1, 60).Draw(r, "actions") {
			k := Key{rapid.Uint64Range(0, 3).Draw(r, "balance"), rapid.Uint64Range(0, 2).Draw(r, "id")}
			switch rapid.SampledFrom([]string{"put", "remove", "flush", "compact"}).Draw(r, "op") {
			case "put":
				_, live := want[k]
				if err := x.Put(k, 9); errors.Is(err, ErrPromise) != live || err != nil && !live {
					r.Fatalf("Put%v: %v, and the key is there: %v", k, err, live)
				}
				want[k] = max(want[k], 9)
			case "remove":
				if err := x.Remove(k); err == nil {
					delete(want, k)
				} else if _, live := want[k]; live || !errors.Is(err, ErrPromise) {
					r.Fatalf("Remove%v: %v", k, err)
				}
			case "flush":
				must(r, x.Flush())
			case "compact":
				must(r, x.(Compacter).Compact())
			}
			holds(r, x, want)
		}
	})
}

func TestTheScanStopsWhenTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ string, make func() Index) {
		x := make()
		for i := range uint64(5) {
			must(t, x.Put(Key{i, 0}, i))
		}
		seen := 0
		must(t, x.Scan(func(Key, uint64) bool { seen++; return seen < 3 }))
		if seen != 3 {
			t.Errorf("%d visited", seen)
		}
	})
}
