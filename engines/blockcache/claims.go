package blockcache

import (
	"math"

	"assay/runner/lab"
)

// claims are of safety, which is exact, and of the direction of two times, for
// which no figure was published.
func claims() []lab.Claim {
	const found = "TigerBeetle's log: the defect as found, and its mends"
	safe := func(op, variant, unit string, want, hi float64) lab.Claim {
		return lab.Claim{Op: op, Variant: variant, Workload: skewed, Unit: unit, Source: found, Published: want, Lo: want, Hi: hi}
	}
	all := []lab.Claim{
		safe("collision", "stale", "stale-reads/op", 2, 2),
		safe("collision", "stale", "double-reads/op", 1, 1),
	}
	wrong := safe("in-flight", "stale", "stale-reads/op", math.SmallestNonzeroFloat64, 1)
	wrong.Source, wrong.Published, wrong.Note = "the first run of this family", 0.00064, "how often depends on the load; that it happens does not"
	all = append(all, wrong)
	for _, variant := range []string{"key-on-reserve", "swap", "map-lru"} {
		for _, op := range []string{"collision", "in-flight"} {
			all = append(all, safe(op, variant, "stale-reads/op", 0, 0), safe(op, variant, "double-reads/op", 0, 0))
		}
	}
	return append(all, lab.Claim{
		Op: "write", Variant: "swap", Base: "key-on-reserve", Workload: skewed, Unit: "ns/op",
		Source: "arithmetic: 64 KiB at 20 GB/s, against 30 ns", Published: 0.01, Lo: 0, Hi: 0.2,
		Note: "the log gives no figure",
	})
}
