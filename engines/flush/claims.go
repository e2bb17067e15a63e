package flush

import "assay/runner/lab"

const (
	author = "the store's author"
	trial  = "a trial of a million entries on a loaded 2-core Zen 5"
)

// claims are the published figures and those of an earlier trial. Times are
// claimed as ratios: the machine differs, the ratio should not.
func claims() []lab.Claim {
	return append(ratios(),
		lab.Claim{
			Op: "flush", Variant: "per-field", Workload: published, Unit: "writes/entry", Source: author,
			Published: 4, Lo: 4, Hi: 4, Note: "length, key, length, value",
		},
		lab.Claim{
			Op: "flush", Variant: "buffered-64k", Workload: published, Unit: "writes/entry", Source: author,
			Published: 0.00233, Lo: 0, Hi: 0.00235, Note: "one call per 64 KiB and one for the rest, 153 of 65,536 entries",
		},
	)
}

func ratios() []lab.Claim {
	var all []lab.Claim
	for _, x := range []struct {
		variant, base     string
		published, lo, hi float64
		note              string
	}{
		{"buffered-64k", "per-field", 0.65 / 3.67, 0, 1.0 / 3, "with the store around it; the writes alone gain more"},
		{"buffered-64k", "per-field", 50.0 / 3165, 0, 1.0 / 3, ""},
		{"per-entry", "per-field", 864.0 / 3165, 0.2, 0.35, "a call costs 700 ns, whatever it writes"},
		{"vectored", "buffered-64k", 140.0 / 50, 1.2, 4, "no copy, and slower than a buffer"},
		{"giant", "slab", 137.0 / 48, 1.2, 4, "the trial's table was 154 MB and fell out of every cache; 10 MB do not, so this one need not reproduce"},
		{"slab-allocated", "slab", 39.0 / 48, 0.5, 0.95, ""},
		{"slab-direct", "slab", 27.0 / 48, 0.3, 0.95, "the kernel copies nothing, but waits: look at wall time as well"},
		{"indexed", "goleveldb", 40.0 / 87, 0, 0.5, "the aim, against the peer as its store runs it"},
		{"indexed", "goleveldb-buffered", 40.0 / 87, 0, 0.5, "the aim, against a peer given a buffer that it does not come with; the floor of the null variant is in both times and weighs more in the smaller"},
	} {
		all = append(all, lab.Claim{
			Op: "flush", Variant: x.variant, Base: x.base, Workload: published, Unit: "ns/op",
			Source: trial, Published: x.published, Lo: x.lo, Hi: x.hi, Note: x.note,
		})
	}
	return all
}
