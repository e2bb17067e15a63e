package page

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Raw returns the layout without any packing, the floor in density and the one with the shortest lookup:
//
//	0            u16 count
//	2 + 8i       u64 key i, ascending
//	8192-8(i+1)  u64 value of key i
//
// 2 + 16 count <= 8192, so a page holds exactly 511 entries whatever they are.
func Raw() Format { return raw{} }

type raw struct{}

const (
	rawBase = 2
	rawMax  = (Size - rawBase) / 16
)

func (raw) Init(p *Buf) { *p = Buf{} }

func rawCount(p *Buf) int { return min(int(load16(p, 0)), rawMax) }

// rawKey and rawValue take an index below rawMax.
func rawKey(p *Buf, i int) uint64   { return loadInside(p, rawBase+8*i) }
func rawValue(p *Buf, i int) uint64 { return loadInside(p, Size-8*(i+1)) }

// findRaw returns the first index whose key is not below key, and whether that key is key.
//
// It halves without a branch on what it reads. With keys at hand in one array that took half the time of the branching
// search of the other layouts in cache, and a third more in memory.
func findRaw(p *Buf, key uint64) (int, bool) {
	n := rawCount(p)
	if n == 0 {
		return 0, false
	}
	lo := 0
	for m := n; m > 1; {
		half := m >> 1
		_, above := bits.Sub64(key, rawKey(p, lo+half), 0)
		lo += half & (int(above) - 1)
		m -= half
	}
	got := rawKey(p, lo)
	if got < key {
		lo++
	}
	return lo, got == key
}

func (raw) Get(p *Buf, key uint64) (uint64, bool) {
	i, found := findRaw(p, key)
	if !found {
		return 0, false
	}
	return rawValue(p, i), true
}

func (raw) Set(p *Buf, key, value uint64) bool {
	i, found := findRaw(p, key)
	if !found {
		n := int(load16(p, 0))
		if n >= rawMax {
			return false
		}
		from, to := rawBase+8*i, rawBase+8*n
		copy(p[from+8:to+8], p[from:to])
		binary.LittleEndian.PutUint64(p[from:], key)
		from, to = Size-8*n, Size-8*i
		copy(p[from-8:to-8], p[from:to])
		store16(p, 0, uint16(n+1))
	}
	binary.LittleEndian.PutUint64(p[Size-8*(i+1):], value)
	return true
}

func (raw) Scan(p *Buf, yield func(key, value uint64) bool) {
	last := uint64(0)
	for i := range rawCount(p) {
		key := rawKey(p, i)
		if i > 0 && key <= last || !yield(key, rawValue(p, i)) {
			return
		}
		last = key
	}
}

func (raw) Check(p *Buf) error {
	n := int(load16(p, 0))
	if n > rawMax {
		return broken("raw", 0, fmt.Sprintf("count %d must be at most %d", n, rawMax))
	}
	for i := 1; i < n; i++ {
		if rawKey(p, i) <= rawKey(p, i-1) {
			return broken("raw", rawBase+8*i, fmt.Sprintf("keys must ascend, but %d follows %d", rawKey(p, i), rawKey(p, i-1)))
		}
	}
	if at := nonZero(p, rawBase+8*n, Size-8*n); at >= 0 {
		return broken("raw", at, "free space must be zero")
	}
	return nil
}
