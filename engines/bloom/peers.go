package bloom

import (
	"fmt"

	"github.com/FastFilter/xorfilter"
	bitsandblooms "github.com/bits-and-blooms/bloom/v3"
	"github.com/cespare/xxhash/v2"
	"github.com/greatroar/blobloom"
)

// bitsAndBlooms is github.com/bits-and-blooms/bloom as its users make one.
type bitsAndBlooms struct{ f *bitsandblooms.BloomFilter }

func newBitsAndBlooms(keys int, rate float64) (Filter, error) {
	if _, err := sizeFor(keys, rate); err != nil {
		return nil, err
	}
	return bitsAndBlooms{bitsandblooms.NewWithEstimates(uint(keys), rate)}, nil
}

func (f bitsAndBlooms) Add(key []byte)           { f.f.Add(key) }
func (f bitsAndBlooms) Contains(key []byte) bool { return f.f.Test(key) }
func (f bitsAndBlooms) SizeBytes() int           { return 8 * int((f.f.Cap()+63)/64) }
func (f bitsAndBlooms) Reset()                   { f.f.ClearAll() }
func (f bitsAndBlooms) slots() uint64            { return uint64(f.f.Cap()) }

// blob is github.com/greatroar/blobloom, a blocked filter, behind xxhash. Its
// sizing makes up for the blocks, so it has the rate asked for in more bits.
type blob struct{ f *blobloom.Filter }

func newBlob(keys int, rate float64) (Filter, error) {
	if _, err := sizeFor(keys, rate); err != nil {
		return nil, err
	}
	c := blobloom.Config{Capacity: uint64(keys), FPRate: rate}
	if bits, _ := blobloom.Optimize(c); bits > 8*maxBytes { // it would panic at 2^41
		return nil, tooLarge(float64(bits) / 8)
	}
	return blob{blobloom.NewOptimized(c)}, nil
}

func (f blob) Add(key []byte)           { f.f.Add(xxhash.Sum64(key)) }
func (f blob) Contains(key []byte) bool { return f.f.Has(xxhash.Sum64(key)) }
func (f blob) SizeBytes() int           { return int(f.f.NumBits() / 8) }
func (f blob) Reset()                   { f.f.Clear() }

// fuse is a binary fuse filter (Graf and Lemire, 2022) of 8-bit fingerprints. It
// cannot be added to: Add collects hashes and Build makes the filter. Its rate
// is 1/256 whatever is asked for.
type fuse struct {
	hashes []uint64
	built  *xorfilter.BinaryFuse8
}

func newFuse(keys int, rate float64) (Filter, error) {
	if _, err := sizeFor(keys, rate); err != nil {
		return nil, err
	}
	if keys > maxBytes/8 { // it collects as many hashes, and counts in 32 bits besides
		return nil, tooLarge(8 * float64(keys))
	}
	return &fuse{hashes: make([]uint64, 0, keys)}, nil
}

func (f *fuse) Add(key []byte) { f.hashes = append(f.hashes, xxhash.Sum64(key)) }

func (f *fuse) Contains(key []byte) bool {
	return f.built == nil || f.built.Contains(xxhash.Sum64(key))
}

// Build makes the filter of all keys added since the last Reset.
func (f *fuse) Build() error {
	built, err := xorfilter.PopulateBinaryFuse8(f.hashes)
	if err != nil {
		return fmt.Errorf("binary fuse 8 of %d keys: %w", len(f.hashes), err)
	}
	f.built = built
	return nil
}

func (f *fuse) SizeBytes() int {
	if f.built == nil {
		return 0
	}
	return len(f.built.Fingerprints)
}

func (f *fuse) Reset() { f.hashes, f.built = f.hashes[:0], nil }
