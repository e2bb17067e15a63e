package page

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

func (eliasFano) Set(p *Buf, key, value uint64) bool {
	count, top := int(load16(p, 0)), int(load16(p, 2))
	if count > efBlocks || top > Size || top < efBase+efDir*count {
		return false
	}
	if count == 0 {
		keys, values := [1]uint64{key}, [1]uint64{value}
		parts := [1]efPart{newEfPart(keys[:], values[:])}
		return efReplace(p, 0, 0, parts[:])
	}
	b := efFindBlock(p, count, key)
	m, first := efMetaOf(p, count, b), efFirst(p, b)
	i, found := m.find(p, key-first)
	class := int(efClass(value))
	switch {
	case found:
		if at, old := m.value(p, i); old == class && at+efWidth[class] <= Size {
			blend(p, at, value, lenMask[efWidth[class]])
			return true
		}
	case key > first:
		if ok, done := efInsert(p, efPlace{count, b, m, i}, key-first, value); done {
			return ok || efRepack(p, key, value, !found)
		}
	}
	var block efBlock
	if !block.decode(p, first, m) {
		return false
	}
	block.put(key, value)
	parts, k, cut := [2]efPart{}, 1, block.n
	if block.n > efMax {
		k, cut = 2, block.cut()
		parts[1] = newEfPart(block.keys[cut:block.n], block.values[cut:block.n])
	}
	parts[0] = newEfPart(block.keys[:cut], block.values[:cut])
	return efReplace(p, b, 1, parts[:k]) || efRepack(p, key, value, !found)
}

// efMove moves the lowest bytes of the data, from top to before start, down by grow, and the offsets of the first b
// blocks with them. There must be room.
func efMove(p *Buf, count, b, top, start, grow int) {
	copy(p[top-grow:start-grow], p[top:start])
	if grow < 0 {
		clear(p[top : top-grow])
	}
	metas := p[efMetaAt(count, 0):efMetaAt(count, b)]
	// The offset is the lowest field, so on a sound page the subtraction borrows from no other, nor in a word of two.
	for two := uint64(int64(grow)) * (1<<32 + 1); len(metas) >= 8; metas = metas[8:] {
		binary.LittleEndian.PutUint64(metas, binary.LittleEndian.Uint64(metas)-two)
	}
	if len(metas) > 0 {
		binary.LittleEndian.PutUint32(metas, binary.LittleEndian.Uint32(metas)-uint32(grow))
	}
	store16(p, 2, uint16(top-grow))
}

// efReplace puts parts in the place of n blocks from block b on. It returns false with the page unchanged when there
// is no room. len(parts) must be n or n+1.
func efReplace(p *Buf, b, n int, parts []efPart) bool {
	count, top := int(load16(p, 0)), int(load16(p, 2))
	start, end := Size, Size
	if b < count {
		start = efMetaOf(p, count, b).at
	}
	if b+n < count {
		end = efMetaOf(p, count, b+n).at
	}
	size := 0
	for i := range parts {
		size += parts[i].size
	}
	grow, more := size-(end-start), len(parts)-n
	if start < top || top-grow < efBase+efDir*(count+more) {
		return false
	}
	if grow != 0 {
		efMove(p, count, b, top, start, grow)
	}
	if more > 0 {
		// From the highest column down, as all move up.
		copy(p[efMetaAt(count+1, b+n+1):], p[efMetaAt(count, b+n):efMetaAt(count, count)])
		copy(p[efMetaAt(count+1, 0):], p[efMetaAt(count, 0):efMetaAt(count, b)])
		copy(p[efBase+8*(b+n+1):], p[efBase+8*(b+n):efBase+8*count])
		count++
	}
	store16(p, 0, uint16(count))
	at := end - size
	for i := range parts {
		m := parts[i].encode(p, at)
		binary.LittleEndian.PutUint64(p[efBase+8*(b+i):], parts[i].keys[0])
		efSetMeta(p, count, b+i, m)
		at += parts[i].size
	}
	return true
}

func (eliasFano) Check(p *Buf) error {
	const layout = "elias-fano"
	count, top := int(load16(p, 0)), int(load16(p, 2))
	switch {
	case count > efBlocks:
		return broken(layout, 0, fmt.Sprintf("blocks %d must be at most %d", count, efBlocks))
	case top > Size || top < efBase+efDir*count:
		return broken(layout, 2, fmt.Sprintf("top %d must lie between the directory and %d", top, Size))
	}
	if at := nonZero(p, efBase+efDir*count, top); at >= 0 {
		return broken(layout, at, "free space must be zero")
	}
	var block efBlock
	var again Buf
	at, last := top, uint64(0)
	for b := range count {
		m, first := efMetaOf(p, count, b), efFirst(p, b)
		if m.at != at || !block.decode(p, first, m) {
			return broken(layout, efMetaAt(count, b), fmt.Sprintf(
				"block %d must begin at %d, have 1 to %d entries and end in the page", b, at, efMax))
		}
		for i, key := range block.keys[:block.n] {
			if (b > 0 || i > 0) && key <= last {
				return broken(layout, at, fmt.Sprintf("keys must ascend, but %d follows %d", key, last))
			}
			last = key
		}
		part := newEfPart(block.keys[:block.n], block.values[:block.n])
		if at+part.size > Size || part.encode(&again, at) != m || !bytes.Equal(p[at:at+part.size], again[at:at+part.size]) {
			return broken(layout, at, "a block must be the encoding of its entries")
		}
		at += part.size
	}
	if at != Size {
		return broken(layout, at, "the last block must end with the page")
	}
	return nil
}
