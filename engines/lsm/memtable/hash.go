package memtable

import (
	"bytes"
	"encoding/binary"

	"assay/engines/lsm/part"
)

const (
	pageBytes  = 1 << 16
	headBytes  = 8
	deadBit    = 1 << 31
	firstSlots = 1 << 10
)

// hashed is an open-addressing table of references into an arena. A put costs
// one probe and one copy; the order is made once, by Cursor, where a sort of
// plain integers is several times cheaper than keeping it put by put.
//
// The arena is pages of 64 KiB, so that it grows without copying; an entry that
// does not fit into one has a page of its own. An overwritten value stays in
// the arena until the memtable goes.
type hashed struct {
	slots []uint64 // tag<<32 | reference+1; 0 is free
	shift uint     // 32 - log2(len(slots))
	pages [][]byte
	size  int
	count int
}

// Hash returns an empty hash memtable. It needs a store with a hash.
func Hash() part.Memtable { return &hashed{slots: make([]uint64, firstSlots), shift: 32 - 10} }

// find returns the slot of the key, or the free slot where it belongs.
func (h *hashed) find(key []byte, tag uint32) *uint64 {
	mask := len(h.slots) - 1
	for i := int(tag >> h.shift); ; i = (i + 1) & mask {
		s := &h.slots[i]
		if *s == 0 || (uint32(*s>>32) == tag && bytes.Equal(h.key(uint32(*s)-1), key)) {
			return s
		}
	}
}

// A tag is the upper half of the hash.
func tagOf(hash uint64) uint32 { return uint32(hash >> 32) }

func (h *hashed) Set(e part.Entry, hash uint64) {
	if 2*h.count >= len(h.slots) {
		h.grow()
	}
	tag := tagOf(hash)
	s := h.find(e.Key, tag)
	if *s != 0 {
		_, old, _ := h.at(uint32(*s) - 1)
		h.size += len(e.Value) - len(old)
	} else {
		h.size += len(e.Key) + len(e.Value) + perEntry
		h.count++
	}
	*s = uint64(tag)<<32 | uint64(h.store(e)+1)
}

// store appends the entry to the arena and returns its reference: the page's
// number and the offset in it, 16 bits each.
func (h *hashed) store(e part.Entry) uint32 {
	need := headBytes + len(e.Key) + len(e.Value)
	last := len(h.pages) - 1
	if last < 0 || len(h.pages[last])+need > pageBytes {
		h.pages = append(h.pages, make([]byte, 0, max(need, pageBytes)))
		last++
	}
	page := h.pages[last]
	reference := uint32(last)<<16 | uint32(len(page))
	length := uint32(len(e.Value))
	if e.Deleted {
		length |= deadBit
	}
	page = binary.LittleEndian.AppendUint32(page, uint32(len(e.Key)))
	page = binary.LittleEndian.AppendUint32(page, length)
	page = append(page, e.Key...)
	h.pages[last] = append(page, e.Value...)
	return reference
}

func (h *hashed) key(reference uint32) []byte {
	b := h.pages[reference>>16][reference&0xffff:]
	n := binary.LittleEndian.Uint32(b)
	return b[headBytes : headBytes+n]
}

func (h *hashed) at(reference uint32) (key, value []byte, deleted bool) {
	b := h.pages[reference>>16][reference&0xffff:]
	k, v := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
	b = b[headBytes:]
	end := k + v&^deadBit
	return b[:k:k], b[k:end:end], v&deadBit != 0
}

// grow doubles the table. The tag alone places an entry, so the arena is not touched.
func (h *hashed) grow() {
	old := h.slots
	h.slots, h.shift = make([]uint64, 2*len(old)), h.shift-1
	mask := len(h.slots) - 1
	for _, s := range old {
		if s == 0 {
			continue
		}
		i := int(uint32(s>>32) >> h.shift)
		for h.slots[i] != 0 {
			i = (i + 1) & mask
		}
		h.slots[i] = s
	}
}

func (h *hashed) Get(key []byte, hash uint64) ([]byte, part.State) {
	s := *h.find(key, tagOf(hash))
	if s == 0 {
		return nil, part.Unknown
	}
	_, value, deleted := h.at(uint32(s) - 1)
	return value, state(deleted)
}

func (h *hashed) Size() int { return h.size }
func (h *hashed) Len() int  { return h.count }
