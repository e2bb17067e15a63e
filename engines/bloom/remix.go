package bloom

import "github.com/cespare/xxhash/v2"

// remix draws each probe from a state of its own: the hash is the seed of a
// small generator. That costs two instructions more per probe than double
// hashing and gives the ideal rate at every size. "Enhanced" double hashing,
// which adds a cubic term, was tried for the same end and does not: with a
// multiplication for the modulus its small terms vanish below the bits used.
type remix struct {
	bitset
	probes int
}

// NewRemix returns a plain filter, a bit per slot, with the rate asked for at
// any size.
func NewRemix(keys int, rate float64) (Filter, error) {
	s, err := sizeFor(keys, rate)
	if err != nil {
		return nil, err
	}
	table, err := newBitset(s.slots)
	return &remix{table, s.probes}, err
}

// next is the state after h: a step of the linear congruential generator of
// Knuth's MMIX, and a shift that brings its good high bits down.
func next(h uint64) uint64 {
	h = h*6364136223846793005 + 1442695040888963407
	return h ^ h>>29
}

func (f *remix) Add(key []byte) {
	h := xxhash.Sum64(key)
	for range f.probes {
		f.set(reduce(h, f.n))
		h = next(h)
	}
}

func (f *remix) Contains(key []byte) bool {
	h := xxhash.Sum64(key)
	for range f.probes {
		if !f.has(reduce(h, f.n)) {
			return false
		}
		h = next(h)
	}
	return true
}
