package workloads

import "math/bits"

// An index finds the last position of a key among the entries. It is an
// open-addressing table of positions only, at most half full: 8 to 16 bytes
// per entry, where a map of keys would take three times that. The keys
// themselves are compared in the entries.
type index struct {
	slots []uint32 // position + 1; 0 is free
	shift uint8
}

func newIndex(count int) index {
	size := bits.Len(uint(max(2*count, 2) - 1)) // 2^size >= 2*count
	return index{make([]uint32, 1<<size), uint8(64 - size)}
}

// slot returns where key is, or where it would go.
func (x index) slot(entries []Entry, key uint64) *uint32 {
	mask := uint64(len(x.slots) - 1)
	for at := mix(key) >> x.shift; ; at = (at + 1) & mask {
		if s := &x.slots[at]; *s == 0 || entries[*s-1].Key == key {
			return s
		}
	}
}

// has reports whether key is among the entries.
func (x index) has(entries []Entry, key uint64) bool { return *x.slot(entries, key) != 0 }
