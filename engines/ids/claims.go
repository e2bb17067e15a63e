package ids

import "assay/runner/lab"

// claims are what follows from the order of keys: no figure was published.
func claims() []lab.Claim {
	const order = "arithmetic: tables of keys in order do not overlap"
	const slip = "TigerBeetle's log, which gives no figure: reversed ids cost what random ones do"
	return []lab.Claim{
		{Op: "insert", Variant: "sequential", Workload: inOrder, Unit: "rewritten-bytes/entry", Source: order, Published: 0, Lo: 0, Hi: 0},
		{Op: "insert", Variant: "sequential", Workload: inOrder, Unit: "write-amplification", Source: order, Published: 1, Lo: 1, Hi: 1},
		{Op: "insert", Variant: "reversed", Base: "random", Workload: inOrder, Unit: "write-amplification", Source: slip, Published: 1, Lo: 0.8, Hi: 1.25},
		{Op: "insert", Variant: "reversed", Base: "sequential", Workload: inOrder, Unit: "ns/op", Source: "the bound that counts as reproduced", Published: 1.5, Lo: 1.5, Hi: 50},
	}
}
