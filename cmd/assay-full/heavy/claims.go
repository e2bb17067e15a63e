package heavy

import "assay/runner/lab"

const (
	trial = "an earlier trial on a loaded machine: pebble against a store without a log"

	// published is a million entries as the published store was measured with.
	published = "sequential,count=1000000,keyformat=key_,valuesize=128"
	// memtable is the published memtable, as family flush writes it.
	memtable = "sequential,keyformat=key_,valuesize=128"

	// unlike says what a ratio to pebble does not compare.
	unlike = "pebble also keeps versions for snapshots and iterators, takes writers from many goroutines, keeps levels so that no compaction rewrites everything, deletes ranges, and holds a block cache; the store of this project does none of that"
	behind = "pebble flushes and compacts behind its puts and pays for it here, the store of this project when it is told to: fill has that work in both"
)

// storeClaims are the aim of the store of our own, half of pebble's CPU time for
// each operation at the published size: without logs, and with.
func storeClaims() []lab.Claim {
	var all []lab.Claim
	for _, x := range []struct {
		op, note string
		told     float64
	}{
		{"put", behind, .24 / 1.05},
		{"fill", unlike, 0},
		{"get", unlike, 1.2 / 5.4},
		{"get-compacted", unlike, 1.2 / 4.0},
	} {
		for _, pair := range [][2]string{{"front", "pebble"}, {"front-wal", "pebble-wal"}} {
			c := lab.Claim{Op: x.op, Variant: pair[0], Base: pair[1], Workload: published, Unit: "ns/op", Source: "the aim", Published: .5, Hi: .5, Note: x.note}
			if x.told > 0 && pair[0] == "front" {
				c.Source, c.Published = trial, x.told
			}
			all = append(all, c)
		}
	}
	return all
}

// tableClaims are the aim of the indexed table against pebble's writers.
func tableClaims() []lab.Claim {
	var all []lab.Claim
	for _, base := range []string{"pebble-rows", "pebble-rows-buffered"} {
		all = append(all, lab.Claim{
			Op: "flush", Variant: "indexed", Base: base, Workload: memtable, Unit: "ns/op", Source: "a trial of a million entries", Published: 40. / 211, Hi: .5,
			Note: "pebble's table also has checksums of all blocks, shared prefixes, block properties and an index of two levels where it is large",
		})
	}
	return all
}
