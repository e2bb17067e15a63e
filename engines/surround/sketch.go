package surround

import "assay/runner/sketch"

// checkSketch is what a check should cost, but for its transaction, whose price
// is in allocations and locks that no sketch counts: the null-transaction
// variant has it. A walk reads a header and the bytes of each vote it visits, in
// order. A seek halves its way down some 16 times, each time by way of an entry's
// header to its key, and guesses half of the turns wrong. Over blocks half of the
// turns are inside one, without a guess. A search halves in memory; a table is one
// load.
func checkSketch() []sketch.Cost {
	const (
		header, vote = 16, 2 * epochBytes
		inFile       = 70 // bytes for each vote, in pages that are half full
		halvings     = 16 // of 54,000 votes
		inBlocks     = 3  // bytes for each vote
		ofBlocks     = 9  // halvings of 432 of them
	)
	visited, seeks := visitedPerOp.Name, []string{"seek", "seek-target"}
	return []sketch.Cost{
		{Resource: "stream", Count: header + vote, Unit: visited, Variants: []string{"scan", "two-buckets", "one-bucket"}},
		{Resource: sketch.Load, Count: 2 * halvings, Set: inFile, Variants: seeks},
		{Resource: "mispredict", Count: halvings / 2, Variants: seeks},
		{Resource: sketch.Load, Count: 2 * ofBlocks, Set: inBlocks, Variants: []string{"seek-block"}},
		{Resource: "mispredict", Count: ofBlocks / 2, Variants: []string{"seek-block"}},
		{Resource: sketch.Load, Count: 1, Unit: visited, Set: inBlocks, Variants: []string{"seek-block"}},
		{Resource: sketch.Load, Count: 1, Unit: visited, Set: vote, Variants: []string{"search"}},
		{Resource: sketch.Load, Count: 1, Unit: visited, Set: 4, Variants: []string{"spans"}},
	}
}
