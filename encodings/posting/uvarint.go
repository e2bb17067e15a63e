package posting

import (
	"encoding/binary"
	"math/bits"
)

// A block of uvarints: differences less 1 in seven bits a byte, low bits first.

func sizeUvarints(numbers []uint64) int {
	n := 0
	for _, x := range numbers {
		n += (bits.Len64(x|1) + 6) / 7
	}
	return n
}

func putUvarints(to []byte, numbers []uint64) {
	for _, x := range numbers {
		to = to[binary.PutUvarint(to, x):]
	}
}

func getUvarints(from []byte, e entry, n int, to *[BlockLen]uint64) int {
	last, at := e.floor, 0
	for i := range to[:n] {
		if at >= len(from) {
			return -1
		}
		x := uint64(from[at])
		if at++; x >= 0x80 { // most differences are one byte long
			var size int
			if x, size = binary.Uvarint(from[at-1:]); size <= 0 {
				return -1
			}
			at += size - 1
		}
		last += x + 1
		to[i] = last
	}
	return at
}
