// Package keys compares keys by what they begin with.
package keys

import (
	"encoding/binary"
	"math/bits"
)

// Head returns the first eight bytes of a key as a number that orders as the
// keys do; keys with equal heads may still differ.
func Head(key []byte) uint64 {
	if len(key) >= 8 {
		return binary.BigEndian.Uint64(key)
	}
	head := uint64(0)
	for i, c := range key {
		head |= uint64(c) << (56 - 8*i)
	}
	return head
}

// Shared is the length of the longest common prefix.
func Shared(a, b []byte) int {
	n := min(len(a), len(b))
	i := 0
	for ; i+8 <= n; i += 8 {
		if x := binary.LittleEndian.Uint64(a[i:]) ^ binary.LittleEndian.Uint64(b[i:]); x != 0 {
			return i + bits.TrailingZeros64(x)/8
		}
	}
	for i < n && a[i] == b[i] {
		i++
	}
	return i
}
