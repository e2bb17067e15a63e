package lsm

import (
	"assay/engines/lsm/block"
	"assay/engines/lsm/memtable"
	"assay/engines/lsm/part"
	"assay/engines/lsm/peers"
	"assay/engines/lsm/sparse"
	"assay/engines/lsm/tree"
	"assay/runner/lab"
)

const bufferBytes = 64 << 10 // the published buffer

// variants is the ladder from the bottom up, each step keeping those before it,
// then what is beyond it.
func variants() []lab.Variant[Engine] {
	return []lab.Variant[Engine]{
		{Name: "null", Doc: "the harness's own cost", New: newNull, Null: true},
		{Name: "base", Doc: "skip list, 49 tables, a write call for each field, a chunk made for each Get, naive filter", New: step(sparse.Options{})},
		{Name: "buffered", Doc: "base, with writes gathered to 64 KiB", New: step(sparse.Options{Buffer: bufferBytes})},
		{Name: "pool", Doc: "buffered, with chunks from a sync.Pool", New: step(sparse.Options{Buffer: bufferBytes, Pool: true})},
		{Name: "layout", Doc: "pool, with both lengths before key and value: two reads instead of four", New: step(sparse.Options{Buffer: bufferBytes, Pool: true, Layout: sparse.Together})},
		{Name: "bloom-slow", Doc: "layout, with a filter as slow as the naive one that lies for 1 %, not 15 %", New: step(sparse.Options{Buffer: bufferBytes, Pool: true, Layout: sparse.Together, Filter: sparse.SlowCorrect})},
		{Name: "bloom", Doc: "layout, with the published double-hashing filter: 1 %, and fast", New: step(sparse.Options{Buffer: bufferBytes, Pool: true, Layout: sparse.Together, Filter: sparse.DoubleHash})},
		{Name: "front", Doc: "hash memtable, checksummed 1 KiB blocks, split-block filters, index in memory; no log", New: front(false)},
		{Name: "front-wal", Doc: "front, with a write-ahead log", New: front(true)},
		{Name: "bbolt", Doc: "go.etcd.io/bbolt, 10,000 puts a transaction, no sync", New: Peer(peers.OpenBolt), Peer: true},
		{Name: "goleveldb", Doc: "syndtr/goleveldb with a 10-bit filter, log, no sync", New: Peer(peers.OpenLevelDB), Peer: true},
	}
}

// MemtableBytes is the size at which the memtable of a store of so many entries
// is frozen: 4 MiB for the published million, in proportion below it, so that
// every run has the published 49 tables (of the published entries).
func MemtableBytes(entries int) int {
	const million, most, least = 1_000_000, 4 << 20, 1 << 10
	return max(least, min(most, int(int64(most)*int64(entries)/million)))
}

// step is a variant of the ladder: one store, whose tables differ.
func step(o sparse.Options) func(*lab.Env) (Engine, error) {
	return func(env *lab.Env) (Engine, error) {
		seed := env.Seed
		return trees(tree.Parts{
			Memtable: func() part.Memtable { seed++; return memtable.SkipList(seed) },
			Format:   sparse.New(o),
			Limit:    MemtableBytes(len(env.Data.Entries)),
		}), nil
	}
}

// front is the same store of the other parts.
func front(log bool) func(*lab.Env) (Engine, error) {
	return func(env *lab.Env) (Engine, error) {
		return trees(tree.Parts{
			Memtable: memtable.Hash, Format: block.New, Hash: block.Hash, Log: log,
			Limit: MemtableBytes(len(env.Data.Entries)),
		}), nil
	}
}

func trees(parts tree.Parts) Engine {
	return EngineFunc(func(dir string) (Store, error) {
		t, err := tree.Open(dir, parts)
		if err != nil {
			return nil, err // not a nil *tree.Tree in an interface that is not nil
		}
		return t, nil
	})
}

// Peer makes a variant of somebody else's store, those of other modules as well;
// memory is what it may hold before it writes, in bytes.
func Peer[S Store](open func(dir string, memory int) (S, error)) func(*lab.Env) (Engine, error) {
	return func(env *lab.Env) (Engine, error) {
		memory := MemtableBytes(len(env.Data.Entries))
		return EngineFunc(func(dir string) (Store, error) {
			s, err := open(dir, memory)
			if err != nil {
				return nil, err
			}
			return s, nil
		}), nil
	}
}
