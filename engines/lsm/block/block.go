// Package block is a table format beyond the published one: checksummed blocks
// of about 1 KiB, their index and a split-block filter in memory, all in one
// file.
//
// The sketch it was made from: a Get that reads the file costs one pread(2) of
// 0.6 us, whatever else it does, so the aim is that everything before it (49
// filters, one index search) and after it (checksum, search in the block) costs
// less than that, and that no table is read in vain. 1 KiB holds seven of the
// published entries; 4 KiB blocks were measured 0.25 us slower to read and 0.09
// us slower to check, and their smaller index saves less than that.
//
// A table file is
//
//	blocks: entries, each uvarint key length, uvarint value length<<1 | dead,
//	        key, value; then u32 CRC-32C of them
//	index:  for each block u64 offset, u32 length with its checksum, u32 key
//	        length, first key; then u32 CRC-32C
//	filter: blocks of 8 x u32; then u32 CRC-32C
//	foot:   "assayblk", u32 version, u32 blocks, u64 entries, u64 offset of the
//	        index, u64 offset of the filter, u64 size of the file, u32 0,
//	        u32 CRC-32C of the foot
//
// all little-endian. Rejected: restart points and shared prefixes inside a
// block (they save 6 of 140 bytes here and cost a copy for each key), a
// compressor (it is CPU time, and values that do not compress show no gain).
package block

import (
	"encoding/binary"
	"fmt"

	"assay/engines/lsm/part"
)

const (
	blockBytes = 1 << 10 // a block ends when it has at least as many
	slabBytes  = 256 << 10
	sumBytes   = 4
	extension  = ".tbl"
)

// appendEntry appends the bytes of an entry.
func appendEntry(to []byte, e part.Entry) []byte {
	length := uint64(len(e.Value)) << 1
	if e.Deleted {
		length |= 1
	}
	to = binary.AppendUvarint(to, uint64(len(e.Key)))
	to = binary.AppendUvarint(to, length)
	to = append(to, e.Key...)
	return append(to, e.Value...)
}

// parseEntry reads the entry that b begins with and returns how long it is; 0
// for bytes that are none.
func parseEntry(b []byte, e *part.Entry) int {
	if len(b) < 2 {
		return 0
	}
	key, n := uint64(b[0]), 1
	if key >= 0x80 {
		if key, n = binary.Uvarint(b); n <= 0 {
			return 0
		}
	}
	value, m := binary.Uvarint(b[n:])
	if m <= 0 {
		return 0
	}
	n += m
	e.Deleted = value&1 != 0
	value >>= 1
	left := uint64(len(b) - n)
	if key == 0 || key > left || value > left-key {
		return 0
	}
	k, end := n+int(key), n+int(key+value)
	e.Key, e.Value = b[n:k:k], b[k:end:end]
	return end
}

// open checks a block against its checksum and returns its entries.
func open(b []byte) (entries []byte, err error) {
	end := len(b) - sumBytes
	if end < 0 || part.Checksum(0, b[:end]) != binary.LittleEndian.Uint32(b[end:]) {
		return nil, fmt.Errorf("the checksum of the %d bytes from here does not match them", len(b))
	}
	return b[:end], nil
}

// seal appends the checksum of to from position from on.
func seal(to []byte, from int) []byte {
	return binary.LittleEndian.AppendUint32(to, part.Checksum(0, to[from:]))
}
