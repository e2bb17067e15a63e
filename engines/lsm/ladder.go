package lsm

import "assay/runner/ladder"

// story is the ladder as its author told it: seconds of one run of a million
// puts, two times 250,000 random Gets, and the compaction between them. He did
// not time the flush.
func story() *ladder.Ladder {
	const quarter = .25
	return &ladder.Ladder{
		Source:   author,
		Workload: published,
		Phases: []ladder.Phase{
			{Op: "put", Doc: "write", PerEntry: 1, Note: noteWrite},
			{Op: "flush", Doc: "flush", Note: noteUntimed},
			{Op: "get", Doc: "read a quarter as often, uncompacted", PerEntry: quarter},
			{Op: "compact", Doc: "compact", Note: noteCompact},
			{Op: "get-compacted", Doc: "read a quarter as often, compacted", PerEntry: quarter},
		},
		Rungs: []ladder.Rung{
			{Variant: "base", Changed: "four write calls for each entry, a chunk made for each Get, naive filter", Seconds: []float64{.409, 0, 9.32, 15.24, 3.34}},
			{Variant: "buffered", Changed: "writes gathered to 64 KiB", Seconds: []float64{.433, 0, 8.34, 1.41, 3.23}},
			{Variant: "pool", Changed: "chunks from a pool", Seconds: []float64{.417, 0, 6.60, 1.73, 2.48}},
			{Variant: "layout", Changed: "both lengths before key and value: two reads for each entry, not four", Seconds: []float64{.406, 0, 6.18, 1.81, 2.24}},
			{Variant: "bloom", Changed: "a filter that hashes once, and lies for 1 % where the old one lied for 15 %", Seconds: []float64{.395, 0, 2.15, 1.17, 2.18}},
		},
		Splits: []ladder.Split{{From: "layout", Via: "bloom-slow", To: "bloom", First: "false positives", Second: "hashing"}},
		Slips: []string{
			"pool: a “reduction” of 26.4 % in reads before compaction is the speed-up, 8.34/6.60; the time fell by 20.9 %.",
			"pool: a “reduction” of 30.2 % in reads after compaction is the speed-up, 3.23/2.48; the time fell by 23.2 %.",
			"bloom: compaction “0.54x faster” is 1.81/1.17, 1.54 times as fast.",
			"The write phase holds no I/O, because memtables wait for the flush, which was not timed: what buffering bought there is in no published figure.",
			"bloom: the gain in reads was credited to faster hashing; the old filter also let 15 absent keys of 100 through where 1 was meant. The step is split below.",
		},
	}
}
