package bloom

import "assay/workloads"

// Batch is a Filter that answers several keys at once, which lets the misses of
// the cache overlap. It takes records because streams draw those: a slice of
// their keys would have to be made first, inside the clock.
type Batch interface {
	Filter
	// ContainsBatch sets found[i] to Contains(records[i].Key). It panics if
	// found is shorter than records.
	ContainsBatch(records []workloads.Record, found []bool)
}

// Static is a Filter that is built from all its keys at once. Before Build it
// answers yes to every key.
type Static interface {
	Filter
	// Build makes the filter of the keys added since the last Reset.
	Build() error
}

// Resetter is a Filter that can be emptied and used again. The rate of a small
// filter is a matter of luck, so it is counted over many: those of a variant
// that cannot be emptied are counted over the one filter it has.
type Resetter interface {
	Filter
	Reset()
}

// slotted says how many slots a filter has where that is not eight per byte.
type slotted interface{ slots() uint64 }
