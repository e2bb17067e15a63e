// Package flush is the family of ways to write a sorted memtable to a file: how
// many calls, how many bytes and how much time an entry costs.
//
// All variants are given the same entries in order, write them to a new file
// and close it. Nothing is synced, as in the published store: flush-sync is an
// operation of its own, which times what is then left until the disk has it.
//
// A writer of another module (pebble's, in the module of heavy peers) joins by
// appending to Family.Variants: it implements Writer on a File, and Decoder
// because its format is another.
package flush

import (
	"assay/runner/lab"
	"assay/workloads"
)

const (
	// published is the memtable of the published store: key_%d, 128-byte values.
	published = "sequential,keyformat=key_,valuesize=128"
	// random has keys of one length and values that do not compress.
	random = "uniform:0-999999999999,keysize=12,valuesize=128,valuebytes=random"
	// small has values as short as the lengths: what an entry costs, not a byte.
	small = "uniform:0-999999999999,keysize=12,valuesize=8"
)

// entries is how many one batch flushes. A table holds as many as are loaded,
// at most that: count=16384 makes four tables a batch.
const entries = 1 << 16

// Family compares the writers.
var Family = lab.Family[Writer]{
	Name: "flush",
	Doc:  "a sorted memtable to a file: calls, bytes and time per entry",
	Lesson: "The author wrote each length and each part with a call of its own and left the flush out of the timing; a buffer removes nearly all of its cost. " +
		"Handing the kernel everything at once, or a list of parts it need not copy, looks like still less work and is more.",
	Base:      "per-field",
	Model:     newModel,
	Units:     []lab.Unit{writesPerEntry, bytesPerEntry},
	Workloads: []string{published, random, small},
	Isolated:  true,
	Ops: []lab.Op[Writer]{
		{Name: "flush", Doc: "write 65,536 sorted entries to a new file and close it, per entry", Draws: workloads.Present, Shape: lab.Shape{Length: entries, Batches: 1}, Count: entries, Census: entries, Sketch: flushSketch(), Run: run},
		{Name: "flush-sync", Doc: "fsync a file just flushed, per entry: add it to flush for a durable table", Draws: workloads.Present, Shape: lab.Shape{Length: entries, Batches: 1}, Count: entries, Census: entries, Sketch: syncSketch(), Run: runSync},
	},
	Variants: []lab.Variant[Writer]{
		{Name: "null", Doc: "make a file and close it", New: func(*lab.Env) (Writer, error) { return null{}, nil }, Null: true},
		{Name: "per-field", Doc: "as published: four write calls per entry", New: newFields},
		{Name: "per-entry", Doc: "one write call per entry", New: newWhole},
		{Name: "buffered-4k", Doc: "the four writes into a bufio.Writer of 4 KiB", New: newBuffered(4 << 10)},
		{Name: "buffered-16k", Doc: "of 16 KiB", New: newBuffered(16 << 10)},
		{Name: "buffered-64k", Doc: "of 64 KiB, as published", New: newBuffered(64 << 10)},
		{Name: "buffered-256k", Doc: "of 256 KiB", New: newBuffered(256 << 10)},
		{Name: "buffered-1m", Doc: "of 1 MiB", New: newBuffered(1 << 20)},
		{Name: "slab", Doc: "entries assembled in 256 KiB, which are written whole", New: newSlab(options{bytes: slabBytes})},
		{Name: "slab-allocated", Doc: "the same into space reserved with fallocate", New: newSlab(options{bytes: slabBytes, allocate: true})},
		{Name: "slab-allocated-1m", Doc: "the same in slabs of 1 MiB", New: newSlab(options{bytes: largeSlab, allocate: true})},
		{Name: "slab-direct", Doc: "slab-allocated past the page cache, O_DIRECT", New: newSlab(options{bytes: slabBytes, allocate: true, direct: true})},
		{Name: "giant", Doc: "one write call per table", New: newGiant},
		{Name: "vectored", Doc: "pwritev of 1024 parts where they are", New: newVectored},
		{Name: "indexed", Doc: "slab-allocated-1m with sparse index and split-block filter, both with checksums", New: newIndexed(options{bytes: largeSlab, allocate: true})},
		{Name: "indexed-checked", Doc: "the same with a checksum of the entries, as the peers have", New: newIndexed(options{bytes: largeSlab, allocate: true, checked: true})},
		{Name: "indexed-direct", Doc: "indexed past the page cache", New: newIndexed(options{bytes: largeSlab, allocate: true, direct: true})},
		{Name: "goleveldb", Doc: "github.com/syndtr/goleveldb/leveldb/table, with filter, no compression", New: newGoleveldb(0), Peer: true},
		{Name: "goleveldb-buffered", Doc: "the same through 256 KiB of buffer", New: newGoleveldb(256 << 10), Peer: true},
	},
	Standard: []lab.Row{
		{Op: "flush", Workload: published, Variants: []string{"per-field", "buffered-64k", "indexed", "goleveldb"}},
	},
	Claims: claims(),
}

var (
	writesPerEntry = lab.Unit{Name: "writes/entry", Better: lab.Lower, Exact: true, Doc: "write calls of a table over its entries"}
	bytesPerEntry  = lab.Unit{Name: "bytes/entry", Better: lab.Lower, Exact: true, Doc: "bytes written over entries, with index, filter and padding"}
)
