// Package blockcache is the family of caches of 64 KiB blocks: sets of sixteen
// ways that a clock evicts from, and what they answer while reads are in flight.
//
// One variant is wrong on purpose, as its authors found theirs. It lives here
// like this: the operations hit, miss, mixed and write have no reads in flight,
// where it is right, is held to the model like all others, and may be timed; the
// operations collision and in-flight count its wrong answers in exact units and
// leave them out of the comparison of answers, which they do for no variant
// that does not say so of itself.
package blockcache

import (
	"assay/runner/lab"
	"assay/workloads"
)

// Family compares the caches.
var Family = lab.Family[Cache]{
	Name: "blockcache",
	Doc:  "caches of 64 KiB blocks, 16 ways and a clock: lookups, evictions, and safety with reads in flight",
	Lesson: "The authors kept no keys, since each block carries its own, and reserved a way before its block was read: until the read is done the way answers for the old block, under the tag of the new one. " +
		"A key written down when the way is reserved mends it and makes lookups faster, not slower; blocks kept apart from the entries and swapped in at the end mend it too, and a write that was a copy of 64 KiB becomes an exchange of pointers.",
	Base:      "stale",
	Model:     newModel,
	Units:     []lab.Unit{hitRate, staleReads, doubleReads},
	Workloads: []string{skewed, uniform},
	Ops: []lab.Op[Cache]{
		{Name: "hit", Doc: "look up a block that is in the cache", Draws: workloads.Present, Count: blocks, Run: hit},
		{Name: "miss", Doc: "look up a block that is not, make room and take it in", Draws: workloads.Absent, Count: blocks, Run: through},
		{Name: "mixed", Doc: "look up any block, taking in what is not there; a quarter of all fit", Draws: workloads.Present, Count: blocks, Census: 1 << 16, Run: through},
		{Name: "write", Doc: "write a block of 64 KiB that is in the cache", Draws: workloads.Present, Shape: lab.Shape{Length: 16}, Count: blocks, Run: write},
		{Name: "in-flight", Doc: "as mixed with eight reads in flight and a write in sixteen: stale reads are counted", Draws: workloads.Present, Count: blocks, Census: 1 << 18, Run: inflight},
		{Name: "collision", Doc: "five steps in which a way reserved under an old key answers wrongly, from an empty cache", Draws: workloads.Present, Shape: lab.Shape{Length: 16}, Count: blocks, Run: scripted},
	},
	Variants: []lab.Variant[Cache]{
		{Name: "null", Doc: "every lookup finds the same block", New: newNull, Null: true},
		{Name: "stale", Doc: "as found, keys read from the blocks: WRONG on purpose with reads in flight", New: newStale},
		{Name: "key-on-reserve", Doc: "keys of their own, written when a way is reserved", New: newKeyed},
		{Name: "swap", Doc: "blocks apart from the entries, exchanged when a read or write is complete", New: newSwap},
		{Name: "map-lru", Doc: "a map and a list in order of use, blocks exchanged", New: newLRU},
	},
	Standard: []lab.Row{
		{Op: "hit", Workload: skewed},
		{Op: "write", Workload: skewed},
	},
	Claims: claims(),
}

// blocks are loaded where the workload does not say; a quarter fit, 16 MiB.
const blocks = 1024

const (
	skewed  = "sequential,access=zipf:0.99"
	uniform = "sequential"
)

var (
	hitRate     = lab.Unit{Name: "hit-rate", Better: lab.Higher, Exact: true, Doc: "share of lookups that found their block"}
	staleReads  = lab.Unit{Name: "stale-reads/op", Better: lab.Lower, Exact: true, Doc: "lookups that found an overwritten version, or halves of two blocks"}
	doubleReads = lab.Unit{Name: "double-reads/op", Better: lab.Lower, Exact: true, Doc: "reads of a block that was being read already"}
)
