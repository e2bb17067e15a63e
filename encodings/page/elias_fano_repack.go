package page

import "encoding/binary"

const (
	// efFull is the most entries of a block after a repack: short of efMax, or the next entries would split most blocks.
	efFull = efMax - 1
	// efGain is the number of blocks that a repack must be able to save: below it a page counts as full.
	efGain = 4
	// efMost is more than the entries of any page: each takes over 3 bytes for its value and half one for its block.
	efMost = Size * 2 / 7
)

// efEntries is a page taken apart.
type efEntries struct {
	n            int
	keys, values [efMost]uint64
}

// efRepack sets an entry in a page without room by laying all entries anew, in fuller blocks. It returns false with the
// page unchanged when there is no room even so, and at once when too few blocks can be saved to be worth the time (some
// 10 us, and two or three times in the filling of a page).
func efRepack(p *Buf, key, value uint64, fresh bool) bool {
	count := efCount(p)
	total := 0
	if fresh {
		total++
	}
	for b := range count {
		total += efMetaOf(p, count, b).n
	}
	if total > efMost || (total+efFull-1)/efFull > count-efGain {
		return false
	}
	var e efEntries
	if !e.gather(p, count, key, value) {
		return false
	}
	return e.lay(p)
}

// gather takes the page's entries, with one set. It returns false if the page is damaged.
func (e *efEntries) gather(p *Buf, count int, key, value uint64) bool {
	var block efBlock
	into := efFindBlock(p, count, key)
	for b := range count {
		if !block.decode(p, efFirst(p, b), efMetaOf(p, count, b)) {
			return false
		}
		if b == into {
			block.put(key, value)
		}
		if e.n+block.n > efMost {
			return false
		}
		copy(e.keys[e.n:], block.keys[:block.n])
		copy(e.values[e.n:], block.values[:block.n])
		e.n += block.n
	}
	return true
}

// lay makes p a page of the entries. It returns false with the page unchanged when there is no room.
func (e *efEntries) lay(p *Buf) bool {
	var cuts [efMost + 1]int
	count := 0
	for cuts[count] < e.n {
		cuts[count+1] = cuts[count] + e.next(cuts[count])
		count++
	}
	var next Buf
	at := Size
	for b := count - 1; b >= 0; b-- {
		part := newEfPart(e.keys[cuts[b]:cuts[b+1]], e.values[cuts[b]:cuts[b+1]])
		if at -= part.size; at < efBase+efDir*count {
			return false
		}
		efSetMeta(&next, count, b, part.encode(&next, at))
		binary.LittleEndian.PutUint64(next[efBase+8*b:], part.keys[0])
	}
	store16(&next, 0, uint16(count))
	store16(&next, 2, uint16(at))
	*p = next
	return true
}

// next returns how many of the entries from i on make the block with the fewest bits per entry, values apart. Where
// the keys thin out, as at the upper end of a range that many are from, that ends a block early: its dense keys do not
// pay for the wide low parts of the others. (Blocks of equal counts held 15 entries less of the mixture "full".)
func (e *efEntries) next(i int) int {
	best, least := 0, 0
	for n := 1; n <= min(efFull, e.n-i); n++ {
		// The directory, the word of high parts, two bits of class each, and the low parts; in 64ths of a bit.
		bits := 8*(efDir+8) + 2*n + (n-1)*int(efLow(e.keys[i+n-1]-e.keys[i], n))
		if each := bits * 64 / n; n == 1 || each <= least {
			best, least = n, each
		}
	}
	return best
}
