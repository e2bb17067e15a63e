package page

import (
	"encoding/binary"
	"math/bits"
)

// lenMask[n] keeps the low n bytes of a word. Lengths above 8 occur only in damaged pages, and mean 8.
var lenMask = [16]uint64{
	0, 1<<8 - 1, 1<<16 - 1, 1<<24 - 1, 1<<32 - 1, 1<<40 - 1, 1<<48 - 1, 1<<56 - 1,
	1<<64 - 1, 1<<64 - 1, 1<<64 - 1, 1<<64 - 1, 1<<64 - 1, 1<<64 - 1, 1<<64 - 1, 1<<64 - 1,
}

// byteLen returns the bytes needed for v: 0 for 0, 8 from 2^56 on.
func byteLen(v uint64) int { return (bits.Len64(v) + 7) >> 3 }

// load16 and store16 access two bytes; at is masked to an even offset inside the page, which spares the bounds check.
func load16(p *Buf, at int) uint16 {
	at &= Size - 2
	return uint16(p[at]) | uint16(p[at+1])<<8
}

func store16(p *Buf, at int, v uint16) {
	at &= Size - 2
	p[at], p[at+1] = byte(v), byte(v>>8)
}

// loadInside returns the eight bytes from offset at on, for an at of which the caller knows that it is at most Size-8
// (except on a damaged page). The min never changes it: it tells the compiler that no bounds check is needed.
func loadInside(p *Buf, at int) uint64 {
	w := min(uint(at), Size-8)
	return binary.LittleEndian.Uint64(p[w : w+8])
}

// load returns the eight bytes from offset at on. A plain eight-byte load would pass the page end for the entries
// that lie there, so the window slides down to the last eight bytes and the word is shifted: bytes past the end read
// as zero for at < Size, and as anything, but from inside the page, for at >= Size (where only an empty field can be).
// The compiler makes the min a branch, which is right here: it is nearly always taken and lets lookups run ahead.
func load(p *Buf, at int) uint64 {
	w := min(uint(at), Size-8)
	return binary.LittleEndian.Uint64(p[w:w+8]) >> ((uint(at) - w) * 8 & 63)
}

// blend stores the low n bytes of v at offset at and leaves every other byte as it was. mask is lenMask[n], v must fit
// it, and at+n must not exceed Size.
//
// A plain eight-byte store would pass the page end, and overwrite whatever follows the field. Instead the two words at
// multiples of eight that can hold the field are read, changed under a mask and written back, without a conditional
// branch. blendLow does the first and blendHigh the second; they are two functions only because one is too long to be
// inlined.
func blend(p *Buf, at int, v, mask uint64) {
	blendLow(p, at, v, mask)
	blendHigh(p, at, v, mask)
}

func blendLow(p *Buf, at int, v, mask uint64) {
	w, shift := at&(Size-8), uint(at&7*8)
	b := p[w : w+8]
	old := binary.LittleEndian.Uint64(b)
	binary.LittleEndian.PutUint64(b, old&^(mask<<shift)|v<<shift)
}

// blendHigh wraps to the first word of the page when the second would be past the end, and its mask is empty then.
// Shifts by up to 64 bits are split in two: Go compiles the plain form to a comparison.
func blendHigh(p *Buf, at int, v, mask uint64) {
	w, shift := (at&(Size-8)+8)&(Size-8), uint(at&7*8^63)
	b := p[w : w+8]
	old := binary.LittleEndian.Uint64(b)
	binary.LittleEndian.PutUint64(b, old&^(mask>>1>>shift)|v>>1>>shift)
}
