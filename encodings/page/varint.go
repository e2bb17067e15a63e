package page

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Varint returns the slotted layout whose entries are the key and the value as unsigned varints: seven bits a byte,
// low bits first, the top bit set on all bytes but the last. A slot is the offset of its entry.
func Varint() Format { return varint{} }

type varint struct{}

const (
	varintStop = 0x8080808080808080 // the bit that is clear in the last byte of a varint
	varintWord = 1 << 56            // from here on a varint is longer than a word
)

func (varint) Init(p *Buf) { initSlotted(p) }

func varintLen(v uint64) int { return (bits.Len64(v|1) + 6) / 7 }

// firstVarint cuts a word down to the varint it begins with. ok is false when that needs more than eight bytes.
func firstVarint(w uint64) (v uint64, ok bool) {
	stop := ^w & varintStop
	return w & (stop ^ (stop - 1)), stop != 0
}

// spread returns the varint of v < 2^56 as a word, first byte lowest.
func spread(v uint64) uint64 {
	n := varintLen(v)
	v = v&0xfffffff | v>>28<<32
	v = v&0x00003fff00003fff | v&0x0fffc0000fffc000<<2
	v = v&0x007f007f007f007f | v&0x3f803f803f803f80<<1
	return v | varintStop&(1<<(8*(n-1))-1)
}

// gather is the inverse of spread.
func gather(w uint64) uint64 {
	w &^= varintStop
	w = w&0x007f007f007f007f | w&0x7f007f007f007f00>>1
	w = w&0x00003fff00003fff | w&0x3fff00003fff0000>>2
	return w&0xfffffff | w>>32<<28
}

// findVarint returns the first slot whose key is not below key; when it is key, also its entry's offset, else -1.
//
// It compares without decoding: of two varints that fit a word, the smaller number is the smaller word, because the
// longer varint has the higher last byte and equal lengths have equal top bits. Decoding each key byte by byte costs
// one unpredictable branch per probe more.
func findVarint(p *Buf, key uint64) (i, at int) {
	want := ^uint64(0)
	if key < varintWord {
		want = spread(key)
	}
	lo, hi := 0, slotCount(p)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		at := int(slot(p, mid) & (Size - 1))
		got, ok := firstVarint(load(p, at))
		want := want
		if !ok {
			got, _ = binary.Uvarint(p[at:])
			want = key
		}
		if got < want {
			lo = mid + 1
		} else if got > want {
			hi = mid
		} else {
			return mid, at
		}
	}
	return lo, -1
}

// readVarint decodes the varint at offset at, and its length: at most 0 when it is longer than 64 bits or the page.
func readVarint(p *Buf, at int) (v uint64, n int) {
	if at <= Size-8 {
		w := binary.LittleEndian.Uint64(p[at:])
		if stop := ^w & varintStop; stop != 0 {
			return gather(w & (stop ^ (stop - 1))), bits.TrailingZeros64(stop)>>3 + 1
		}
	}
	return binary.Uvarint(p[min(at, Size):])
}

func (varint) Get(p *Buf, key uint64) (uint64, bool) {
	_, at := findVarint(p, key)
	if at < 0 {
		return 0, false
	}
	value, n := readVarint(p, at+varintLen(key))
	return value, n > 0
}

func (varint) Set(p *Buf, key, value uint64) bool {
	i, at := findVarint(p, key)
	keyLen, valueLen := varintLen(key), varintLen(value)
	fresh := at < 0
	if !fresh {
		if _, n := readVarint(p, at+keyLen); n != valueLen {
			at = -1
		}
	}
	if at < 0 {
		if at = reserve(p, i, keyLen+valueLen, fresh); at < 0 {
			return false
		}
		setSlot(p, i, uint16(at))
	}
	binary.PutUvarint(p[at:], key)
	binary.PutUvarint(p[at+keyLen:], value)
	return true
}

func (varint) Scan(p *Buf, yield func(key, value uint64) bool) {
	last := uint64(0)
	for i := range slotCount(p) {
		at := int(slot(p, i) & (Size - 1))
		key, n := readVarint(p, at)
		if n <= 0 || i > 0 && key <= last {
			return
		}
		value, n := readVarint(p, at+n)
		if n <= 0 || !yield(key, value) {
			return
		}
		last = key
	}
}

func (varint) Check(p *Buf) error { return checkSlotted(p, "varint", viewVarint) }

func viewVarint(p *Buf, slot uint16) view {
	v := view{start: int(slot), end: Size + 1}
	if v.start >= Size {
		return v
	}
	key, n := binary.Uvarint(p[v.start:])
	if n <= 0 {
		return v
	}
	value, m := binary.Uvarint(p[v.start+n:])
	if m <= 0 {
		return v
	}
	v.key, v.end = key, v.start+n+m
	if n != varintLen(key) || m != varintLen(value) {
		v.broken = fmt.Sprintf("varints of %d and %d bytes must be the shortest for %d and %d", n, m, key, value)
	}
	return v
}
