// Package tombstone is the family of policies for removes in a secondary index
// of a log-structured store: what of a put and its remove is ever written.
//
// The index holds accounts by balance. A transfer changes balances, and every
// change removes one key and puts another, so that nearly everything in a
// memtable is a put and the remove of it. That the two may cancel rests on a
// promise: that puts and removes of a key take turns. The operation promise
// breaks it on purpose and counts what each policy makes of that.
package tombstone

import (
	"assay/runner/lab"
	"assay/workloads"
)

// Family compares the policies.
var Family = lab.Family[Index]{
	Name: "tombstone",
	Doc:  "removes in a secondary index: tombstones kept, or cancelled against unflushed puts",
	Lesson: "The authors kept a tombstone for every remove until they saw that an index with hot keys flushes little else; with the promise that puts and removes of a key take turns, the two cancel before they are written, and a table of 16,386 entries shrinks to 4. " +
		"That is so where keys are hot and the promise holds; broken across a flush it brings the old value back without a word, and to check it, or to do without it by asking the filters of the tables, costs a small part of what cancelling saves there.",
	Base:      "keep",
	Model:     newModel,
	Units:     []lab.Unit{entriesPerTable, writtenPerOp, visitedPerOp, staleReads, refusedPerOp},
	Workloads: []string{two, many},
	Isolated:  true,
	Ops: []lab.Op[Index]{
		{Name: "update", Doc: "16,384 changes of a balance, each a remove and a put, and the flush of the table they fill, per change", Draws: workloads.Present, Shape: lab.Shape{Length: beat / 2, Batches: 1}, Count: 2, Census: 200_000, Run: update},
		{Name: "transfer", Doc: "32,768 transfers between two accounts, the four flushes and a merge of all tables, per transfer", Draws: workloads.Present, Shape: lab.Shape{Length: beat, Batches: 1}, Count: 2, Census: 100_000, Run: transfer},
		{Name: "scan", Doc: "read the accounts in order of balance from the tables of 200,000 changes", Draws: workloads.Present, Shape: lab.Shape{Length: 4, Batches: 1}, Count: 2, Census: 4, Run: scan},
		{Name: "promise", Doc: "break the promise: put, flush, put again, remove, get; the get must find nothing", Draws: workloads.Present, Shape: lab.Shape{Length: 256}, Count: 2, Run: promise},
	},
	Variants: []lab.Variant[Index]{
		{Name: "null", Doc: "keeps nothing: the accounts themselves", New: newNull, Null: true},
		{Name: "keep", Doc: "every remove leaves a tombstone", New: newKeep},
		{Name: "cancel", Doc: "a remove cancels an unflushed put; a broken promise is an error", New: newCancel},
		{Name: "cancel-trusting", Doc: "as published, the promise unchecked: wrong on purpose when it is broken", New: newTrusting},
		{Name: "cancel-proven", Doc: "a remove cancels where no table holds the key: needs no promise", New: newProven},
	},
	Standard: []lab.Row{
		{Op: "update", Workload: two},
	},
	Claims: claims(),
}

// The workloads: as many accounts as entries are loaded. Two is the published
// load; with more accounts than changes in a memtable, most removes are of keys
// that are flushed, and there is little to cancel.
const (
	two  = "sequential,count=2"
	many = "sequential,count=50000"
)

var (
	entriesPerTable = lab.Unit{Name: "entries/table", Better: lab.Lower, Exact: true, Doc: "entries, tombstones included, in a flushed table"}
	writtenPerOp    = lab.Unit{Name: "written/op", Better: lab.Lower, Exact: true, Doc: "entries written by flushes and merges for each operation"}
	visitedPerOp    = lab.Unit{Name: "visited/op", Better: lab.Lower, Exact: true, Doc: "entries read to scan the index once"}
	staleReads      = lab.Unit{Name: "stale-reads/op", Better: lab.Lower, Exact: true, Doc: "gets that found a removed key"}
	refusedPerOp    = lab.Unit{Name: "refused/op", Better: lab.Lower, Exact: true, Doc: "puts refused because they break the promise"}
)
