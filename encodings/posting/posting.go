// Package posting lays out sorted sets of 64-bit ids in pages of 8192 bytes.
//
// Limits first. A page is packed once, from ids that ascend strictly, and never
// changed: to insert is to unpack, merge and pack again. A page holds at most
// 65535 ids. All multi-byte fields are little-endian.
//
// The layouts differ in how they spend the bytes:
//
//	raw       8 bytes an id
//	uvarint   seven bits of difference per byte
//	PFOR 32   differences bit-packed to the width that most need, the wide ones patched;
//	          ids of one page share their high bits, so that 31 bits tell them apart
//	PFOR 64   the same without that limit
//	columns   the low bits of an id, a tag, packed apart from the rest
//
// All but raw keep ids in blocks of 256 with a directory of where each begins
// (see blocked.go). PFOR is the patched frame of reference of Zukowski, Heman,
// Nes and Boncz ("Super-scalar RAM-CPU cache compression", 2006), with the
// exceptions of a block listed behind it, as Lemire and Boytsov do ("Decoding
// billions of integers per second through vectorization", 2015).
package posting

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// Size is the length of every page in bytes.
const Size = 8192

// BlockLen is the number of ids in a block; the last one of a page may have fewer.
const BlockLen = 256

// maxCount is the most ids a page holds: its counter has 16 bits.
const maxCount = 1<<16 - 1

// Page is the memory of one page. A zero Page is not an empty page: there is none.
type Page = [Size]byte

// Format is one page layout: functions on a page, with no state. No method
// allocates, save where it fails.
//
// Damaged bytes never make a method panic or touch memory outside the page.
// They may make Count, Find and Block answer wrongly: only Check tells.
type Format interface {
	// Pack overwrites p with as many of the first ids as fit and returns their
	// number, at least 1. It fails, with p spoilt, on no ids, and where those
	// it comes to do not ascend strictly or are too large for the layout.
	Pack(p *Page, ids []uint64) (n int, err error)
	// Count returns the number of ids in p.
	Count(p *Page) int
	// Find returns the number of the block in which to look for id: if p holds
	// id or larger ones, the first of these is in this block or begins the next.
	Find(p *Page, id uint64) int
	// Block writes the ids of a block to the start of to and returns how many
	// there are, 0 past the last block. What it writes beyond them is undefined.
	Block(p *Page, block int, to *[BlockLen]uint64) int
	// Check validates the whole page: its checksum, its structure and the order
	// of its ids. Its error names the place and the rule that is broken.
	Check(p *Page) error
}

// The first bytes of a page.
const (
	kindAt  = 0  // u8: which layout
	bitsAt  = 1  // u8: reserved bits
	countAt = 2  // u16: ids
	sumAt   = 4  // u32: CRC-32C of all other bytes
	firstAt = 8  // u64: the first id (raw pages: and then the others)
	endAt   = 16 // u16: where the last block ends
	wideAt  = 18 // u8: bytes of a floor in the directory
	blockAt = 19 // blocks begin
)

// The kinds of page.
const (
	kindRaw byte = iota + 1
	kindUvarint
	kindPFOR32
	kindPFOR32Anchored
	kindPFOR64
	kindColumns
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum leaves out its own four bytes.
func checksum(p *Page) uint32 {
	return crc32.Update(crc32.Checksum(p[:sumAt], castagnoli), castagnoli, p[sumAt+4:])
}

// seal writes what every page begins with; all else must be in place.
func seal(p *Page, kind byte, reserved uint, count int) {
	p[kindAt], p[bitsAt] = kind, byte(reserved)
	binary.LittleEndian.PutUint16(p[countAt:], uint16(count))
	binary.LittleEndian.PutUint32(p[sumAt:], checksum(p))
}

func countOf(p *Page) int { return int(binary.LittleEndian.Uint16(p[countAt:])) }

// checkSeal holds a page to its kind and its checksum.
func checkSeal(p *Page, kind byte, reserved uint) error {
	if p[kindAt] != kind || p[bitsAt] != byte(reserved) {
		return fmt.Errorf("posting page: byte 0: layout %d with %d reserved bits, want layout %d with %d: this is a page of another layout", p[kindAt], p[bitsAt], kind, reserved)
	}
	if got, want := checksum(p), binary.LittleEndian.Uint32(p[sumAt:]); got != want {
		return fmt.Errorf("posting page: byte %d: checksum %08x, the bytes give %08x: the page is damaged, restore it", sumAt, want, got)
	}
	if countOf(p) == 0 {
		return fmt.Errorf("posting page: byte %d: no ids: a page has at least one", countAt)
	}
	return nil
}

// unsorted is the error about ids that do not ascend.
func unsorted(i int, last, id uint64) error {
	return fmt.Errorf("posting page: id %d at place %d follows %d: sort the ids and drop duplicates", id, i, last)
}

func noIDs() error { return fmt.Errorf("posting page: no ids to pack: a page has at least one") }
