package suffix

import "assay/runner/lab"

const author = "the authors of the query engine"

// claims are what counts as reproduced: the heap of the first grows with the
// terms, that of the second does not, and a field made at index time visits
// only what matches. A term of 59 bytes takes 64 on the heap, 24 in the list.
func claims() []lab.Claim {
	var all []lab.Claim
	for _, x := range []struct {
		workload string
		terms    float64
	}{{few, 4096}, {some, 16384}, {many, 65536}} {
		all = append(all,
			lab.Claim{Variant: "materialise", Workload: x.workload, Unit: "peak-heap-bytes", Lo: 80 * x.terms, Hi: 120 * x.terms, Note: "grows with the terms"},
			lab.Claim{Variant: "materialise", Workload: x.workload, Unit: "B/op", Lo: 80 * x.terms, Hi: 240 * x.terms, Note: "grows with the terms"},
			lab.Claim{Variant: "stream", Workload: x.workload, Unit: "peak-heap-bytes", Hi: 32 << 10, Note: "flat: what the runtime itself gives and takes"},
			lab.Claim{Variant: "stream", Workload: x.workload, Unit: "B/op", Note: "flat"},
			lab.Claim{Variant: "stream", Workload: x.workload, Unit: "visited/op", Lo: x.terms, Hi: x.terms, Note: "every term"},
			lab.Claim{Variant: "boolean", Workload: x.workload, Unit: "visited/hit", Published: 1, Lo: 1, Hi: 1, Note: "only what matches"},
			lab.Claim{Variant: "postfix", Workload: x.workload, Unit: "visited/hit", Published: 1, Lo: 1, Hi: 1, Note: "only what matches"},
			lab.Claim{Variant: "boolean", Workload: x.workload, Unit: "B/op"},
			lab.Claim{Variant: "postfix", Workload: x.workload, Unit: "B/op"},
			lab.Claim{Variant: "boolean", Base: "stream", Workload: x.workload, Unit: "ns/op", Hi: 0.1},
		)
	}
	for i := range all {
		all[i].Op, all[i].Source = "known", author
	}
	return all
}
