package posting

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
)

// A blocked page, after the header of posting.go:
//
//	19        the blocks, one behind the other
//	...       free
//	8192-k*e  the directory, entry k at the k-th place from the end, of e = wide+4 bytes:
//	          its floor (wide bytes), offset (u16), width (u8), exceptions (u8)
//
// The floor of a block is the last id before it, or for block 0 the first id
// less 1, written as the difference to that of block 0. So a block is unpacked
// from its own entry alone, each of its ids is a difference, and a search reads
// nothing but the directory. wide is as many bytes as the last floor needs.
//
// Ids are written shifted left by the reserved bits.
type blocked struct {
	coding   coding
	kind     byte
	reserved uint // low bits of a written id, or of its tag
	limit    uint // bits in which the ids of a page differ
	anchored bool // the limit counts from the first id, not from a multiple
}

// coding is how a block is written. It is a number and no interface so that
// what a coder is lent can stay on the stack.
type coding byte

const (
	inUvarints coding = iota
	inPFOR
	inColumns
)

// entry is one of the directory, without its offset.
type entry struct {
	floor             uint64
	width, exceptions byte
}

// slack is how many bytes beyond a block its reader may touch.
const slack = 8

// Uvarint returns the layout of differences less 1 in seven bits a byte.
func Uvarint() Format { return blocked{coding: inUvarints, kind: kindUvarint, limit: 64} }

// PFOR32 returns the layout whose pages cover one aligned window of 2^31
// numbers. Of each number the low bits are reserved for what the caller may
// keep with an id: with 10 of them a page covers 2^21 ids. Ids have up to
// 64-reserved bits.
func PFOR32(reserved uint) Format {
	return blocked{coding: inPFOR, kind: kindPFOR32, limit: 31, reserved: reserved}
}

// PFOR32Anchored is PFOR32 whose windows begin at the first id of a page
// instead of at a multiple of their length.
func PFOR32Anchored(reserved uint) Format {
	return blocked{coding: inPFOR, kind: kindPFOR32Anchored, limit: 31, reserved: reserved, anchored: true}
}

// PFOR64 returns the layout that patches differences of any length.
func PFOR64() Format { return blocked{coding: inPFOR, kind: kindPFOR64, limit: 64} }

// Columns returns the layout that packs the tag, the low bits of an id, apart
// from the rest. At most 16 bits are a tag.
func Columns(tag uint) Format {
	return blocked{coding: inColumns, kind: kindColumns, limit: 64, reserved: min(tag, maxTag)}
}

func (f blocked) Pack(p *Page, ids []uint64) (int, error) {
	if len(ids) == 0 {
		return 0, noIDs()
	}
	if f.tooWide(ids[0]) {
		return 0, f.tooLarge(ids[0])
	}
	var written [BlockLen]uint64
	var d draft
	base := ids[0]<<f.shift() - 1
	clear(p[:])
	binary.LittleEndian.PutUint64(p[firstAt:], base+1)
	end, wide, n := blockAt, 0, 0
	for floor := base; n < len(ids) && n < maxCount; {
		got, err := f.gather(&written, ids, n, base)
		if err != nil {
			return 0, err
		}
		wider := max(wide, (bits.Len64(floor-base)+7)/8)
		block := f.fit(&d, floor, written[:got], end, n/BlockLen+1, wider)
		if len(block) == 0 {
			break
		}
		if wider > wide {
			f.widen(p, n/BlockLen, wide, wider)
			wide = wider
		}
		writeEntry(p, n/BlockLen, wide, floor-base, end, f.write(p[end:], &d))
		end, floor = end+d.size, block[len(block)-1]
		if n += len(block); len(block) < BlockLen {
			break
		}
	}
	binary.LittleEndian.PutUint16(p[endAt:], uint16(end))
	p[wideAt] = byte(wide)
	seal(p, f.kind, f.reserved, n)
	return n, nil
}

// gather writes the next ids, as the page has them, up to the end of its window.
func (f blocked) gather(to *[BlockLen]uint64, ids []uint64, from int, base uint64) (int, error) {
	n := min(BlockLen, len(ids)-from, maxCount-from)
	shift, top := f.shift()&63, f.top(base+1)
	var last uint64
	if from > 0 {
		last = ids[from-1]
	}
	for i, id := range ids[from : from+n] {
		if id <= last && from+i > 0 {
			return 0, unsorted(from+i, last, id)
		}
		last = id
		if id > top>>shift { // of the next page, or too large for any: that page will say
			return i, nil
		}
		to[i&(BlockLen-1)] = id << shift
	}
	return n, nil
}

// top is the largest number, as written, of a page that begins with first.
func (f blocked) top(first uint64) uint64 {
	reach := uint64(1)<<f.limit - 1
	if f.anchored {
		return first + min(reach, math.MaxUint64-first)
	}
	return first | reach
}

func (f blocked) tooWide(id uint64) bool { return id<<f.shift()>>f.shift() != id }

func (f blocked) tooLarge(id uint64) error {
	return fmt.Errorf("posting page: id %d has %d bits, with %d reserved ones at most %d are left", id, bits.Len64(id), f.shift(), 64-f.shift())
}

// fit drafts as many of the ids as fit between end and a directory of so many
// entries, and returns them.
func (f blocked) fit(d *draft, floor uint64, block []uint64, end, entries, wide int) []uint64 {
	room := min(Size-entries*(wide+4), Size-slack) - end
	if f.plan(d, floor, block); d.size <= room || len(block) == 0 {
		return block
	}
	least, most := 0, len(block) // least fits, most does not
	for most-least > 1 {
		middle := (least + most) / 2
		if f.plan(d, floor, block[:middle]); d.size <= room {
			least = middle
		} else {
			most = middle
		}
	}
	f.plan(d, floor, block[:least])
	return block[:least]
}

// widen moves the entries of a directory apart.
func (f blocked) widen(p *Page, entries, from, to int) {
	for k := entries - 1; k >= 0; k-- {
		floor, at, e := readEntry(p, k, from)
		writeEntry(p, k, to, floor, at, e)
	}
}

// writeEntry puts entry k of the directory; floor is relative to the first block's.
func writeEntry(p *Page, k, wide int, floor uint64, at int, e entry) {
	to := p[Size-(k+1)*(wide+4):]
	for i := range wide {
		to[i] = byte(floor >> (8 * i))
	}
	binary.LittleEndian.PutUint16(to[wide:], uint16(at))
	to[wide+2], to[wide+3] = e.width, e.exceptions
}

// readEntry is its opposite; the directory must lie within the page.
func readEntry(p *Page, k, wide int) (floor uint64, at int, e entry) {
	from := p[Size-(k+1)*(wide+4):]
	e.width, e.exceptions = from[wide+2], from[wide+3]
	return readFloor(p, k, wide), int(binary.LittleEndian.Uint16(from[wide:])), e
}

func readFloor(p *Page, k, wide int) uint64 {
	if k == 0 {
		return 0 // and eight bytes from here might leave the page
	}
	return binary.LittleEndian.Uint64(p[Size-(k+1)*(wide+4):]) & (1<<(8*wide) - 1)
}

// shape returns the number of blocks and the width of a floor; no blocks where
// the directory would not fit.
func shape(p *Page) (blocks, wide int) {
	blocks, wide = (countOf(p)+BlockLen-1)/BlockLen, int(p[wideAt])
	if wide > 8 || blocks*(wide+4) > Size-blockAt {
		return 0, 0
	}
	return blocks, wide
}

func (blocked) Count(p *Page) int { return countOf(p) }

func (f blocked) Find(p *Page, id uint64) int {
	blocks, wide := shape(p)
	first := binary.LittleEndian.Uint64(p[firstAt:])
	x := id << f.shift()
	if f.tooWide(id) {
		return max(0, blocks-1)
	}
	if x <= first {
		return 0
	}
	least, most := 0, blocks // the floor of least is below id, and not so from most on
	for most-least > 1 {
		if middle := int(uint(least+most) / 2); readFloor(p, middle, wide)-1 < x-first { // both count from the first id
			least = middle
		} else {
			most = middle
		}
	}
	return least
}

func (f blocked) Block(p *Page, block int, to *[BlockLen]uint64) int {
	blocks, wide := shape(p)
	if uint(block) >= uint(blocks) {
		return 0
	}
	n := min(BlockLen, countOf(p)-block*BlockLen)
	floor, at, e := readEntry(p, block, wide)
	if at > Size-slack {
		return 0
	}
	e.floor = binary.LittleEndian.Uint64(p[firstAt:]) - 1 + floor
	if f.get(p[at:], e, n, to) < 0 {
		return 0
	}
	if shift := f.shift(); shift > 0 {
		for i := range to {
			to[i] >>= shift & 63
		}
	}
	return n
}

// shift is how far ids are moved up to be written: columns part them instead.
func (f blocked) shift() uint {
	if f.coding == inColumns {
		return 0
	}
	return f.reserved
}

// draft is a block about to be written.
type draft struct {
	numbers, tags [BlockLen]uint64
	n, size       int
	packing       packing
	tagWidth      uint
}

// plan drafts a block of at most BlockLen ids above the floor.
func (f blocked) plan(d *draft, floor uint64, ids []uint64) {
	d.n = len(ids)
	if f.coding == inColumns {
		planColumns(d, f.reserved, floor, ids)
		return
	}
	for i, id := range ids {
		d.numbers[i] = id - floor - 1
		floor = id
	}
	if f.coding == inUvarints {
		d.size = sizeUvarints(d.numbers[:d.n])
		return
	}
	d.packing = choose(d.numbers[:d.n])
	d.size = d.packing.bytes(d.n)
}

// write puts it into to.
func (f blocked) write(to []byte, d *draft) entry {
	switch f.coding {
	case inUvarints:
		putUvarints(to, d.numbers[:d.n])
		return entry{}
	case inColumns:
		putColumns(to, d)
	default:
		pack(to, &d.numbers, d.n, d.packing)
	}
	return entry{width: byte(d.packing.width), exceptions: byte(d.packing.exceptions)}
}

// get reads n ids and returns how many bytes they took, -1 where from cannot be
// a block and slack bytes behind it. What it writes from n on is undefined.
func (f blocked) get(from []byte, e entry, n int, to *[BlockLen]uint64) int {
	switch f.coding {
	case inUvarints:
		return getUvarints(from, e, n, to)
	case inColumns:
		return getColumns(f.reserved, from, e, n, to)
	}
	return getPFOR(from, e, n, to)
}
