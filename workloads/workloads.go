package workloads

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Entry is one drawn integer key and value. It has 24 bytes, because
// measured loops stream over slices of it.
type Entry struct {
	Key, Value uint64
	// Index is the entry's position in [Data.Entries] if it was drawn from
	// Present. Other streams set it to 1<<32-1, which no population has, so
	// that using it as a subscript fails loudly.
	Index uint32
	// Place is free for the family to use; streams of Present copy it from
	// Data.Entries and the others leave 0.
	Place uint32
}

// Record is one drawn byte-string key and value. The slices belong to the
// stream that filled them: read them, copy them, do not write to them, and
// see [RecordStream.Next] for how long they last.
type Record struct {
	Key, Value []byte
	// Index and Place are as in [Entry].
	Index, Place uint32
}

// Population says which keys a stream draws.
type Population int

// The populations. The package comment has their laws.
const (
	// Present keys were loaded.
	Present Population = iota
	// Absent keys follow the law of the loaded ones, but none was loaded.
	Absent
	// Fresh keys are the law's next draws, loaded before or not.
	Fresh
)

// String returns "present", "absent" or "fresh".
func (p Population) String() string {
	switch p {
	case Present:
		return "present"
	case Absent:
		return "absent"
	case Fresh:
		return "fresh"
	}
	return fmt.Sprintf("Population(%d)", int(p))
}

// nowhere is the Index of an entry that was not drawn from the population.
const nowhere = math.MaxUint32

// The generators of one seed that must not run in step.
const (
	roleLoad uint64 = iota + 1
	rolePresent
	roleAbsent
	roleFresh
)

// generator returns the random source of one role. Both words are mixed
// first, so that seeds 1, 2, 3 do not start from neighbouring states.
func generator(seed, role uint64) *rand.PCG {
	return rand.NewPCG(mix(seed), mix(seed^mix(role)))
}

// mix is the finalizer of SplitMix64 (Steele, Lea and Flood, "Fast splittable
// pseudorandom number generators", 2014): a bijection that spreads every
// input bit over the whole word.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
