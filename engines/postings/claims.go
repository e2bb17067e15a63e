package postings

import "assay/runner/lab"

const (
	trial   = "a trial on a loaded 2-core Zen 5"
	author  = "the authors of the 32-bit layout and of its successor"
	goal    = "what this family aims for"
	counted = "counted from the layout and the law of the steps"
)

// floors are the entropies of the laws in bytes an id: of a geometric step of
// mean m about log2(m)+1.44 bits, of a tag 4.
const (
	floorDense  = 0.53
	floorTagged = 1.73
	floorRare   = 3.43
)

// claims are figures of an earlier trial, aims, and what must hold exactly. The
// trial's windows began at the first id of a page: where the figure depends on
// that, it is claimed of the variant that does so too.
func claims() []lab.Claim {
	return append(densities(),
		packed("pfor64-at-once", 1), packed("pfor64-section", 1.0/256), packed("pfor64", 1.0/1024),
		lab.Claim{Op: "churn", Workload: dense, Variant: "pfor64", Unit: "count-error", Source: author, Note: "after duplicates and removals"},
		lab.Claim{Op: "churn", Workload: dense, Variant: "columns", Unit: "count-error", Source: author, Note: "after duplicates and removals"},
		lab.Claim{Op: "scan", Workload: dense, Variant: "pfor64", Unit: "ns/op", Source: goal, Published: 0.95, Hi: 1, Note: "with the sum of the ids, a third of a nanosecond; a busy machine adds to both"},
		lab.Claim{Op: "scan", Workload: dense, Variant: "pfor64", Base: "uvarint", Unit: "ns/op", Source: trial, Published: 0.95 / 1.29, Lo: 0.4, Hi: 1.3, Note: "a byte an id without exception is the best case of uvarint"},
		lab.Claim{Op: "scan", Workload: tagged400, Variant: "pfor64", Base: "uvarint", Unit: "ns/op", Source: trial, Published: 1.17 / 2.57, Lo: 0.15, Hi: 0.7},
		lab.Claim{Op: "scan", Workload: dense, Variant: "pfor64", Base: "pfor32", Unit: "ns/op", Source: author, Published: 1, Lo: 0.9, Hi: 1.1, Note: "64 bits cost dense lists no time"},
	)
}

// packed claims how often a page is packed for each of 1024 new ids.
func packed(variant string, per float64) lab.Claim {
	return lab.Claim{Op: "insert", Workload: dense, Variant: variant, Unit: "compressions/op", Source: author, Published: per, Lo: per, Hi: per, Note: "for 1024 ids into one page"}
}

func densities() []lab.Claim {
	all := []lab.Claim{
		{Workload: dense, Variant: "pfor64", Base: "pfor32", Source: author, Published: 1, Lo: 0.9, Hi: 1.1, Note: "64 bits cost dense lists no room"},
		{Workload: rare, Variant: "pfor32", Source: counted, Published: 6446, Lo: 6446 * 0.97, Hi: 6446 * 1.03, Bound: floorRare, Note: "aligned windows of half the mean step: 2(1-exp(-1/2)) pages an id"},
		{Workload: apart, Variant: "pfor32-reserved", Source: author, Published: 8192, Lo: 8192, Hi: 8192, Note: "no two ids within 2^21: a page each"},
		{Workload: apart, Variant: "pfor64", Source: author, Hi: 16, Note: "the same ids"},
		{Workload: clustered, Variant: "pfor32", Source: trial, Published: 78.9, Lo: 78.9 * 0.92, Hi: 78.9 * 1.08, Note: "a page a run; 630 runs of random length are known to 4 %"},
	}
	for _, x := range []struct {
		workload, variant, source string
		published, lo, hi, bound  float64
	}{
		{dense, "uvarint", trial, 1.00, 1, 1.05, floorDense},
		{dense, "pfor32", trial, 0.67, floorDense, 0.68, floorDense},
		{dense, "pfor64", trial, 0.672, floorDense, 0.68, floorDense},
		{tagged400, "uvarint", trial, 3.00, 2.9, 3.1, floorTagged},
		{tagged400, "pfor32-anchored", trial, 2.67, floorTagged, 2.7, floorTagged},
		{tagged400, "pfor64", trial, 2.67, floorTagged, 2.7, floorTagged},
		{tagged400, "columns", trial, 1.92, floorTagged, 1.95, floorTagged},
		{rare, "pfor32-anchored", trial, 5470, 5470 * 0.97, 5470 * 1.03, floorRare},
		{rare, "pfor64", trial, 4.59, floorRare, 4.6, floorRare},
		{rare, "columns", goal, 3.85, floorRare, 3.85, floorRare},
		{clustered, "pfor64", trial, 0.336, 0.25, 0.35, 0},
	} {
		all = append(all, lab.Claim{
			Workload: x.workload, Variant: x.variant, Source: x.source, Published: x.published,
			Lo: x.lo, Hi: x.hi, Bound: x.bound,
		})
	}
	for _, x := range []struct {
		workload, note   string
		published, slack float64
	}{
		{dense, "the last of eight containers is half empty, and takes as much", 0.943, 0.08},
		{tagged400, "", 10.0, 0.03},
		{rare, "", 17.6, 0.03},
		{clustered, "", 2.2, 0.03},
	} {
		for _, peer := range peers() {
			all = append(all, lab.Claim{
				Workload: x.workload, Variant: peer.Name, Source: trial, Published: x.published,
				Lo: x.published * (1 - x.slack), Hi: x.published * (1 + x.slack), Note: x.note,
			})
		}
	}
	for i := range all {
		all[i].Op, all[i].Unit = "build", "bytes/entry"
	}
	return all
}
