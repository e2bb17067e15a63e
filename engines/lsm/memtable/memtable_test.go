package memtable

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cespare/xxhash/v2"
	"pgregory.net/rapid"

	"assay/engines/lsm/part"
)

// kinds are the memtables, made anew; few hashes let keys of one hash meet.
func kinds() map[string]func() (part.Memtable, func([]byte) uint64) {
	return map[string]func() (part.Memtable, func([]byte) uint64){
		"skip list": func() (part.Memtable, func([]byte) uint64) {
			return SkipList(1), func([]byte) uint64 { return 0 }
		},
		"hash": func() (part.Memtable, func([]byte) uint64) { return Hash(), xxhash.Sum64 },
		"hash that collides": func() (part.Memtable, func([]byte) uint64) {
			return Hash(), func(k []byte) uint64 { return xxhash.Sum64(k) & (3 << 62) }
		},
	}
}

type value struct {
	bytes   string
	deleted bool
}

// agrees compares a memtable with a map: gets, size, and the order of the cursor.
func agrees(t interface{ Fatalf(string, ...any) }, m part.Memtable, hash func([]byte) uint64, want map[string]value) {
	size := 0
	c := m.Cursor()
	var e part.Entry
	for _, k := range slices.Sorted(maps.Keys(want)) {
		v := want[k]
		size += len(k) + len(v.bytes) + perEntry
		if more, err := c.Next(&e); !more || err != nil || string(e.Key) != k || string(e.Value) != v.bytes || e.Deleted != v.deleted {
			t.Fatalf("the cursor has %.40q, %v, %v where %.40q belongs", e.Key, more, err, k)
		}
		if got, s := m.Get([]byte(k), hash([]byte(k))); string(got) != v.bytes || s != state(v.deleted) {
			t.Fatalf("Get(%.40q) = %d bytes, %v", k, len(got), s)
		}
		absent := []byte(k + "\x00absent")
		if _, s := m.Get(absent, hash(absent)); s != part.Unknown {
			t.Fatalf("Get(%.40q) finds something", absent)
		}
	}
	if more, err := c.Next(&e); more || err != nil {
		t.Fatalf("the cursor goes on to %.40q, %v", e.Key, err)
	}
	if m.Len() != len(want) || m.Size() != size {
		t.Fatalf("Len %d, Size %d; want %d, %d", m.Len(), m.Size(), len(want), size)
	}
}

func TestMemtablesAgreeWithAMap(t *testing.T) {
	t.Parallel()
	for name, kind := range kinds() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(r *rapid.T) {
				m, hash := kind()
				want := map[string]value{}
				key := rapid.SampledFrom([]string{"a", "aa", "ab", "b", "\x00", "aaaaaaaaaaaa", "aaaaaaaaaaab", "key_1", "key_10"})
				for range rapid.IntRange(0, 40).Draw(r, "operations") {
					k := key.Draw(r, "key")
					v := value{deleted: rapid.Bool().Draw(r, "deleted")}
					if !v.deleted {
						v.bytes = string(rapid.SliceOfN(rapid.Byte(), 0, 50).Draw(r, "value"))
					}
					given := part.Entry{Key: []byte(k), Value: []byte(v.bytes), Deleted: v.deleted}
					m.Set(given, hash(given.Key))
					clear(given.Key) // the memtable has a copy
					clear(given.Value)
					want[k] = v
				}
				agrees(r, m, hash, want)
			})
		})
	}
}

// Enough for the table to grow and the arena to have many pages, one of them
// larger than the others.
func TestManyAndLargeEntriesAreKept(t *testing.T) {
	t.Parallel()
	for name, kind := range kinds() {
		if name == "hash that collides" {
			continue // one run of 4,000 slots: right, and slow
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, hash := kind()
			rng := rand.New(rand.NewPCG(1, 1))
			want := map[string]value{}
			for i := range 4000 {
				k := make([]byte, 1+rng.IntN(20))
				for j := range k {
					k[j] = byte(rng.IntN(4))
				}
				v := bytes.Repeat([]byte{byte(i)}, rng.IntN(100))
				if i%1000 == 0 {
					v = bytes.Repeat([]byte{byte(i)}, 1<<20)
				}
				m.Set(part.Entry{Key: k, Value: v}, hash(k))
				want[string(k)] = value{bytes: string(v)}
			}
			agrees(t, m, hash, want)
		})
	}
}
