package tombstone

import (
	"errors"
	"flag"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"assay/engines/internal/golden"
)

var rewrite = flag.Bool("update", false, "rewrite the golden files in testdata")

func TestTheMemtableIsAMap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		var m memtable
		want := map[Key]uint64{}
		keys := rapid.SampledFrom([]Key{{0, 0}, {0, 1}, {1, 0}, {2, 2}, {1 << 63, 5}, {7, 7}, {8, 7}, {9, 7}, {10, 7}, {11, 7}, {12, 7}, {13, 7}, {14, 7}})
		for range rapid.IntRange(0, 80).Draw(r, "actions") {
			k := keys.Draw(r, "key")
			s := m.find(k)
			if row, have := want[k]; have != (s.state != none) || have && s.row != row {
				r.Fatalf("find%v = %+v, want row %d, %v", k, *s, row, have)
			}
			if s.state != none && rapid.Bool().Draw(r, "forget") {
				m.forget(s)
				delete(want, k)
				continue
			}
			row := rapid.Uint64().Draw(r, "row")
			m.set(s, k, row, put)
			want[k] = row
		}
		drained := m.drain()
		if len(drained) != len(want) || !slices.IsSortedFunc(drained, func(a, b slot) int { return a.compare(b.Key) }) {
			r.Fatalf("drained %v, want %v", drained, want)
		}
		for _, s := range drained {
			if want[s.Key] != s.row {
				r.Fatalf("drained %+v, want row %d", s, want[s.Key])
			}
		}
	})
}

// TestTheFilterHasEveryKeyAndFewOthers: a key it denied would be a broken
// promise that goes unseen.
func TestTheFilterHasEveryKeyAndFewOthers(t *testing.T) {
	t.Parallel()
	const keys = 10_000
	var b []byte
	for i := range uint64(keys) {
		b = appendEntry(b, Key{i * 3, i % 2}, 0)
	}
	filter := table{bytes: b}.withFilter()
	lies := 0
	for i := range uint64(keys) {
		if !filter.mayHold(probeOf(Key{i * 3, i % 2})) {
			t.Fatalf("key %d is denied", i)
		}
		if filter.mayHold(probeOf(Key{i*3 + 1, i % 2})) {
			lies++
		}
	}
	if lies > keys/50 {
		t.Errorf("%d of %d absent keys are claimed", lies, keys)
	}
}

func TestATableIsLaidOutAsAnnotated(t *testing.T) {
	t.Parallel()
	x := &keep{}
	must(t, x.Put(Key{258, 1}, 3))
	must(t, x.Put(Key{1, 1 << 40}, 1<<63-1))
	must(t, x.Remove(Key{2, 772}))
	must(t, x.Flush())
	b := x.tables[0].bytes
	golden.Compare(t, "testdata/table.golden", *rewrite, []golden.Field{
		{Bytes: b[0:8], Note: "balance 1: the smallest key, though put second"},
		{Bytes: b[8:16], Note: "id 2^40"},
		{Bytes: b[16:24], Note: "row 2^63-1"},
		{Bytes: b[24:32], Note: "balance 2"},
		{Bytes: b[32:40], Note: "id 772"},
		{Bytes: b[40:48], Note: "a tombstone: the top bit"},
		{Bytes: b[48:56], Note: "balance 258: little-endian it would come before 2"},
		{Bytes: b[56:64], Note: "id 1"},
		{Bytes: b[64:], Note: "row 3"},
	})
}

// FuzzDamagedTablesAreErrors merges arbitrary bytes: an error, or exactly what
// the bytes say in order.
func FuzzDamagedTablesAreErrors(f *testing.F) {
	good := appendEntry(appendEntry(nil, Key{1, 2}, 3), Key{1, 3}, removedBit)
	f.Add(good, appendEntry(nil, Key{1, 2}, 9))
	f.Add(good[:30], good)
	f.Add([]byte{}, append(slices.Clone(good), good...))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		out, err := merge(nil, table{bytes: a}, table{bytes: b}, false)
		if err != nil {
			if !errors.Is(err, errDamaged) {
				t.Fatal(err)
			}
			return
		}
		want := map[Key]uint64{}
		for _, x := range []table{{bytes: b}, {bytes: a}} {
			for i := range x.len() {
				want[x.key(i)] = x.row(i)
			}
		}
		got := table{bytes: out}.withFilter()
		if got.len() != len(want) {
			t.Fatalf("%d entries, want %d", got.len(), len(want))
		}
		for k, row := range want {
			if found, ok := got.get(k); !ok || found != row {
				t.Fatalf("get%v = %d, %v; want %d", k, found, ok, row)
			}
		}
	})
}
