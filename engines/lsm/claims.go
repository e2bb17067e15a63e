package lsm

import (
	"slices"

	"assay/runner/lab"
	"assay/runner/ladder"
)

const (
	author = "the author of the store, one run"
	trial  = "a re-implementation, CPU time on a busy machine"
	rules  = "the bound that counts as reproduced"

	arithmetic = "arithmetic from the two rates"
)

// claims are the published ratios step by step and what counts as reproduced,
// at the published size and at the default one.
func claims() []lab.Claim {
	var all []lab.Claim
	for _, workload := range []string{zeros, published} {
		for _, c := range append(ladderClaims(), countClaims()...) {
			c.Workload = workload
			all = append(all, c)
		}
	}
	return all
}

// The words of the claims' notes.
const (
	noteWrite    = "the write phase does no I/O: every step does the same work here, and the published differences are noise"
	noteCompact  = "base makes four write calls for each entry"
	noteUntimed  = "the author did not time the flush"
	notePool     = "published as a reduction of 26.4 %: that is the speed-up; the reduction is 20.9 %"
	notePoolDone = "published as a reduction of 30.2 %: that is the speed-up; the reduction is 23.2 %"
	noteHashing  = "credited to hashing; bloom-slow, which hashes as slowly as before and lies as seldom as bloom, shows how much of it is the false-positive rate"
	noteFaster   = "published as 0.54x faster: it is 1.54x"
	noteOneTable = "one filter is asked for each Get, and it says maybe for a key that is there: its rate does not matter"
)

// ladderClaims compare the time of each step with the step before it. Only where
// the size of an effect is part of the lesson is the range narrower than its
// direction: seconds on another machine prove nothing.
func ladderClaims() []lab.Claim {
	told := story()
	ratio := func(op string, step int, lo, hi float64, note string) lab.Claim {
		phase := slices.IndexFunc(told.Phases, func(p ladder.Phase) bool { return p.Op == op })
		of, before := told.Rungs[step], told.Rungs[step-1]
		return lab.Claim{
			Op: op, Variant: of.Variant, Base: before.Variant, Unit: "ns/op", Source: author,
			Published: of.Seconds[phase] / before.Seconds[phase], Lo: lo, Hi: hi, Note: note,
		}
	}
	all := []lab.Claim{
		ratio("compact", 1, 0, .4, noteCompact),
		ratio("get", 1, .8, 1.1, "reading is the same in both"),
		ratio("get-compacted", 1, .8, 1.1, "reading is the same in both"),
		ratio("get", 2, 0, 1, notePool),
		ratio("get-compacted", 2, 0, 1, notePoolDone),
		ratio("get", 3, 0, 1, ""),
		ratio("get-compacted", 3, 0, 1, ""),
		ratio("get", 4, 0, .5, noteHashing),
		ratio("compact", 4, 0, 1, noteFaster),
		ratio("get-compacted", 4, 0, 1, noteOneTable),
		{Op: "flush", Variant: "buffered", Base: "base", Unit: "ns/op", Source: trial, Published: .65 / 3.67, Lo: 0, Hi: 1. / 3, Note: noteUntimed},
	}
	for step := 1; step < len(told.Rungs); step++ {
		all = append(all, ratio("put", step, .8, 1.2, noteWrite))
	}
	return all
}

// countClaims are of exact counts: they hold on every machine or not at all.
func countClaims() []lab.Claim {
	// A buffered table of n bytes takes at most n/65536 + 2 write calls; a
	// published entry has 154 bytes, a table 2,000 entries or more.
	const mostWrites = 154./bufferBytes + 2./2000
	return []lab.Claim{
		{Op: "flush", Variant: "base", Unit: "writes/entry", Source: author, Published: 4, Lo: 4, Hi: 4},
		{Op: "compact", Variant: "base", Unit: "writes/entry", Source: author, Published: 4, Lo: 4, Hi: 4},
		{Op: "flush", Variant: "buffered", Unit: "writes/entry", Source: rules, Published: mostWrites, Hi: mostWrites, Note: "at most one call for each 64 KiB and one more for each table"},
		{Op: "get", Variant: "pool", Base: "buffered", Unit: "B/op", Source: rules, Published: .7, Hi: .7, Note: "at least 30 % fewer bytes allocated"},
		{Op: "get", Variant: "layout", Base: "pool", Unit: "reads/op", Source: author, Published: .5, Lo: .4999, Hi: .5001},
		{Op: "get-absent", Variant: "layout", Unit: "false-positive-rate", Source: trial, Published: .15, Lo: .13, Hi: .17, Note: "asked for 1 %: the probes of one key differ by multiples of one number, so those of different keys run in step"},
		{Op: "get-absent", Variant: "bloom-slow", Unit: "false-positive-rate", Source: trial, Published: .01, Lo: .007, Hi: .013},
		{Op: "get-absent", Variant: "bloom", Unit: "false-positive-rate", Source: trial, Published: .0092, Lo: .007, Hi: .013},
		{Op: "get-absent-compacted", Variant: "bloom", Unit: "false-positive-rate", Source: trial, Published: .0092, Lo: .007, Hi: .013},
		{Op: "get", Variant: "layout", Base: "bloom-slow", Unit: "tables-read/op", Source: arithmetic, Published: (1 + 24*.15) / (1 + 24*.01), Lo: 2, Hi: 6, Note: "the reads that the naive filter's lies cost: half of 49 tables are asked before the right one"},
	}
}
