package surround

import (
	"encoding/binary"
	"fmt"
)

// The file holds two kinds of buckets, of which a variant keeps one or both for
// each validator. A bucket's name is its kind and the number of the validator.
// Epochs are big-endian everywhere: bbolt orders keys as bytes, and a
// little-endian 256 stands before 1, where no early exit would look for it.
//
//	's' u32 validator: u64 source -> u64 target, u64 target, ... ascending
//	't' u32 validator: u64 target -> u64 source
//
// Only the variant that keeps blocks has another layout (see blocks).
const (
	bySource = 's'
	byTarget = 't'

	nameBytes  = 5
	epochBytes = 8
)

func bucketName(kind byte, validator uint32) (name [nameBytes]byte) {
	name[0] = kind
	binary.BigEndian.PutUint32(name[1:], validator)
	return name
}

// parseName is the inverse of bucketName.
func parseName(name []byte) (kind byte, validator uint32, err error) {
	if len(name) != nameBytes || name[0] != bySource && name[0] != byTarget {
		return 0, 0, fmt.Errorf("%w: a bucket named %q", errDamaged, name)
	}
	return name[0], binary.BigEndian.Uint32(name[1:]), nil
}

func epochKey(epoch uint64) (key [epochBytes]byte) {
	binary.BigEndian.PutUint64(key[:], epoch)
	return key
}

// epoch reads a key, or a value that is one epoch.
func epoch(b []byte) (uint64, error) {
	if len(b) != epochBytes {
		return 0, fmt.Errorf("%w: an epoch of %d bytes", errDamaged, len(b))
	}
	return binary.BigEndian.Uint64(b), nil
}

// targets is the value behind a source: one target or more, ascending.
type targets []byte

// parseTargets checks the shape of a value, not the order in it: that is for
// the one who reads all of it.
func parseTargets(b []byte) (targets, error) {
	if len(b) == 0 || len(b)%epochBytes != 0 {
		return nil, fmt.Errorf("%w: a list of targets of %d bytes", errDamaged, len(b))
	}
	return b, nil
}

func (t targets) len() int        { return len(t) / epochBytes }
func (t targets) at(i int) uint64 { return binary.BigEndian.Uint64(t[i*epochBytes:]) }
func (t targets) last() uint64    { return t.at(t.len() - 1) }

// pair reads an entry of a bucket: all votes with the key's epoch.
func pair(kind byte, k, v []byte) (key uint64, list targets, err error) {
	if key, err = epoch(k); err != nil {
		return 0, nil, err
	}
	if list, err = parseTargets(v); err != nil {
		return 0, nil, err
	}
	if kind == byTarget && list.len() != 1 {
		return 0, nil, fmt.Errorf("%w: %d sources of target %d", errDamaged, list.len(), key)
	}
	return key, list, nil
}

// votes appends the votes of an entry to dst.
func votes(dst []Vote, kind byte, k, v []byte) ([]Vote, error) {
	key, list, err := pair(kind, k, v)
	if err != nil {
		return dst, err
	}
	for i := range list.len() {
		vote := Vote{key, list.at(i)}
		if kind == byTarget {
			vote = Vote{list.at(i), key}
		}
		dst = append(dst, vote)
	}
	return dst, nil
}
