package bloom

import (
	"assay/runner/lab"
	"assay/workloads"
)

// The workloads of the family. Twelve digits are the key of the trials that the
// claims come from; the others ask whether the length of a key matters, and
// whether real ones differ.
const (
	keys12  = "uniform:0-999999999999,keysize=12"
	keys10  = "sequential,keysize=10,keyformat=key_"
	keys256 = "uniform:0-999999999999,keysize=256"
	keysGo  = "go-identifiers,count=8000" // of 11,840: the others are the absent ones

	// outside is keys12 in filters of 2.4 MB and more: beyond the second cache,
	// and beyond what the first level of the address translation covers.
	outside = "uniform:0-999999999999,count=2000000,keysize=12"
	// farOutside is the 100 million bits of the trials; its set-up takes seconds.
	farOutside = "uniform:0-999999999999,count=10433592,keysize=12"
)

const (
	percent  = 0.01
	permille = 0.001
)

// inCache is the default number of keys: a million bits.
const inCache = 109_000

// addedAtOnce is how many keys the add operation puts into an empty filter.
const addedAtOnce = 1 << 14

// Family compares the filters.
var Family = lab.Family[Filter]{
	Name: "bloom",
	Doc:  "set-membership filters: time per key, bits per key and false positives",
	Lesson: "The author credited the gain to hashing once instead of seven times. " +
		"That was so, but the old filter also said yes to one absent key in seven where one in a hundred was meant, and every such yes was a wasted read.",
	Base:      "naive",
	Model:     newModel,
	Units:     []lab.Unit{falsePositiveRate, rateOverIdeal, bitsPerKey},
	Workloads: []string{keys12, keys10, keys256, keysGo},
	Text:      true,
	Ops: []lab.Op[Filter]{
		{Name: "add", Doc: "Add 16,384 new keys to an empty filter and build it where it is static, per key", Draws: workloads.Fresh, Shape: lab.Shape{Length: addedAtOnce, Batches: 1}, Count: addedAtOnce, Run: add},
		{Name: "hit", Doc: "Contains of a key that was added", Draws: workloads.Present, Count: inCache, Sketch: sketchOf(hitAsks), Run: hit},
		{Name: "miss", Doc: "Contains of a key that was not", Draws: workloads.Absent, Count: inCache, Sketch: sketchOf(missAsks), Run: miss},
		{Name: "mixed", Doc: "Contains of either, half and half in random order", Draws: workloads.Present, Count: inCache, Run: mixed},
	},
	Variants: []lab.Variant[Filter]{
		{Name: "null", Doc: "the harness's own cost", New: func(*lab.Env) (Filter, error) { return null{}, nil }, Null: true},
		{Name: "naive", Doc: "as published: FNV of key and number for each probe, a byte per slot", New: sized(NewNaive, percent)},
		{Name: "naive-independent", Doc: "naive made correct: a hash of its own for each probe", New: sized(NewIndependent, percent)},
		{Name: "double-hash", Doc: "as published: two halves of one xxhash64, a byte per slot, a division per probe", New: sized(NewDouble, percent)},
		{Name: "double-hash-permille", Doc: "the same for a rate of .001, where small filters suffer most", New: sized(NewDouble, permille)},
		{Name: "double-hash-bits", Doc: "double hashing, a bit per slot, a multiplication for the division", New: sized(newDoubleBits, percent)},
		{Name: "remix", Doc: "a bit per slot, the hash mixed again for each probe", New: sized(NewRemix, percent)},
		{Name: "remix-permille", Doc: "the same, for a rate of .001", New: sized(NewRemix, permille)},
		{Name: "blocked", Doc: "all probes in one 512-bit line", New: sized(newBlocked, percent)},
		{Name: "split-block", Doc: "eight lanes of one 256-bit block, xxhash64", New: sized(newSplitXX, percent)},
		{Name: "split-block-short", Doc: "the same behind a hash made for short keys", New: sized(newSplitPlain, percent)},
		{Name: "split-block-batch", Doc: "the same, 32 keys at a time: find, touch, then test", New: sized(newSplitBatch, percent)},
		{Name: "split-block-equal", Doc: "the same with the bits that a rate of .01 takes", New: sized(newSplitEqual, percent)},
		{Name: "split-block-permille", Doc: "the same in the bits of a plain filter of .001", New: sized(newSplitBatch, permille)},
		{Name: "bits-and-blooms", Doc: "github.com/bits-and-blooms/bloom/v3", New: sized(newBitsAndBlooms, percent), Peer: true},
		{Name: "blobloom", Doc: "github.com/greatroar/blobloom, blocked, behind xxhash64", New: sized(newBlob, percent), Peer: true},
		{Name: "binary-fuse-8", Doc: "github.com/FastFilter/xorfilter, static, behind xxhash64", New: sized(newFuse, percent), Peer: true},
	},
	Standard: []lab.Row{
		{Op: "add", Workload: keys12, Variants: headline()},
		{Op: "miss", Workload: keys12, Variants: headline()},
		{Op: "miss", Workload: outside, Variants: []string{"double-hash-bits", "split-block-batch", "bits-and-blooms"}},
	},
	Claims: claims(),
}

var (
	falsePositiveRate = lab.Unit{Name: "false-positive-rate", Better: lab.Lower, Exact: true, Doc: "share of absent keys that the filter claims"}
	rateOverIdeal     = lab.Unit{Name: "rate/ideal", Better: lab.Lower, Exact: true, Doc: "the rate over that of a plain filter with as many slots and independent probes"}
	bitsPerKey        = lab.Unit{Name: "bits/key", Better: lab.Lower, Exact: true, Doc: "bits of memory per distinct key"}
)

// sized builds a variant for the keys that the trial loads.
func sized[F Filter](make func(keys int, rate float64) (F, error), rate float64) func(*lab.Env) (Filter, error) {
	return func(env *lab.Env) (Filter, error) {
		f, err := make(len(env.Data.Entries), rate)
		if err != nil {
			return nil, err
		}
		return f, nil
	}
}

// newSplitPlain gives a split-block filter the bits of a plain one, so that the
// price of the blocks shows as a higher rate and not as more memory.
func newSplitPlain(keys int, rate float64) (*SplitBlock, error) {
	s, err := sizeFor(keys, rate)
	if err != nil {
		return nil, err
	}
	return splitOf(float64(s.slots))
}

func newSplitXX(keys int, rate float64) (*splitXX, error) {
	f, err := newSplitPlain(keys, rate)
	if err != nil {
		return nil, err
	}
	return &splitXX{*f}, nil
}

func newSplitBatch(keys int, rate float64) (*splitBatch, error) {
	f, err := newSplitPlain(keys, rate)
	if err != nil {
		return nil, err
	}
	return &splitBatch{*f}, nil
}

func newSplitEqual(keys int, rate float64) (*splitBatch, error) {
	f, err := NewSplitBlock(keys, rate)
	if err != nil {
		return nil, err
	}
	return &splitBatch{*f}, nil
}

// headline are the variants of `make bench`, which has three minutes for everything.
func headline() []string {
	return []string{"naive", "double-hash", "double-hash-bits", "remix", "blocked", "split-block-batch", "bits-and-blooms", "binary-fuse-8"}
}
