package page

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// mixture draws from a weighted choice of ranges [0, 2^bits).
type mixture []struct {
	weight int
	bits   uint
}

var (
	realistic = mixture{{1, 7}, {2, 16}, {27, 23}, {35, 31}, {25, 39}}
	full      = mixture{{3, 7}, {7, 16}, {25, 23}, {35, 31}, {15, 39}, {5, 47}, {3, 55}, {2, 62}}
)

func (m mixture) draw(r *rand.Rand) uint64 {
	total := 0
	for _, part := range m {
		total += part.weight
	}
	pick := r.IntN(total)
	for _, part := range m {
		if pick < part.weight {
			return r.Uint64N(1 << part.bits)
		}
		pick -= part.weight
	}
	panic("unreachable")
}

// entries yields n pairs.
func (m mixture) entries(seed uint64, n int) func(yield func(key, value uint64) bool) {
	return func(yield func(key, value uint64) bool) {
		r := rand.New(rand.NewPCG(seed, 0))
		for range n {
			key := m.draw(r)
			if !yield(key, m.draw(r)) {
				return
			}
		}
	}
}

// fill draws from r until the page refuses an entry, and returns what the page holds.
func (m mixture) fill(f Format, p *Buf, r *rand.Rand) map[uint64]uint64 {
	f.Init(p)
	held := map[uint64]uint64{}
	for {
		key, value := m.draw(r), m.draw(r)
		if !f.Set(p, key, value) {
			return held
		}
		held[key] = value
	}
}

// subject is a layout under test with a model of its use of space: the bytes that an entry takes beside its slot.
type subject struct {
	name  string
	f     Format
	space func(key, value uint64) int // nil for a layout without slots
}

// blocks reports whether the space of an entry depends on its neighbours, so that there is no model of it.
func (s subject) blocks() bool { return s.name == "elias-fano" }

// smallTable codes few pairs, so that tests meet codes and escapes, odd and even, alike.
var smallTable = Table{{1, 1}, {1, 2}, {2, 2}, {3, 3}, {4, 4}, {8, 8}, {8, 7}, {0, 1}, {4, 3}}

func subjects() []subject {
	coded := map[[2]int]bool{}
	for _, pair := range smallTable {
		coded[[2]int{int(pair.Key), int(pair.Value)}] = true
	}
	inUse := func(v uint64) int {
		n := 0
		for ; v > 0; v >>= 8 {
			n++
		}
		return n
	}
	offsetNibble := func(key, value uint64) int {
		n := inUse(key) + inUse(value)
		if !coded[[2]int{inUse(key), inUse(value)}] {
			n++
		}
		return max(2, n+n%2)
	}
	return []subject{
		{"raw", Raw(), nil},
		{"varint", Varint(), func(key, value uint64) int {
			return len(binary.AppendUvarint(binary.AppendUvarint(nil, key), value))
		}},
		{"nibble", Nibble(), func(key, value uint64) int { return 1 + inUse(key) + inUse(value) }},
		{"offset-nibble-switch", OffsetNibble(smallTable, Switch), offsetNibble},
		{"offset-nibble-table", OffsetNibble(smallTable, TableDriven), offsetNibble},
		{"offset-nibble-branchfree", OffsetNibble(smallTable, BranchFree), offsetNibble},
		{"elias-fano", EliasFano(), nil},
	}
}

// forEach runs a test for every layout.
func forEach(t *testing.T, test func(t *testing.T, s subject)) {
	t.Helper()
	t.Parallel()
	for _, s := range subjects() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			test(t, s)
		})
	}
}

// free returns the bytes between the two ends of a page's contents.
func (s subject) free(p *Buf) int {
	first := int(binary.LittleEndian.Uint16(p[0:]))
	switch {
	case s.blocks():
		first = 4 + 12*first
	case s.space == nil:
		return Size - 2 - 16*first
	}
	return int(binary.LittleEndian.Uint16(p[2:])) - first
}

// need returns the free bytes that storing an entry takes, given the value it replaces.
func (s subject) need(key, value, old uint64, update bool) int {
	switch {
	case s.space == nil && update:
		return 0
	case s.space == nil:
		return 16
	case !update:
		return 2 + s.space(key, value)
	case s.sameSizes(key, value, old):
		return 0
	}
	return s.space(key, value)
}

// sameSizes reports whether an update keeps the sizes of an entry. Padding hides a size from the space of an
// offset-nibble entry, so the sizes are compared by the space of a nibble entry.
func (s subject) sameSizes(key, value, old uint64) bool {
	measure := s.space
	if s.name != "varint" {
		measure = subjects()[2].space
	}
	return measure(key, value) == measure(key, old)
}

// verify checks that a page holds exactly what the model holds: by Check, Get and Scan.
func verify(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, f Format, p *Buf, model map[uint64]uint64,
) {
	t.Helper()
	if err := f.Check(p); err != nil {
		t.Fatalf("Check of a page made by Set: %v", err)
	}
	for key, want := range model {
		if got, ok := f.Get(p, key); !ok || got != want {
			t.Fatalf("Get(%d) = %d, %v; want %d, true", key, got, ok, want)
		}
		for _, absent := range []uint64{key - 1, key + 1} {
			want, present := model[absent]
			if got, ok := f.Get(p, absent); ok != present || got != want {
				t.Fatalf("Get(%d) = %d, %v; want %d, %v", absent, got, ok, want, present)
			}
		}
	}
	n, last := 0, uint64(0)
	f.Scan(p, func(key, value uint64) bool {
		if n > 0 && key <= last {
			t.Fatalf("Scan yields %d after %d", key, last)
		}
		if want, ok := model[key]; !ok || value != want {
			t.Fatalf("Scan yields %d=%d; want %d, %v", key, value, want, ok)
		}
		n, last = n+1, key
		return true
	})
	if n != len(model) {
		t.Fatalf("Scan yields %d entries; want %d", n, len(model))
	}
}
