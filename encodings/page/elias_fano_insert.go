package page

import (
	"encoding/binary"
	"math/bits"
)

// efPlace is where an entry belongs: block b of count, and the entries of the block that come before it.
type efPlace struct {
	count, b int
	m        efMeta
	i        int
}

// insertBit returns w with bit inserted at position i, the bits from there on moved up by one.
func insertBit(w uint64, i int, bit uint64) uint64 {
	below := uint64(1)<<uint(i) - 1
	return w&below | w&^below<<1 | bit<<uint(i)
}

// span returns the difference of the block's last key, for n > 1.
func (m efMeta) span(p *Buf) uint64 {
	high := 65 - bits.LeadingZeros64(loadInside(p, m.at)) - m.n
	bit := m.lowAt()*8 + (m.n-2)*int(m.low)
	return uint64(high)<<m.low | load(p, bit>>3)>>uint(bit&7)&(1<<m.low-1)
}

// efInsert adds a new entry of difference d > 0 to a block in place: its other entries move by a few copies and are not
// decoded, and the result is the encoding anew to the byte. done is false, with the page unchanged, when that cannot
// be: the low parts would change their width, or the block looks damaged. ok is false, with the page unchanged, when
// there is no room.
func efInsert(p *Buf, place efPlace, d, value uint64) (ok, done bool) {
	old, i, class := place.m, place.i, efClass(value)
	if i < 1 || i > old.n || old.n >= efMax {
		return false, false
	}
	span := d
	if i < old.n {
		span = old.span(p)
	}
	if efLow(span, old.n+1) != old.low {
		return false, false
	}
	even, odd := old.classes(p)
	top, end, valuesAt, width := int(load16(p, 2)), Size, old.valuesAt(), efWidth[class]
	if place.b+1 < place.count {
		end = efMetaOf(p, place.count, place.b+1).at
	}
	if old.at < top || valuesAt+efBytes(even, odd, old.n) != end {
		return false, false
	}
	m := efMeta{old.at, old.n + 1, old.low}
	grow := m.valuesAt() - valuesAt + width
	m.at -= grow
	if top-grow < efBase+efDir*place.count {
		return false, true
	}
	high := insertBit(loadInside(p, old.at), int(d>>old.low)+i-1, 1)
	var lows efLows
	copy(lows[:], p[old.lowAt():valuesAt])

	efMove(p, place.count, place.b+1, top, old.at, grow)
	efSetMeta(p, place.count, place.b, m)
	lows.insert(p, m, i-1, d)
	below := uint64(1)<<uint(i) - 1
	before := efBytes(even&below, odd&below, i)
	copy(p[valuesAt-width:], p[valuesAt:valuesAt+before])
	blend(p, valuesAt-width+before, value, lenMask[width])
	blend(p, m.at, high, lenMask[8])
	blend(p, m.at+8, insertBit(even, i, class&1), lenMask[m.planes()])
	blend(p, m.at+8+m.planes(), insertBit(odd, i, class>>1), lenMask[m.planes()])
	return true, true
}

// efLows is a copy of the low parts of a block, zero after them.
type efLows [8*efMax + 16]byte

// word returns the 64 bits from offset bit on.
func (l *efLows) word(bit int) uint64 {
	b, shift := l[bit>>3:], uint(bit&7)
	return binary.LittleEndian.Uint64(b)>>shift | binary.LittleEndian.Uint64(b[8:])<<1<<(63-shift)
}

// insert writes the low parts of block m, those of the copy with that of d inserted as number j.
func (l *efLows) insert(p *Buf, m efMeta, j int, d uint64) {
	low := int(m.low)
	cut, total, to := j*low, (m.n-1)*low, m.lowAt()
	whole := cut >> 3
	copy(p[to:], l[:whole])
	// The first word has the rest of the parts before, the new part and the beginning of those behind.
	rest := uint(cut & 7)
	word := l.word(cut&^7)&(1<<rest-1) | d&(1<<m.low-1)<<rest | l.word(cut)<<rest<<m.low
	bit := whole * 8
	for ; bit+64 <= total; bit += 64 {
		binary.LittleEndian.PutUint64(p[to+bit>>3:], word)
		word = l.word(bit + 64 - low)
	}
	blend(p, to+bit>>3, word, lenMask[max(0, total-bit+7)>>3])
}
