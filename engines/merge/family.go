// Package merge is the family of merges: what the compaction of a log-structured
// store costs per entry, for two sorted runs and for many.
package merge

import (
	"assay/runner/lab"
	"assay/workloads"
)

// Family compares the merges.
var Family = lab.Family[Merger]{
	Name: "merge",
	Doc:  "merges of sorted runs: a heap for any number against loops made for two",
	Lesson: "The authors ran every compaction through one heap, since a merge of two is a merge of k; a compaction had two inputs, and a direct loop was the faster. " +
		"That is so for every pattern, but which loop is best depends on the pattern: a branch per entry is cheap where it can be predicted and dear where the runs alternate at random.",
	Base:      "heap",
	Model:     newModel,
	Workloads: []string{random},
	Ops: []lab.Op[Merger]{
		operation("interleaved", "two runs, each entry in either at random", pattern{runs: 2, stretch: 1}),
		operation("stretches", "two runs that take turns for 64 entries on average", pattern{runs: 2, stretch: 64}),
		operation("disjoint", "two runs, one behind the other", pattern{runs: 2}),
		operation("lopsided", "two runs, the newer with one entry in sixteen", pattern{runs: 2, stretch: 1, first: 1. / 16}),
		operation("overwritten", "two runs, half of the keys in both", pattern{runs: 2, stretch: 1, rewrite: 0.5}),
		operation("wide-8", "eight runs, each entry in any at random", pattern{runs: 8, stretch: 1}),
		operation("wide-32", "thirty-two runs, each entry in any at random", pattern{runs: 32, stretch: 1}),
	},
	Variants: []lab.Variant[Merger]{
		{Name: "null", Doc: "copy the runs one behind the other: the memory traffic alone", New: newCopy, Null: true},
		{Name: "heap", Doc: "a binary heap of the heads of the runs, for any number of them", New: newHeap},
		{Name: "loser-tree", Doc: "a tree that keeps losers: one comparison a level", New: newLosers},
		{Name: "two-way", Doc: "compare two heads, take the smaller; more runs in rounds of two", New: of(direct)},
		{Name: "two-way-branchless", Doc: "the same by conditional moves", New: of(branchless)},
		{Name: "two-way-gallop", Doc: "the same, with a search ahead where one run wins eight times in a row", New: of(gallop)},
	},
	Standard: []lab.Row{
		{Op: "interleaved", Workload: random, Variants: []string{"heap", "loser-tree", "two-way", "two-way-branchless"}},
		{Op: "stretches", Workload: random, Variants: []string{"heap", "two-way", "two-way-branchless", "two-way-gallop"}},
	},
	Claims: claims(),
}

// random keys: no two alike, so that the pattern alone decides.
const random = "uniform:0-18446744073709551615"

// entries are merged at a time, both sides together: 1 MiB read and as much written.
const entries = 1 << 16

func operation(name, doc string, p pattern) lab.Op[Merger] {
	return lab.Op[Merger]{
		Name: name, Doc: "merge " + doc + ", per entry", Draws: workloads.Present,
		Shape: lab.Shape{Length: entries, Batches: 1}, Count: entries, Census: entries, Run: run(p),
	}
}
