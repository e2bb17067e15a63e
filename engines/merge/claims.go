package merge

import "assay/runner/lab"

// claims say that the direct loop is the faster, which was published without a
// figure: what counts as reproduced is the direction.
func claims() []lab.Claim {
	const authors = "TigerBeetle's log, which gives the direction and no figure"
	var all []lab.Claim
	for _, op := range []string{"interleaved", "stretches", "disjoint", "lopsided", "overwritten"} {
		all = append(all, lab.Claim{
			Op: op, Variant: "two-way", Base: "heap", Workload: random, Unit: "ns/op", Source: authors,
			Published: 1, Lo: 0, Hi: 1, Note: "below 1: a direct merge of two runs beats a heap of two",
		})
	}
	return all
}
