package sparse

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"assay/engines/lsm/part"
)

// index is the .idx file:
//
//	"assayidx", u32 version, u32 chunks, u64 entries, u64 bytes of the .tbl file,
//	for each chunk: u64 offset, u32 CRC-32C of its bytes, u32 key length, first key,
//	u32 CRC-32C of all before
//
// all little-endian.
type index struct {
	chunks  []chunk
	entries int
	size    int64 // of the .tbl file
}

// chunk is eight entries that are read together.
type chunk struct {
	key    []byte // the first
	offset int64
	sum    uint32
}

const (
	indexMagic   = "assayidx"
	indexVersion = 1
	indexHead    = len(indexMagic) + 4 + 4 + 8 + 8
	indexChunk   = 8 + 4 + 4
	sumBytes     = 4
)

func (x *index) append(to []byte) []byte {
	from := len(to)
	to = append(to, indexMagic...)
	to = binary.LittleEndian.AppendUint32(to, indexVersion)
	to = binary.LittleEndian.AppendUint32(to, uint32(len(x.chunks)))
	to = binary.LittleEndian.AppendUint64(to, uint64(x.entries))
	to = binary.LittleEndian.AppendUint64(to, uint64(x.size))
	for _, c := range x.chunks {
		to = binary.LittleEndian.AppendUint64(to, uint64(c.offset))
		to = binary.LittleEndian.AppendUint32(to, c.sum)
		to = binary.LittleEndian.AppendUint32(to, uint32(len(c.key)))
		to = append(to, c.key...)
	}
	return binary.LittleEndian.AppendUint32(to, part.Checksum(0, to[from:]))
}

// parseIndex reads an .idx file; path is for messages.
func parseIndex(path string, data []byte) (*index, error) {
	bad := func(at int, what string) (*index, error) {
		return nil, &part.Corrupt{File: path, Offset: int64(at), What: what}
	}
	end := len(data) - sumBytes
	if end < indexHead {
		return bad(len(data), fmt.Sprintf("the index ends after %d bytes, before its head of %d does", len(data), indexHead+sumBytes))
	}
	if part.Checksum(0, data[:end]) != binary.LittleEndian.Uint32(data[end:]) {
		return bad(end, "the checksum of the index does not match it")
	}
	if string(data[:len(indexMagic)]) != indexMagic || binary.LittleEndian.Uint32(data[8:]) != indexVersion {
		return bad(0, "this is no index of version 1")
	}
	count := int(binary.LittleEndian.Uint32(data[12:]))
	x := &index{entries: int(binary.LittleEndian.Uint64(data[16:])), size: int64(binary.LittleEndian.Uint64(data[24:]))}
	if count > end/indexChunk || x.entries < 0 || x.entries <= (count-1)*perChunk || x.entries > count*perChunk || x.size < 0 {
		return bad(12, "the counts of the index contradict each other")
	}
	x.chunks = make([]chunk, 0, count)
	at := indexHead
	for range count {
		c, n := parseChunk(data[at:end])
		if n == 0 || !x.follows(c) {
			return bad(at, "a chunk of the index is not behind the one before it, or not within the table")
		}
		x.chunks = append(x.chunks, c)
		at += n
	}
	if at != end {
		return bad(at, "the index goes on after its last chunk")
	}
	return x, nil
}

func parseChunk(b []byte) (c chunk, n int) {
	if len(b) < indexChunk {
		return c, 0
	}
	length := uint64(binary.LittleEndian.Uint32(b[12:]))
	if length == 0 || length > min(part.MaxKey, uint64(len(b)-indexChunk)) {
		return c, 0
	}
	n = indexChunk + int(length)
	c = chunk{
		key:    bytes.Clone(b[indexChunk:n]),
		offset: int64(binary.LittleEndian.Uint64(b)),
		sum:    binary.LittleEndian.Uint32(b[8:]),
	}
	return c, n
}

// follows says that c may come after the chunks so far: offsets and keys ascend.
func (x *index) follows(c chunk) bool {
	if len(x.chunks) == 0 {
		return c.offset == 0 && x.size > 0
	}
	last := x.chunks[len(x.chunks)-1]
	return last.offset < c.offset && c.offset < x.size && bytes.Compare(last.key, c.key) < 0
}

// bounds returns where a chunk lies.
func (x *index) bounds(i int) (offset int64, length int) {
	end := x.size
	if i+1 < len(x.chunks) {
		end = x.chunks[i+1].offset
	}
	return x.chunks[i].offset, int(end - x.chunks[i].offset)
}
