// Package surround is the family of ways to tell whether a vote of a validator
// contradicts one he has given: whether it starts before an earlier vote and
// ends after it, or the other way round. A client that signs such a vote is
// fined, so it asks before each, for every validator it keeps.
//
// A back-of-the-envelope sketch, before the code: a scan of 54,000 votes reads
// 0.9 MB of keys and values through a cursor at some 8 ns each, 0.4 ms. A seek
// descends three pages of 4 KiB, 12 comparisons in each; at one miss of the
// second cache for every other comparison that is well under a microsecond, and
// what remains is to open a transaction. A table in memory is one load.
package surround

import (
	"time"

	"assay/runner/lab"
	"assay/workloads"
)

// Family compares the histories.
var Family = lab.Family[History]{
	Name: "surround",
	Doc:  "slashing protection: does a vote contradict the history of its validator, kept in a bbolt file",
	Lesson: "The authors scanned the whole history for every vote, saw in an isolated benchmark that it was fast enough, and met it again as the slowest part of a busy client; then they walked two buckets from the end and stopped early. " +
		"That makes the next vote hundreds of times cheaper and an old vote twice as dear as a scan, while one seek and its two neighbours, which the order of a lawful history allows, are as quick for any vote. " +
		"What is left of that, beside the transaction, is the way down through a large file: votes packed in blocks make it a tenth as large, and the seek quicker by half.",
	Base:      "scan",
	Model:     newModel,
	Isolated:  true,
	Units:     []lab.Unit{visitedPerOp, bytesPerEntry, writeAmplification, recordsPerSecond, cpuPerOp},
	Workloads: []string{full, lagging},
	Ops:       ops(),
	Variants: []lab.Variant[History]{
		{Name: "null", Doc: "looks at nothing", New: newNull, Null: true},
		{Name: "null-transaction", Doc: "opens a read transaction and closes it", New: newFile("s", 0, opened), Null: true},
		{Name: "scan", Doc: "as first published: every vote in order of source, until one contradicts", New: newFile("s", 0, scan)},
		{Name: "two-buckets", Doc: "as then published: sources and targets, each walked from the end with an early exit", New: newFile("st", 0, twoBuckets)},
		{Name: "one-bucket", Doc: "sources alone, walked from the end to the next lower one", New: newFile("s", 0, oneBucket)},
		{Name: "seek", Doc: "one seek by source, and the votes on both sides of it", New: newFile("s", 0, seekSource)},
		{Name: "seek-target", Doc: "the same by target, where no key holds a list; pages filled to the end", New: newFile("t", 1, seekTarget)},
		{Name: "seek-block", Doc: "one seek to a packed block of up to 127 votes, which holds both neighbours; bbolt's statistics off", New: newBlocks},
		{Name: "search", Doc: "binary search in memory; the file to refill it from is not counted", New: newSearch},
		{Name: "spans", Doc: "least and highest target around every epoch, in memory, as search", New: newSpans},
	},
	Beside: []lab.Op[History]{{
		Name: "writer", Doc: "every 100 ms a durable batch of 2,048 records, one of each of as many other validators, into the same history",
		Draws: workloads.Present, Shape: lab.Shape{Length: batchSize}, Every: batchEvery, Run: write,
	}},
	Standard: []lab.Row{
		{Op: "next", Workload: quick, Variants: headline()},
		{Op: "uniform", Workload: quick, Variants: headline()},
	},
	Claims: claims(),
}

// The workloads: a validator who has voted in every epoch of eight months, and
// one whose chain did not finalise for long, so that 18 votes share a source.
const (
	full    = "sequential,count=54000"
	lagging = "uniform:0-2999,count=54000"
	quick   = "sequential,count=2000"
)

// batchEvery is the longest that the published client keeps a record before it
// is written; the other limit is batchSize records. Both are met at once where
// records come as fast as they can without waiting for each other.
const batchEvery = 100 * time.Millisecond

func headline() []string { return []string{"scan", "two-buckets", "seek", "search", "spans"} }

func ops() []lab.Op[History] {
	check := func(name, doc string, choose func([]Vote, uint32) Vote) lab.Op[History] {
		const few = 16 // a scan of 54,000 votes is 0.4 ms: a batch of them is still a short slice
		return lab.Op[History]{Name: name, Doc: doc, Draws: workloads.Present, Shape: lab.Shape{Length: few}, Count: 54_000, Census: 32 * few, Answers: 512, Sketch: checkSketch(), Run: ask(choose)}
	}
	batch := func(name, doc string, from func([]Vote) *source, durable bool) lab.Op[History] {
		return lab.Op[History]{
			Name: name, Doc: doc, Draws: workloads.Present, Shape: lab.Shape{Length: batchSize, Batches: 1}, Count: 54_000, Census: 4 * batchSize,
			Run: grow(from, durable),
		}
	}
	return []lab.Op[History]{
		check("next", "check the vote that comes next", nextVote),
		check("tip", "check again one of the last 32 votes", nearTip),
		check("uniform", "check again any vote of the history", anyVote),
		check("old", "check again one of the first 8 votes: the adversary's choice", oldest),
		check("slashable", "check a vote around any of the history, or inside it", slashable),
		{
			Name: "concurrent", Doc: "check 2,000 next votes at once, per check", Draws: workloads.Present,
			Shape: lab.Shape{Length: 1, Batches: crowd}, Count: 54_000, Census: crowd, Run: together,
		},
		batch("append", "append the next 2,048 votes in one transaction, per vote", one, false),
		batch("append-durable", "the same, and wait for the disk", one, true),
		batch("append-many", "append one vote of each of 2,048 other validators in one transaction, per vote", many, false),
	}
}

var (
	visitedPerOp       = lab.Unit{Name: "visited/op", Better: lab.Lower, Exact: true, Doc: "votes of the history looked at for each check; probes of a search, entries of a table"}
	bytesPerEntry      = lab.Unit{Name: "bytes/entry", Better: lab.Lower, Exact: true, Doc: "pages of the file ever used, or memory where there is no file, for each vote of the loaded history"}
	writeAmplification = lab.Unit{Name: "write-amplification", Better: lab.Lower, Exact: true, Doc: "bytes written to the file for each byte of votes, of which each has 16"}
	recordsPerSecond   = lab.Unit{Name: "records/s", Better: lab.Higher, Derived: true, Doc: "votes checked or appended each second"}
	cpuPerOp           = lab.Unit{Name: "cpu-ns/op", Better: lab.Lower, Derived: true, Doc: "CPU time of all threads for each vote, where wall time decides"}
)
