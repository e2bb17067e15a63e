package block

import (
	"bytes"
	"encoding/binary"

	"assay/engines/lsm/internal/keys"
)

// index finds the block of a key. What a search touches is apart from the rest:
// the eight bytes of each first key behind the prefix that all of them share,
// as numbers in one slice. Only blocks whose numbers are equal are told apart
// by whole keys.
type index struct {
	shared  []byte
	heads   []uint64
	keys    [][]byte // the first of each block, in one piece of memory
	offsets []int64  // of each block, and where the last one ends
}

const indexEntry = 8 + 4 + 4

// add takes the next block; the key is copied by append, not here.
func (x *index) add(key []byte, offset int64) {
	x.keys = append(x.keys, key)
	x.offsets = append(x.offsets, offset)
}

// finish takes where the last block ends and prepares searching.
func (x *index) finish(end int64) {
	x.offsets = append(x.offsets, end)
	if len(x.keys) == 0 {
		return
	}
	// Keys ascend, so what the first and the last share, all share.
	first, last := x.keys[0], x.keys[len(x.keys)-1]
	x.shared = first[:keys.Shared(first, last)]
	x.heads = make([]uint64, len(x.keys))
	for i, k := range x.keys {
		x.heads[i] = keys.Head(k[len(x.shared):])
	}
}

// find returns the only block that may hold the key, or -1.
func (x *index) find(key []byte) int {
	n := len(x.shared)
	if len(key) < n || !bytes.Equal(key[:n], x.shared) {
		return x.outside(key)
	}
	head := keys.Head(key[n:])
	// The first block whose head is above that of the key; the halving has no
	// branch to mispredict.
	at, size := 0, len(x.heads)
	for size > 0 {
		half := size / 2
		if x.heads[at+half] <= head {
			at += size - half
		}
		size = half
	}
	for at--; at >= 0 && x.heads[at] == head && bytes.Compare(x.keys[at], key) > 0; {
		at--
	}
	return at
}

// outside places a key without the shared prefix: before all blocks, or in the
// last, which may go on beyond the prefix.
func (x *index) outside(key []byte) int {
	if len(x.keys) == 0 || bytes.Compare(key, x.keys[0]) < 0 {
		return -1
	}
	return len(x.keys) - 1
}

// bounds returns where a block lies, its checksum included.
func (x *index) bounds(i int) (offset int64, length int) {
	return x.offsets[i], int(x.offsets[i+1] - x.offsets[i])
}

func (x *index) append(to []byte) []byte {
	for i, k := range x.keys {
		offset, length := x.bounds(i)
		to = binary.LittleEndian.AppendUint64(to, uint64(offset))
		to = binary.LittleEndian.AppendUint32(to, uint32(length))
		to = binary.LittleEndian.AppendUint32(to, uint32(len(k)))
		to = append(to, k...)
	}
	return to
}

// parseIndex reads the index of so many blocks that end at end. Where it cannot
// be, it returns the offset of the entry that is wrong.
func parseIndex(b []byte, blocks int, end int64) (x *index, at int, ok bool) {
	if blocks > len(b)/indexEntry {
		return nil, 0, false
	}
	x = &index{keys: make([][]byte, 0, blocks), offsets: make([]int64, 0, blocks+1)}
	next := int64(0)
	for range blocks {
		if len(b)-at < indexEntry {
			return nil, at, false
		}
		offset := int64(binary.LittleEndian.Uint64(b[at:]))
		length := binary.LittleEndian.Uint32(b[at+8:])
		size := binary.LittleEndian.Uint32(b[at+12:])
		if offset != next || length <= sumBytes || size == 0 || uint64(size) > uint64(len(b)-at-indexEntry) {
			return nil, at, false
		}
		key := b[at+indexEntry : at+indexEntry+int(size)]
		if n := len(x.keys); n > 0 && bytes.Compare(x.keys[n-1], key) >= 0 {
			return nil, at, false
		}
		x.add(key, offset)
		next += int64(length)
		at += indexEntry + int(size)
	}
	if next != end || at != len(b) {
		return nil, at, false
	}
	x.finish(end)
	return x, at, true
}
