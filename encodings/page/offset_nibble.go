package page

import "fmt"

// OffsetNibble returns the slotted layout that hides the sizes of common entries in their slots. Entries begin at even
// offsets, so an offset needs 12 bits of a slot; the low 4 are a code:
//
//	0..14   the entry is the key and the value, of the sizes the table names
//	15      the entry is a size byte, keyLen<<4 | valueLen, then the key and the value
//
// A zero byte pads an entry to an even length, and an empty one to two bytes. (Were an empty one left empty, the first
// of a page would start at 8192, which needs a thirteenth bit.)
//
// The table belongs to the format and is not in the page: a page can be read only with the table it was written with.
// enc chooses how entries are encoded; the pages are identical to the byte.
func OffsetNibble(t Table, enc Encoder) Format {
	return &offsetNibble{codes: newPairCodes(t), enc: enc}
}

type offsetNibble struct {
	codes *pairCodes
	enc   Encoder
}

func (*offsetNibble) Init(p *Buf) { initSlotted(p) }

// locate returns where the key of a slot's entry begins, and the sizes of its key and value as a size byte. The branch
// on the escape is worth its rare misprediction: the form without it (always read the byte at the start, mask it by
// code) was 7 % slower in lookups.
func (c *pairCodes) locate(p *Buf, slot uint16) (at int, size byte) {
	at, code := int(slot&^15)>>3, slot&15
	if code != escape {
		return at, c.size[code]
	}
	return at + 1, p[at&(Size-1)]
}

// find returns the first slot whose key is not below key, and when it is key also its content, else 0.
func (f *offsetNibble) find(p *Buf, key uint64) (i int, found uint16) {
	c := f.codes
	lo, hi := 0, slotCount(p)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		s := slot(p, mid)
		at, size := c.locate(p, s)
		got := load(p, at) & lenMask[size>>4]
		if got < key {
			lo = mid + 1
		} else if got > key {
			hi = mid
		} else {
			return mid, s
		}
	}
	return lo, 0
}

func (f *offsetNibble) Get(p *Buf, key uint64) (uint64, bool) {
	_, found := f.find(p, key)
	if found == 0 {
		return 0, false
	}
	at, size := f.codes.locate(p, found)
	return load(p, at+int(size>>4)) & lenMask[size&15], true
}

func (f *offsetNibble) Set(p *Buf, key, value uint64) bool {
	i, found := f.find(p, key)
	var e sizing
	switch f.enc {
	case Switch:
		e = sizeBySwitch(f.codes, key, value)
	case TableDriven:
		e = sizeByTable(f.codes, key, value)
	default:
		e = sizeBranchFree(f.codes, key, value)
	}
	start, same := int(found&^15)>>3, false
	if found != 0 {
		_, size := f.codes.locate(p, found)
		same = size == e.size()
	}
	if same {
		if start+e.space() > Size {
			return false
		}
	} else {
		if start = reserve(p, i, e.space(), found == 0); start < 0 {
			return false
		}
		setSlot(p, i, uint16(start<<3|e.code))
	}
	switch f.enc {
	case Switch:
		writeBySwitch(p, start, e, key, value)
	case TableDriven:
		writeByLoop(p, start, e, key, value)
	default:
		writeBranchFree(p, start, e, key, value)
	}
	return true
}

func (f *offsetNibble) Scan(p *Buf, yield func(key, value uint64) bool) {
	last := uint64(0)
	for i := range slotCount(p) {
		at, size := f.codes.locate(p, slot(p, i))
		keyLen, valueLen := int(size>>4), int(size&15)
		key := load(p, at) & lenMask[keyLen]
		if i > 0 && key <= last || at+keyLen+valueLen > Size {
			return
		}
		if !yield(key, load(p, at+keyLen)&lenMask[valueLen]) {
			return
		}
		last = key
	}
}

func (f *offsetNibble) Check(p *Buf) error { return checkSlotted(p, "offset-nibble", f.view) }

func (f *offsetNibble) view(p *Buf, slot uint16) view {
	at, size := f.codes.locate(p, slot)
	start := int(slot&^15) >> 3
	v := viewSized(p, start, at, size)
	end := max(start+2, (v.end+1)&^1)
	switch {
	case v.broken != "" || v.end > Size:
	case slot&15 != uint16(f.codes.code[size]):
		v.broken = fmt.Sprintf("code %d must be %d for sizes %d and %d", slot&15, f.codes.code[size], size>>4, size&15)
	case nonZero(p, v.end, end) >= 0:
		v.broken = "padding must be zero"
	}
	v.end = end
	return v
}
