package ids

import (
	"encoding/binary"
)

// keyBytes is the size of a key.
const keyBytes = 8

// A scheme writes the number of an id as a key, whose bytes are compared from
// the first to the last, and reads it back.
type scheme struct {
	append func(b []byte, id uint64) []byte
	number func(key []byte) uint64
}

// sequential is big-endian: keys come in the order of ids.
func sequential() scheme { return scheme{binary.BigEndian.AppendUint64, binary.BigEndian.Uint64} }

// reversed is the slip: little-endian, so that the byte that changes fastest is
// compared first. Written and read alike, it passes every round trip.
func reversed() scheme { return scheme{binary.LittleEndian.AppendUint64, binary.LittleEndian.Uint64} }

// random scatters ids over all keys: the finalizer of SplitMix64, which is a
// bijection, so that no two ids meet.
func random() scheme {
	return scheme{
		func(b []byte, id uint64) []byte { return binary.BigEndian.AppendUint64(b, scatter(id)) },
		func(key []byte) uint64 { return gather(binary.BigEndian.Uint64(key)) },
	}
}

// timed is an id as ULID or UUID version 7 has it: time first, then randomness.
// 256 ids share an instant, and have any order within it. Instants do not begin
// where tables do.
func timed() scheme {
	const within, shift = 0xff, 100
	return scheme{
		func(b []byte, id uint64) []byte {
			id += shift
			return binary.BigEndian.AppendUint64(b, id&^within|(id^scatter(id>>8))*odd&within)
		},
		func(key []byte) uint64 {
			x := binary.BigEndian.Uint64(key)
			return (x&^within | (x*inverse(odd)^scatter(x>>8))&within) - shift
		},
	}
}

// odd numbers have an inverse modulo every power of two.
const odd = 0x9e3779b97f4a7c15

// inverse is that of an odd number modulo 2^64, by Newton's iteration.
func inverse(x uint64) uint64 {
	y := x // right in the low three bits
	for range 5 {
		y *= 2 - x*y
	}
	return y
}

const (
	first  = 0xbf58476d1ce4e5b9
	second = 0x94d049bb133111eb
)

// scatter is the finalizer of SplitMix64 (Steele, Lea and Flood, "Fast
// splittable pseudorandom number generators", 2014).
func scatter(x uint64) uint64 {
	x = (x ^ x>>30) * first
	x = (x ^ x>>27) * second
	return x ^ x>>31
}

// gather undoes it.
func gather(x uint64) uint64 {
	x = (x ^ x>>31 ^ x>>62) * inverse(second)
	x = (x ^ x>>27 ^ x>>54) * inverse(first)
	return x ^ x>>30 ^ x>>60
}

// order is a key as a number that compares as its bytes do.
func order(key []byte) uint64 { return binary.BigEndian.Uint64(key) }
