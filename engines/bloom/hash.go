package bloom

import (
	"encoding/binary"
	"math/bits"

	"github.com/cespare/xxhash/v2"
)

// The first 64 fractional bits of the square roots of 2, 3, 5 and 7: constants
// that nobody could have chosen to suit a test.
const (
	root2 = 0x6a09e667f3bcc909
	root3 = 0xbb67ae8584caa73b
	root5 = 0x3c6ef372fe94f82b
	root7 = 0xa54ff53a5f1d36f1
)

// Hash is a 64-bit hash made for short keys: up to 16 bytes cost two
// multiplications and no loop, where a call of xxhash costs more than a probe
// of a filter in cache. It folds 128-bit products as wyhash does (Wang Yi,
// 2019); keys beyond 32 bytes go through xxhash. Its values are part of the
// filters that flush writes, so a change of it is a change of format. It does
// not resist an adversary who chooses keys.
func Hash(key []byte) uint64 {
	n := uint64(len(key))
	var a, b uint64
	switch {
	case n-8 <= 8: // 8 to 16; shorter ones wrap round to more
		a, b = word(key), word(key[n-8:])
	case n > 32:
		a, b = xxhash.Sum64(key), root7
	case n > 16:
		a, b = fold(word(key)^root5, word(key[8:])^root7), fold(word(key[n-16:])^root7, word(key[n-8:])^root5)
	case n >= 4:
		a, b = half(key), half(key[n-4:])
	case n > 0:
		a = uint64(key[0])<<16 | uint64(key[n/2])<<8 | uint64(key[n-1])
	}
	high, low := bits.Mul64(a^root2, b^root3)
	return fold(high^root5, low^root7^n)
}

// fold is both halves of the 128-bit product.
func fold(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return high ^ low
}

func word(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

func half(b []byte) uint64 { return uint64(binary.LittleEndian.Uint32(b)) }

// reduce maps a hash onto 0..n-1 by its high bits (Lemire, "Fast random integer
// generation in an interval", 2019): a multiplication instead of a division,
// right for every n that a uint64 holds.
func reduce(h, n uint64) uint64 {
	high, _ := bits.Mul64(h, n)
	return high
}

// mix is the finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
