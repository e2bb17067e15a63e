package page

import (
	"encoding/binary"
	"math/bits"
)

// efWidth is the bytes of a value by class.
var efWidth = [4]int{3, 4, 5, 8}

func efClass(v uint64) uint64 {
	return uint64(above(v, 1<<24-1) + above(v, 1<<32-1) + above(v, 1<<40-1))
}

// efBytes returns the bytes of n values with these class planes.
func efBytes(even, odd uint64, n int) int {
	return 3*n + bits.OnesCount64(even) + 2*bits.OnesCount64(odd) + 2*bits.OnesCount64(even&odd)
}

// above returns 1 if a > b, else 0, without a branch.
func above(a, b uint64) int {
	_, borrow := bits.Sub64(b, a, 0)
	return int(borrow)
}

const (
	eachByte = 0x0101010101010101
	topBits  = 0x8080808080808080
)

// selectZero returns the position of zero number k, from 0, of w. There must be more than k; else it returns some
// number of at most 64.
func selectZero(w uint64, k int) int {
	// Zeros per byte, then zeros up to and including each byte.
	s := ^w - ^w>>1&0x5555555555555555
	s = s&0x3333333333333333 + s>>2&0x3333333333333333
	s = (s + s>>4) & 0x0f0f0f0f0f0f0f0f * eachByte
	// The bytes whose sum is at most k lie wholly before the zero.
	before := ((uint64(k)*eachByte | topBits) - s) & topBits
	byteAt := bits.OnesCount64(before) * 8
	rest := uint64(k) - s<<8>>uint(byteAt&63)&0xff
	// The same among the bits of that byte, one in each byte of a word.
	t := ^w >> uint(byteAt&63) & 0xff * eachByte & 0x8040201008040201
	t = (t + 0x7f7f7f7f7f7f7f7f | t) & topBits >> 7 * eachByte
	return byteAt + bits.OnesCount64(((rest&0x7f*eachByte|topBits)-t)&topBits)
}

// efBlock is a block taken apart, with room for one entry more than a block takes.
type efBlock struct {
	n            int
	keys, values [efMax + 1]uint64
}

// decode returns false if the directory cannot be right. Whatever it reads lies in the page.
func (e *efBlock) decode(p *Buf, first uint64, m efMeta) bool {
	if m.n < 1 || m.n > efMax || m.low > 64 {
		return false
	}
	e.n = m.n
	e.keys[0] = first
	high, bit, mask := loadInside(p, m.at), m.lowAt()*8, uint64(1)<<m.low-1
	for i := range m.n - 1 {
		h := uint64(bits.TrailingZeros64(high) - i)
		high &= high - 1
		e.keys[i+1] = first + (h<<m.low | load(p, bit>>3)>>uint(bit&7)&mask)
		bit += int(m.low)
	}
	even, odd := m.classes(p)
	at := m.valuesAt()
	for i := range m.n {
		width := efWidth[even>>uint(i)&1|odd>>uint(i)&1<<1]
		e.values[i] = load(p, at) & lenMask[width]
		at += width
	}
	return at <= Size
}

// put stores an entry at its place among the others, and returns whether it is a new one.
func (e *efBlock) put(key, value uint64) bool {
	i := 0
	for i < e.n && e.keys[i] < key {
		i++
	}
	fresh := i == e.n || e.keys[i] != key
	if fresh {
		copy(e.keys[i+1:e.n+1], e.keys[i:e.n])
		copy(e.values[i+1:e.n+1], e.values[i:e.n])
		e.n++
	}
	e.keys[i], e.values[i] = key, value
	return fresh
}

// part is a run of a block's entries to be encoded as a block, and its size.
type efPart struct {
	keys, values []uint64
	even, odd    uint64
	low          uint
	size         int
}

func newEfPart(keys, values []uint64) efPart {
	s := efPart{keys: keys, values: values}
	for i, v := range values {
		c := efClass(v)
		s.even |= c & 1 << uint(i)
		s.odd |= c >> 1 << uint(i)
	}
	s.low = efLow(keys[len(keys)-1]-keys[0], len(keys))
	m := efMeta{0, len(keys), s.low}
	s.size = m.valuesAt() + efBytes(s.even, s.odd, len(keys))
	return s
}

// efLow returns the width of the low parts of n keys that span the difference d.
func efLow(d uint64, n int) uint {
	most := uint64(65 - n)
	low := max(0, bits.Len64(d)-bits.Len64(most))
	low += above(d>>uint(low), most)
	if low > 57 {
		return 64
	}
	return uint(low)
}

// encode writes the block so that it begins at at. It writes no byte outside of it.
func (s *efPart) encode(p *Buf, at int) efMeta {
	m := efMeta{at, len(s.keys), s.low}
	// Values backwards, each as a whole word that ends with it: what is overwritten below is still to come.
	end := at + s.size
	for i := len(s.values) - 1; i >= 0; i-- {
		width := efWidth[s.even>>uint(i)&1|s.odd>>uint(i)&1<<1]
		binary.LittleEndian.PutUint64(p[end-8:], s.values[i]<<uint(64-8*width))
		end -= width
	}
	planes := m.planes()
	blend(p, at+8, s.even, lenMask[planes])
	blend(p, at+8+planes, s.odd, lenMask[planes])
	var high, word uint64
	var filled uint
	to, mask, first := m.lowAt(), uint64(1)<<m.low-1, s.keys[0]
	for i, key := range s.keys[1:] {
		d := key - first
		high |= 1 << (d>>m.low + uint64(i))
		d &= mask
		word |= d << filled
		filled += m.low
		if filled >= 64 {
			binary.LittleEndian.PutUint64(p[to:], word)
			to += 8
			filled -= 64
			word = d >> (m.low - filled)
		}
	}
	if filled > 0 {
		blend(p, to, word, lenMask[(filled+7)>>3])
	}
	binary.LittleEndian.PutUint64(p[at:], high)
	return m
}

// cut returns where to split a block of too many entries: at a gap between its keys that is wider than half their span,
// as a key far from the rest widens the low parts of all, or else in the middle. A block that has room is not cut,
// whatever its gaps: looking for them at each encoding cost an eighth of Set and gained no density.
func (e *efBlock) cut() int {
	half := (e.keys[e.n-1] - e.keys[0]) / 2
	for i := 1; i < e.n; i++ {
		if e.keys[i]-e.keys[i-1] > half {
			return i
		}
	}
	return e.n / 2
}
