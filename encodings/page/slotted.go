package page

import (
	"encoding/binary"
	"fmt"
)

// A slotted page, as varint, nibble and offset-nibble use it:
//
//	0        u16 bottom: the end of the slots
//	2        u16 top: the start of the lowest entry, 8192 when there is none
//	4        u16 slots, one per entry, sorted by key
//	bottom   free, all zero
//	top      entries in order of writing, downwards from the page end
//
// An update that changes the size of an entry writes a new one and leaves the old bytes as waste.
//
// What is here is shared by the three. The search loop is not: see findNibble for the reason.
const slotBase = 4

func initSlotted(p *Buf) {
	*p = Buf{}
	store16(p, 0, slotBase)
	store16(p, 2, Size)
}

// slotCount returns the number of slots; from a damaged header, a number of slots that at least lie in the page.
func slotCount(p *Buf) int {
	return int(min(uint(load16(p, 0))-slotBase, Size-slotBase) >> 1)
}

func slot(p *Buf, i int) uint16       { return load16(p, slotBase+2*i) }
func setSlot(p *Buf, i int, v uint16) { store16(p, slotBase+2*i, v) }

// reserve takes n bytes from the free space for an entry, and when fresh opens slot i for it. It returns the start of
// the entry, or -1 with the page unchanged when there is no room or the header is damaged. The caller fills both.
func reserve(p *Buf, i, n int, fresh bool) int {
	bottom, top := int(load16(p, 0)), int(load16(p, 2))
	end := bottom
	if fresh {
		end += 2
	}
	start := top - n
	if start < end || top > Size || bottom < slotBase || bottom&1 != 0 {
		return -1
	}
	if fresh {
		from := slotBase + 2*i
		copy(p[from+2:end], p[from:bottom])
		binary.LittleEndian.PutUint16(p[0:], uint16(end))
	}
	binary.LittleEndian.PutUint16(p[2:], uint16(start))
	return start
}

// view is what a layout makes of one slot, for checking: the bytes [start, end) it takes, its key, and the rule it
// breaks, or "". The offsets are set even then.
type view struct {
	start, end int
	key        uint64
	broken     string
}

// checkSlotted validates a slotted page; read decodes one slot.
func checkSlotted(p *Buf, layout string, read func(p *Buf, slot uint16) view) error {
	bottom, top := int(load16(p, 0)), int(load16(p, 2))
	switch {
	case bottom < slotBase || bottom&1 != 0:
		return broken(layout, 0, fmt.Sprintf("bottom %d must be even and at least %d", bottom, slotBase))
	case top > Size || top < bottom:
		return broken(layout, 2, fmt.Sprintf("top %d must lie between bottom %d and %d", top, bottom, Size))
	}
	if at := nonZero(p, bottom, top); at >= 0 {
		return broken(layout, at, "free space must be zero")
	}
	var used [Size]bool
	lowest, last := Size, uint64(0)
	for at := slotBase; at < bottom; at += 2 {
		v := read(p, load16(p, at))
		switch {
		case v.start < top:
			return broken(layout, at, fmt.Sprintf("slot names byte %d, but entries start at top %d", v.start, top))
		case v.end > Size:
			return broken(layout, at, fmt.Sprintf("entry must end in the page, not at %d", v.end))
		case v.broken != "":
			return broken(layout, v.start, v.broken)
		case at > slotBase && v.key <= last:
			return broken(layout, at, fmt.Sprintf("keys must ascend, but %d follows %d", v.key, last))
		}
		for b := v.start; b < v.end; b++ {
			if used[b] {
				return broken(layout, b, "a byte must belong to one entry only")
			}
			used[b] = true
		}
		lowest, last = min(lowest, v.start), v.key
	}
	if lowest != top {
		return broken(layout, 2, fmt.Sprintf("top %d must be the start of the lowest entry, %d", top, lowest))
	}
	return nil
}

// nonZero returns the first offset in [from, to) whose byte is not zero, or -1.
func nonZero(p *Buf, from, to int) int {
	for at := from; at < to; at++ {
		if p[at] != 0 {
			return at
		}
	}
	return -1
}

func broken(layout string, at int, rule string) error {
	return fmt.Errorf("page: damaged %s page at byte %d: %s; rebuild the page from its source", layout, at, rule)
}
