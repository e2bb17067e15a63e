package bloom

import (
	"encoding/binary"
	"fmt"

	"github.com/cespare/xxhash/v2"

	"assay/workloads"
)

// lanes is the number of probes of a split block, one in each 32-bit lane.
const lanes = 8

// splitBlock is one block of 256 bits: half a cache line, so that a key costs
// one miss at most.
type splitBlock [lanes]uint32

// blockBytes is the size of a block in memory and on disk.
const blockBytes = 4 * lanes

// spread turns a hash into eight 5-bit lane positions, from the high bits down.
// The block is chosen by the high bits of the hash itself, and those of the
// product depend on all bits of it, so the two are independent.
const spread = 0x9e3779b97f4a7c15

// holds reports whether the lane positions in x are all set, given the first
// lane. It reads all lanes without a branch: half of all bits are set, so an
// early exit would be a coin toss for the predictor, and a wrong guess costs
// more than eight lanes.
func (b *splitBlock) holds(first uint32, x uint64) bool {
	r := first >> (x >> 59 & 31)
	r &= b[1] >> (x >> 54 & 31)
	r &= b[2] >> (x >> 49 & 31)
	r &= b[3] >> (x >> 44 & 31)
	r &= b[4] >> (x >> 39 & 31)
	r &= b[5] >> (x >> 34 & 31)
	r &= b[6] >> (x >> 29 & 31)
	r &= b[7] >> (x >> 24 & 31)
	return r&1 != 0
}

// SplitBlock is a split-block Bloom filter (Putze, Sanders and Singler, 2009;
// the layout that Parquet and Impala use, with a hash of our own): eight probes
// in one 32-byte block. Make one with NewSplitBlock or OpenSplitBlock.
type SplitBlock struct {
	blocks []splitBlock
}

// NewSplitBlock returns an empty filter that has the rate when it holds so many
// keys: 10.5 bits per key at 1 %. It fails on numbers that make no filter.
func NewSplitBlock(keys int, rate float64) (*SplitBlock, error) {
	if _, err := sizeFor(keys, rate); err != nil {
		return nil, err
	}
	return splitOf(float64(keys) * splitBits(rate))
}

// splitOf makes a filter of at least so many bits.
func splitOf(bits float64) (*SplitBlock, error) {
	if bits/8 > maxBytes {
		return nil, tooLarge(bits / 8)
	}
	return &SplitBlock{make([]splitBlock, max(1, int(bits+255)/256))}, nil
}

// OpenSplitBlock reads what AppendTo wrote. It fails if b cannot be a filter.
func OpenSplitBlock(b []byte) (*SplitBlock, error) {
	if len(b) == 0 || len(b)%blockBytes != 0 {
		return nil, fmt.Errorf("bloom: a split-block filter has a multiple of %d bytes, these are %d: the filter is cut short or is none", blockBytes, len(b))
	}
	f := &SplitBlock{make([]splitBlock, len(b)/blockBytes)}
	for i := range f.blocks {
		for j := range f.blocks[i] {
			f.blocks[i][j] = binary.LittleEndian.Uint32(b[i*blockBytes+4*j:])
		}
	}
	return f, nil
}

// AppendTo appends the table: block after block, its lanes in order, each a
// little-endian 32-bit word.
func (f *SplitBlock) AppendTo(to []byte) []byte {
	for i := range f.blocks {
		for _, lane := range f.blocks[i] {
			to = binary.LittleEndian.AppendUint32(to, lane)
		}
	}
	return to
}

// Add puts key into the set.
func (f *SplitBlock) Add(key []byte) { f.AddHash(Hash(key)) }

// AddHash adds a key by its Hash.
func (f *SplitBlock) AddHash(h uint64) {
	b, x := f.block(h), h*spread
	b[0] |= 1 << (x >> 59 & 31)
	b[1] |= 1 << (x >> 54 & 31)
	b[2] |= 1 << (x >> 49 & 31)
	b[3] |= 1 << (x >> 44 & 31)
	b[4] |= 1 << (x >> 39 & 31)
	b[5] |= 1 << (x >> 34 & 31)
	b[6] |= 1 << (x >> 29 & 31)
	b[7] |= 1 << (x >> 24 & 31)
}

// Contains reports false if key was certainly not added.
func (f *SplitBlock) Contains(key []byte) bool {
	h := Hash(key)
	b := f.block(h)
	return b.holds(b[0], h*spread)
}

func (f *SplitBlock) block(h uint64) *splitBlock { return &f.blocks[reduce(h, uint64(len(f.blocks)))] }

// SizeBytes is 32 times the number of blocks.
func (f *SplitBlock) SizeBytes() int { return blockBytes * len(f.blocks) }

// Reset empties the filter.
func (f *SplitBlock) Reset() { clear(f.blocks) }

// splitXX is the same filter behind the hash that the plain ones use.
type splitXX struct{ SplitBlock }

func (f *splitXX) Add(key []byte) { f.AddHash(xxhash.Sum64(key)) }

func (f *splitXX) Contains(key []byte) bool {
	h := xxhash.Sum64(key)
	b := f.block(h)
	return b.holds(b[0], h*spread)
}

// splitBatch is a SplitBlock that answers in batches.
type splitBatch struct{ SplitBlock }

// group is how many keys have their cache misses in flight at once: more than
// the processor keeps (10 to 24), few enough to stay in registers' reach.
const group = 32

// ContainsBatch is Contains of every record.
func (f *splitBatch) ContainsBatch(records []workloads.Record, found []bool) {
	found = found[:len(records)]
	for len(records) >= group {
		f.group((*[group]workloads.Record)(records), (*[group]bool)(found))
		records, found = records[group:], found[group:]
	}
	for i := range records {
		found[i] = f.Contains(records[i].Key)
	}
}

// group answers in three passes: where, touch, test. The middle one is nothing
// but loads that depend on nothing, so all misses overlap; hashing and testing
// in one pass fills the reorder buffer with a few keys' instructions, and then
// only those few misses are in flight. It costs .4 ns per key in cache and
// saves 16 out of it.
func (f *splitBatch) group(records *[group]workloads.Record, found *[group]bool) {
	var at [group]*splitBlock
	var first [group]uint32
	var hash [group]uint64
	for i := range records {
		h := Hash(records[i].Key)
		at[i], hash[i] = f.block(h), h*spread
	}
	for i, b := range &at {
		first[i] = b[0]
	}
	for i, b := range &at {
		found[i] = b.holds(first[i], hash[i])
	}
}
