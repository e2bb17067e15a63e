package bloom

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/cespare/xxhash/v2"
)

// double is the published improvement: both halves of one xxhash64 make all
// probes, h1 + i*h2 (Kirsch and Mitzenmacher, "Less hashing, same
// performance", 2006). The arithmetic is 32-bit, as published.
type double struct {
	flags
	modulus uint32
	probes  int
}

// NewDouble returns the published double-hashing filter, a byte per slot. It
// refuses 2^32 slots and more: there its 32-bit modulus wraps, at exactly 2^32
// to a division by zero and above it to slots that are never used.
func NewDouble(keys int, rate float64) (Filter, error) {
	s, err := sizeFor(keys, rate)
	if err != nil {
		return nil, err
	}
	modulus, err := doubleModulus(s.slots)
	if err != nil {
		return nil, err
	}
	table, err := newFlags(s.slots)
	return &double{table, modulus, s.probes}, err
}

func doubleModulus(slots uint64) (uint32, error) {
	if slots > math.MaxUint32 {
		return 0, fmt.Errorf("bloom: double hashing as published counts slots in 32 bits and %d are needed: use double-hash-bits or remix", slots)
	}
	return uint32(slots), nil
}

func doubleSlot(h uint64, probe int, modulus uint32) uint32 {
	return (uint32(h) + uint32(probe)*uint32(h>>32)) % modulus
}

func (f *double) Add(key []byte) {
	h := xxhash.Sum64(key)
	for i := range f.probes {
		f.flags[doubleSlot(h, i, f.modulus)] = true
	}
}

func (f *double) Contains(key []byte) bool {
	h := xxhash.Sum64(key)
	for i := range f.probes {
		if !f.flags[doubleSlot(h, i, f.modulus)] {
			return false
		}
	}
	return true
}

// doubleBits is double hashing with a bit per slot, a multiplication where the
// published one divides, and 64-bit arithmetic. What stays is that two numbers
// make all probes: in a small filter many keys share both.
type doubleBits struct {
	bitset
	probes int
}

func newDoubleBits(keys int, rate float64) (Filter, error) {
	s, err := sizeFor(keys, rate)
	if err != nil {
		return nil, err
	}
	table, err := newBitset(s.slots)
	return &doubleBits{table, s.probes}, err
}

func (f *doubleBits) Add(key []byte) {
	h := xxhash.Sum64(key)
	step := bits.RotateLeft64(h, 32)
	for range f.probes {
		f.set(reduce(h, f.n))
		h += step
	}
}

func (f *doubleBits) Contains(key []byte) bool {
	h := xxhash.Sum64(key)
	step := bits.RotateLeft64(h, 32)
	for range f.probes {
		if !f.has(reduce(h, f.n)) {
			return false
		}
		h += step
	}
	return true
}
