package lsm

import "assay/runner/sketch"

// Of an entry of the family's workloads, in bytes: key and value, and what it
// takes in the log.
const (
	entryBytes = 8 + 128
	logBytes   = entryBytes + 16
	logBuffer  = 32 << 10
)

// memtableShare is the bytes of the active memtable for each loaded entry.
const memtableShare = 4.19

// putSketch counts the way down the skip list, some 20 nodes of two loads each
// that wait for one another (no wrong guesses: the keys ascend), against one
// probe of a hash table; the copy of the entry; and the log. Allocations are
// left out, and are most of the skip list's time.
func putSketch() []sketch.Cost {
	logged := []string{"front-wal"}
	return []sketch.Cost{
		{Resource: "load", Count: 40, Set: memtableShare, Variants: published49()},
		{Resource: "load", Count: 2, Set: memtableShare, Variants: []string{"front", "front-wal"}},
		{Resource: "copy", Count: entryBytes, Variants: ours()},
		{Resource: "copy", Count: logBytes, Variants: logged},
		{Resource: "write", Count: logBytes, Variants: logged},
		{Resource: "syscall", Count: float64(logBytes) / logBuffer, Variants: logged},
	}
}

// getSketch counts a look for an entry in 49 tables, the newest first: 24
// filters that do not have it, with two probes and a wrong guess each, and one
// that has it. Behind the filter, for each table read, a binary search of its
// index; and the calls that read, which are counted. front's filters take one
// load and no guess.
func getSketch() []sketch.Cost {
	const (
		without, probes = 24, 7
		slots           = 9.585 // of a filter, for each entry
		indexed         = 3     // bytes of index for each entry
	)
	read := tablesReadPerOp.Name
	front := []string{"front", "front-wal"}
	return []sketch.Cost{
		{Resource: "overlapped", Count: 2*without + probes, Set: slots, Variants: published49()},
		{Resource: "mispredict", Count: without, Variants: published49()},
		{Resource: "overlapped", Count: without + 1, Set: slots / 8, Variants: front},
		{Resource: "load", Count: 8, Unit: read, Set: indexed, Variants: ours()},
		{Resource: "mispredict", Count: 4, Unit: read, Variants: ours()},
		{Resource: "syscall", Count: 1, Unit: readsPerOp.Name, Variants: ours()},
		{Resource: "copy", Count: 1024, Unit: read, Variants: front},
	}
}

// published49 lists the steps of the ladder, with their skip list and filters.
func published49() []string {
	return []string{"base", "buffered", "pool", "layout", "bloom-slow", "bloom"}
}

// ours lists the stores of this family's own.
func ours() []string { return append(published49(), "front", "front-wal") }
