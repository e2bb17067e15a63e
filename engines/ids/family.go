// Package ids is the family of ways to write an id as a key: the same ids in the
// same order into the same log-structured store, and what its compactions then
// have to write again.
package ids

import (
	"assay/runner/lab"
	"assay/workloads"
)

// Family compares the schemes.
var Family = lab.Family[Store]{
	Name: "ids",
	Doc:  "ids as keys of a log-structured store: what compaction rewrites when they come in order, byte-reversed or at random",
	Lesson: "The authors handed out ids in order, which a log-structured store takes in without rewriting any, and every test passed: what was written was read back. " +
		"The bytes went in the wrong way round, which no round trip can see, and the store got an order as bad as that of random ids, rewriting each entry fourteen times; golden bytes show the slip at once.",
	Base:      "sequential",
	Model:     newModel,
	Units:     []lab.Unit{rewrittenPerEntry, writeAmplification, searchedPerOp, blocksPerOp},
	Workloads: []string{inOrder},
	Isolated:  true,
	Ops: []lab.Op[Store]{
		{Name: "insert", Doc: "insert 65,536 new ids into an empty store, with its flushes and compactions, per id", Draws: workloads.Fresh, Shape: lab.Shape{Length: entries, Batches: 1}, Count: entries, Census: 4 * entries, Run: insert},
		{Name: "get", Doc: "Get any id that is there", Draws: workloads.Present, Count: entries, Run: get},
		{Name: "recent", Doc: "Get 64 ids that were handed out one after another, per id", Draws: workloads.Present, Shape: lab.Shape{Length: together}, Count: entries, Census: 1 << 12, Run: recent},
	},
	Variants: []lab.Variant[Store]{
		{Name: "null", Doc: "keeps nothing", New: newNull, Null: true},
		{Name: "sequential", Doc: "big-endian: keys come in order", New: newTree(sequential())},
		{Name: "reversed", Doc: "little-endian, an endianness slip: every round trip passes", New: newTree(reversed())},
		{Name: "random", Doc: "ids scattered over all keys", New: newTree(random())},
		{Name: "time-ordered", Doc: "time first, then randomness, as in ULID: 256 ids share an instant", New: newTree(timed())},
	},
	Standard: []lab.Row{
		{Op: "insert", Workload: quick},
	},
	Claims: claims(),
}

// entries are inserted into one store where the workload does not say: 8 MiB.
const entries = 1 << 16

const (
	inOrder = "sequential"
	quick   = "sequential,count=16384"
)

var (
	rewrittenPerEntry  = lab.Unit{Name: "rewritten-bytes/entry", Better: lab.Lower, Exact: true, Doc: "bytes that compactions write for each entry of 128 bytes that is inserted"}
	writeAmplification = lab.Unit{Name: "write-amplification", Better: lab.Lower, Exact: true, Doc: "bytes written by flushes and compactions over bytes inserted"}
	searchedPerOp      = lab.Unit{Name: "tables-searched/op", Better: lab.Lower, Exact: true, Doc: "tables searched for each Get"}
	blocksPerOp        = lab.Unit{Name: "blocks-read/op", Better: lab.Lower, Exact: true, Doc: "different blocks of 4 KiB that 64 Gets in a row read from, for each"}
)
