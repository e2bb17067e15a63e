package blockcache

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// blockBytes is the size of a block.
const blockBytes = 64 << 10

// A block has its address and version at its head, and at its end the version
// again and a seal of both: half a block, or halves of two, show. All are
// little-endian; the middle is the caller's.
const (
	headBytes  = 16
	leastBlock = 2 * headBytes
)

// errTorn is in the error of a block that is not the whole of one.
var errTorn = errors.New("torn block")

// stampHead writes the first half of what a read brings.
func stampHead(b []byte, address, version uint64) {
	binary.LittleEndian.PutUint64(b, address)
	binary.LittleEndian.PutUint64(b[8:], version)
}

// stampTail writes the other half.
func stampTail(b []byte, address, version uint64) {
	tail := b[len(b)-headBytes:]
	binary.LittleEndian.PutUint64(tail, version)
	binary.LittleEndian.PutUint64(tail[8:], seal(address, version))
}

func stamp(b []byte, address, version uint64) {
	stampHead(b, address, version)
	stampTail(b, address, version)
}

func addressOf(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }
func versionOf(b []byte) uint64 { return binary.LittleEndian.Uint64(b[8:]) }

// intact reads a block, and says whether it is the whole of one.
func intact(b []byte) (address, version uint64, ok bool) {
	if len(b) < leastBlock {
		return 0, 0, false
	}
	address, version = addressOf(b), versionOf(b)
	tail := b[len(b)-headBytes:]
	ok = binary.LittleEndian.Uint64(tail) == version && binary.LittleEndian.Uint64(tail[8:]) == seal(address, version)
	return address, version, ok
}

// decode is intact that says what is wrong.
func decode(b []byte) (address, version uint64, err error) {
	if len(b) < leastBlock {
		return 0, 0, fmt.Errorf("%w: %d bytes, at least %d are a block", errTorn, len(b), leastBlock)
	}
	address, version, ok := intact(b)
	if !ok {
		return 0, 0, fmt.Errorf("%w: its end is not that of address %d, version %d", errTorn, address, version)
	}
	return address, version, nil
}

// seal mixes address and version (the finalizer of MurmurHash3).
func seal(address, version uint64) uint64 { return mix(mix(address) ^ version) }

func mix(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
