package block

import (
	"encoding/binary"

	"assay/engines/lsm/part"
)

// foot says where the rest of a table is.
type foot struct {
	blocks  uint32
	entries uint64
	index   int64 // offset; the blocks end here
	filter  int64 // offset; the index ends here
	size    int64 // of the file
}

const (
	magic     = "assayblk"
	version   = 1
	footBytes = len(magic) + 4 + 4 + 8 + 8 + 8 + 8 + 4 + sumBytes
)

func (f foot) append(to []byte) []byte {
	from := len(to)
	to = append(to, magic...)
	to = binary.LittleEndian.AppendUint32(to, version)
	to = binary.LittleEndian.AppendUint32(to, f.blocks)
	to = binary.LittleEndian.AppendUint64(to, f.entries)
	to = binary.LittleEndian.AppendUint64(to, uint64(f.index))
	to = binary.LittleEndian.AppendUint64(to, uint64(f.filter))
	to = binary.LittleEndian.AppendUint64(to, uint64(f.size))
	to = binary.LittleEndian.AppendUint32(to, 0)
	return seal(to, from)
}

// parseFoot reads the last footBytes of a file of so many bytes; what is not
// empty says what is wrong.
func parseFoot(b []byte, size int64) (f foot, what string) {
	if string(b[:len(magic)]) != magic || binary.LittleEndian.Uint32(b[8:]) != version {
		return f, "here is no foot of a table of version 1: the file is cut short, or is none"
	}
	if end := footBytes - sumBytes; part.Checksum(0, b[:end]) != binary.LittleEndian.Uint32(b[end:]) {
		return f, "the checksum of the foot does not match it"
	}
	f = foot{
		blocks:  binary.LittleEndian.Uint32(b[12:]),
		entries: binary.LittleEndian.Uint64(b[16:]),
		index:   int64(binary.LittleEndian.Uint64(b[24:])),
		filter:  int64(binary.LittleEndian.Uint64(b[32:])),
		size:    int64(binary.LittleEndian.Uint64(b[40:])),
	}
	body := size - int64(footBytes)
	if f.size != size || f.index < 0 || f.filter < f.index+sumBytes || f.filter > body-sumBytes || f.entries > uint64(f.index) {
		return f, "the places that the foot names are not within the file"
	}
	return f, ""
}
