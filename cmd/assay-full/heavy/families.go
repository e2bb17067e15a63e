package heavy

import (
	"slices"

	"github.com/cockroachdb/pebble/v2/sstable"

	"assay/engines/flush"
	"assay/engines/lsm"
	"assay/runner/lab"
)

// Stores is the family lsm with pebble and badger.
func Stores() lab.Family[lsm.Engine] {
	f := lsm.Family
	pebble := func(log bool) func(dir string, memory int) (*Pebble, error) {
		return func(dir string, memory int) (*Pebble, error) { return OpenPebble(dir, memory, log) }
	}
	f.Variants = append(slices.Clone(f.Variants),
		lab.Variant[lsm.Engine]{Name: "pebble", Doc: "cockroachdb/pebble without its log, filters of 10 bits; keeps versions, levels and concurrent writers", New: lsm.Peer(pebble(false)), Peer: true},
		lab.Variant[lsm.Engine]{Name: "pebble-wal", Doc: "pebble as it comes, with its log, no sync", New: lsm.Peer(pebble(true)), Peer: true},
		lab.Variant[lsm.Engine]{Name: "badger", Doc: "dgraph-io/badger, log, no sync; keeps versions and transactions", New: lsm.Peer(OpenBadger), Peer: true},
	)
	f.Claims = append(slices.Clone(f.Claims), storeClaims()...)
	return f
}

// Writers is the family flush with pebble's table writers.
func Writers() lab.Family[flush.Writer] {
	f := flush.Family
	table := func(format sstable.TableFormat, buffer int) func(*lab.Env) (flush.Writer, error) {
		return func(*lab.Env) (flush.Writer, error) { return NewTable(format, buffer), nil }
	}
	const rows, columns, ours = sstable.TableFormatPebblev4, sstable.TableFormatMax, 256 << 10
	f.Variants = append(slices.Clone(f.Variants),
		lab.Variant[flush.Writer]{Name: "pebble-rows", Doc: "cockroachdb/pebble/sstable, blocks of rows, with filter, no compression, through the 4 KiB of its store", New: table(rows, storeBuffer), Peer: true},
		lab.Variant[flush.Writer]{Name: "pebble-rows-buffered", Doc: "the same through 256 KiB", New: table(rows, ours), Peer: true},
		lab.Variant[flush.Writer]{Name: "pebble-columns", Doc: "pebble-rows in its newest format, blocks of columns", New: table(columns, storeBuffer), Peer: true},
		lab.Variant[flush.Writer]{Name: "pebble-columns-buffered", Doc: "the same through 256 KiB", New: table(columns, ours), Peer: true},
	)
	f.Claims = append(slices.Clone(f.Claims), tableClaims()...)
	return f
}
