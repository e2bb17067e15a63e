// Package entry holds the byte layouts of one key-value entry in a sorted file.
//
// Both layouts hold the same bytes in another order:
//
//	interleaved  klen key vlen value    as published: a reader that fetches
//	                                    each part on its own makes four reads
//	headed       klen vlen key value    both lengths are known after one read,
//	                                    the rest is the second
//
// A length is 8 bytes, little-endian, as the published store writes it: far
// more than needed, so that a file of 10-byte keys is a tenth lengths. Entries
// follow each other without padding, and nothing marks the end of a file or
// protects its bytes: who stores entries adds the checksum.
//
// The decoders take any bytes. They return slices of their input, with the
// capacity cut, and never copy. Their errors wrap ErrTruncated or ErrLength,
// name the offset within the input, and are made only when something is wrong.
package entry

import (
	"encoding/binary"
	"errors"
	"fmt"
)

const (
	// LengthBytes is the size of a length field.
	LengthBytes = 8
	// HeaderBytes is the size of both lengths, in either layout.
	HeaderBytes = 2 * LengthBytes
	// MaxLength bounds a key or value, in bytes. A length beyond it is damage:
	// without a bound, a flipped bit would ask for exabytes of memory.
	MaxLength = 1 << 30
)

var (
	// ErrTruncated says that the input ends within an entry.
	ErrTruncated = errors.New("entry is cut short")
	// ErrLength says that a length is beyond MaxLength.
	ErrLength = errors.New("entry length is not possible")
)

// Size returns the bytes of an entry, in either layout.
func Size(key, value int) int { return HeaderBytes + key + value }

// AppendInterleaved appends klen key vlen value. That no part exceeds MaxLength is
// the caller's to hold, here and in the other writers.
func AppendInterleaved(to, key, value []byte) []byte {
	to = binary.LittleEndian.AppendUint64(to, uint64(len(key)))
	to = append(to, key...)
	to = binary.LittleEndian.AppendUint64(to, uint64(len(value)))
	return append(to, value...)
}

// PutInterleaved writes the entry to the start of room and returns its size. It
// panics if room is shorter than that: the caller has asked Size before.
func PutInterleaved(room, key, value []byte) int {
	// One bounds check for the whole, and no growth to provide for: this is the
	// inner loop of a flush, where the append form costs twice as much.
	room = room[:HeaderBytes+len(key)+len(value)]
	binary.LittleEndian.PutUint64(room, uint64(len(key)))
	at := LengthBytes + copy(room[LengthBytes:], key)
	binary.LittleEndian.PutUint64(room[at:], uint64(len(value)))
	return at + LengthBytes + copy(room[at+LengthBytes:], value)
}

// AppendHeaded appends klen vlen key value.
func AppendHeaded(to, key, value []byte) []byte {
	to = binary.LittleEndian.AppendUint64(to, uint64(len(key)))
	to = binary.LittleEndian.AppendUint64(to, uint64(len(value)))
	to = append(to, key...)
	return append(to, value...)
}

// PutLength writes a length field to the start of room, which has LengthBytes.
func PutLength(room []byte, n int) { binary.LittleEndian.PutUint64(room, uint64(n)) }

// Length decodes a length field at the start of b: for readers that fetch an
// entry part by part.
func Length(b []byte) (int, error) { return length(b, 0) }

// Header decodes both lengths of a headed entry from its first HeaderBytes.
func Header(b []byte) (key, value int, err error) {
	if key, err = length(b, 0); err != nil {
		return 0, 0, err
	}
	value, err = length(b, LengthBytes)
	return key, value, err
}

// Interleaved decodes the entry at the start of b and returns its parts and
// what follows it.
func Interleaved(b []byte) (key, value, rest []byte, err error) {
	n, err := length(b, 0)
	if err != nil {
		return nil, nil, nil, err
	}
	key, at, err := part(b, LengthBytes, n, "key")
	if err != nil {
		return nil, nil, nil, err
	}
	if n, err = length(b, at); err != nil {
		return nil, nil, nil, err
	}
	value, at, err = part(b, at+LengthBytes, n, "value")
	if err != nil {
		return nil, nil, nil, err
	}
	return key, value, b[at:], nil
}

// Headed is Interleaved for the other layout.
func Headed(b []byte) (key, value, rest []byte, err error) {
	k, v, err := Header(b)
	if err != nil {
		return nil, nil, nil, err
	}
	key, at, err := part(b, HeaderBytes, k, "key")
	if err != nil {
		return nil, nil, nil, err
	}
	value, at, err = part(b, at, v, "value")
	if err != nil {
		return nil, nil, nil, err
	}
	return key, value, b[at:], nil
}

// length decodes the length field at an offset.
func length(b []byte, at int) (int, error) {
	if len(b)-at < LengthBytes {
		return 0, fmt.Errorf("%w: a length at offset %d takes %d bytes, %d are left", ErrTruncated, at, LengthBytes, len(b)-at)
	}
	n := binary.LittleEndian.Uint64(b[at:])
	if n > MaxLength {
		return 0, fmt.Errorf("%w: %d at offset %d, the most is %d", ErrLength, n, at, MaxLength)
	}
	return int(n), nil
}

// part cuts n bytes at an offset and returns them and where they end.
func part(b []byte, at, n int, name string) ([]byte, int, error) {
	if len(b)-at < n {
		return nil, 0, fmt.Errorf("%w: a %s of %d bytes at offset %d, %d are left", ErrTruncated, name, n, at, len(b)-at)
	}
	return b[at : at+n : at+n], at + n, nil
}
