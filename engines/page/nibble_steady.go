package page

import (
	"encoding/binary"
	"math/bits"

	"assay/encodings/page"
	"assay/runner/lab"
)

// nibbleSteady is the nibble page, searched without a branch that depends on a
// key: what was read picks the next half by arithmetic. Nothing is mispredicted,
// and no load can start before the one before it is there. So it is the faster
// search as long as pages lie in a near cache, and the slower one beyond, where a
// processor that guesses half of its branches right has the next loads under way.
type nibbleSteady struct{ page.Format }

func newNibbleSteady(*lab.Env) (page.Format, error) { return nibbleSteady{page.Nibble()}, nil }

// Get halves the sorted slots until one is left.
func (nibbleSteady) Get(p *page.Buf, key uint64) (value uint64, ok bool) {
	const slots = 4 // where they begin; see page.Nibble
	n := int(min(uint(binary.LittleEndian.Uint16(p[0:]))-slots, page.Size-slots) >> 1)
	if n == 0 {
		return 0, false
	}
	slot := func(i int) int {
		return int(binary.LittleEndian.Uint16(p[(slots+2*i)&(page.Size-2):][:2]) & (page.Size - 1))
	}
	lo := 0
	for m := n; m > 1; {
		half := m >> 1
		at := slot(lo + half)
		_, above := bits.Sub64(key, field(p, at+1, p[at]>>4), 0)
		lo += half & (int(above) - 1)
		m -= half
	}
	at := slot(lo)
	size := p[at]
	if field(p, at+1, size>>4) != key {
		return 0, false
	}
	return field(p, at+1+int(size>>4), size&15), true
}

// field reads n bytes, 8 at most, from offset at on: the eight bytes that end in
// the page at the latest, shifted. Bytes beyond the page read as zero.
func field(p *page.Buf, at int, n byte) uint64 {
	w := min(uint(at), page.Size-8)
	v := binary.LittleEndian.Uint64(p[w:w+8]) >> ((uint(at) - w) * 8 & 63)
	return v & (1<<(8*uint(min(n, 8))) - 1)
}
