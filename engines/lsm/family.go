// Package lsm is the family of log-structured stores: the five steps that the
// author of a small Go store took, each a variant that differs in one part; a
// store beyond them; and the stores that people use.
//
// The published store is rebuilt correctly. Two faults of the original are not
// repeated: it searched its newest tables last, so that a key read its old
// value; and its compaction lost the live key before a deleted one.
package lsm

import "assay/runner/lab"

// Family compares the stores.
var Family = lab.Family[Engine]{
	Name: "lsm",
	Doc:  "log-structured stores in a folder: what each step of a published ladder bought",
	Lesson: "The author credits the gain of the last step to fast hashing. Much of it is the mended rate of the filter: the old one " +
		"lies for 15 % of the absent keys where 1 % was asked, and each lie reads a table.",
	Base:     "base",
	Model:    newModel,
	Isolated: true,
	Units:    units(),
	Ops: []lab.Op[Engine]{
		{Name: "put", Doc: "Put the next entry; the published kind does no I/O here", Draws: fresh, Count: entries, Sketch: putSketch(), Run: put},
		{Name: "fill", Doc: "put all entries into an empty store and flush, as one operation: no store can put off its work", Draws: present, Shape: whole, Count: entries, Census: 1, Run: fill},
		{Name: "flush", Doc: "write all loaded entries to tables, as one operation", Draws: present, Shape: whole, Count: entries, Census: 1, Run: flush},
		{Name: "get", Doc: "Get a key that is there, before compaction", Draws: present, Shape: few, Count: entries, Census: 1 << 12, Sketch: getSketch(), Run: get(loaded, asDrawn)},
		{Name: "get-absent", Doc: "Get a key that is not there but between keys that are, before compaction", Draws: present, Shape: few, Count: entries, Census: 1 << 12, Run: get(loaded, behind)},
		{Name: "compact", Doc: "merge all tables, as one operation", Draws: present, Shape: whole, Count: entries, Census: 1, Run: compact},
		{Name: "get-compacted", Doc: "Get a key that is there, after compaction", Draws: present, Shape: few, Count: entries, Census: 1 << 14, Run: get(compacted, asDrawn)},
		{Name: "get-absent-compacted", Doc: "Get a key that is not there but between keys that are, after compaction", Draws: present, Shape: few, Count: entries, Census: 1 << 16, Run: get(compacted, behind)},
	},
	Variants:  variants(),
	Workloads: []string{zeros, noise},
	Standard: []lab.Row{
		{Op: "put", Workload: quick, Variants: headline()},
		{Op: "get", Workload: quick, Variants: headline()},
		{Op: "get-compacted", Workload: quick, Variants: headline()},
	},
	Claims: claims(),
	Ladder: story(),
}

// The workloads. The published one has values of 128 zero bytes; those compress
// to nothing and flatter the stores that compress, so the second has values
// that do not.
const (
	zeros     = "sequential,keyformat=key_,valuesize=128"
	noise     = "sequential,keyformat=key_,valuesize=128,valuebytes=random"
	quick     = "sequential,count=20000,keyformat=key_,valuesize=128,valuebytes=random"
	published = "sequential,count=1000000,keyformat=key_,valuesize=128"
)

// entries are loaded where the workload does not say.
const entries = 100_000

// headline names the variants of `make bench`: the ends of the ladder, ours and
// a peer.
func headline() []string {
	return []string{"base", "bloom", "front", "goleveldb"}
}

func units() []lab.Unit {
	return []lab.Unit{writesPerEntry, bytesPerEntry, readsPerOp, tablesReadPerOp, falsePositiveRate}
}

var (
	writesPerEntry    = lab.Unit{Name: "writes/entry", Better: lab.Lower, Exact: true, Doc: "write calls on table files for each entry written to them"}
	bytesPerEntry     = lab.Unit{Name: "bytes/entry", Better: lab.Lower, Exact: true, Doc: "bytes of all files in the folder for each key"}
	readsPerOp        = lab.Unit{Name: "reads/op", Better: lab.Lower, Exact: true, Doc: "read calls for each Get: one for each part of an entry, or one for a block read whole"}
	tablesReadPerOp   = lab.Unit{Name: "tables-read/op", Better: lab.Lower, Exact: true, Doc: "tables read from for each Get; each is one read of the file"}
	falsePositiveRate = lab.Unit{Name: "false-positive-rate", Better: lab.Lower, Exact: true, Doc: "questions about absent keys that the filters of the tables answered with maybe"}
)
