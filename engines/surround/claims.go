package surround

import (
	"fmt"
	"math"

	"assay/runner/lab"
)

const (
	client = "the client's authors"
	trial  = "an earlier trial, CPU time on a busy machine"
	rules  = "the bound that counts as reproduced"
	aim    = "the aim"

	small = "sequential,count=100"
)

// claims are of one history of 54,000 votes, and of how things grow up to it.
func claims() []lab.Claim {
	all := append(counts(), ratios()...)
	all = append(all, growths()...)
	all = append(all, aims()...)
	all = append(all, lab.Claim{
		Op: "uniform", Variant: "seek-block", Base: "seek-target", Workload: full, Unit: "ns/op", Source: aim, Published: .8, Hi: .8,
		Note: "one entry for 125 votes: 35 leaves instead of 425 for 54,000, which stay in the second cache",
	})
	return append(all, lab.Claim{
		Op: "concurrent", Variant: "scan", Workload: full, Unit: "ns/op", Source: client, Published: 300e6 / crowd, Hi: 600e6 / crowd,
		Note: "published as 300 ms for 2,000 scans at once, here per scan, and taken as reproduced up to twice that: two CPUs of their own take 420 ms for 2,000 scans of 0.42 ms, two that others use as well take longer",
	})
}

// counts are exact.
func counts() []lab.Claim {
	const n = 54_000
	visited := func(op, variant string, published, lo, hi float64, note string) lab.Claim {
		return lab.Claim{Op: op, Variant: variant, Workload: full, Unit: "visited/op", Source: rules, Published: published, Lo: lo, Hi: hi, Note: note}
	}
	all := []lab.Claim{
		visited("next", "two-buckets", 2, 1, 2, "one vote at the end of each bucket"),
		visited("next", "one-bucket", 1, 1, 1, ""),
		visited("old", "two-buckets", 2*n, 1.99*n, 2*n, "the early exit does not help an adversary's vote: both buckets are walked, twice the work of a scan"),
		visited("old", "one-bucket", n, .99*n, n, ""),
	}
	for _, op := range []string{"next", "tip", "uniform", "old"} {
		all = append(all, visited(op, "scan", n, n, n, "every vote, although the answer is safe"),
			visited(op, "seek", 2, 1, 2, "at most the two neighbours"), visited(op, "seek-target", 2, 1, 2, "at most the two neighbours"),
			visited(op, "seek-block", 7, 7, 7, "the halvings of a block: bbolt's own, above it, are counted for no variant"))
	}
	return all
}

// ratios compare variants under one workload.
func ratios() []lab.Claim {
	var all []lab.Claim
	for _, x := range []struct {
		op, variant, base string
		published, lo, hi float64
		note              string
	}{
		{"next", "two-buckets", "scan", 1. / 690, 0, 1. / 100, "421 us against 0.61"},
		{"uniform", "two-buckets", "scan", 1 / 1.3, .4, 1.2, "a vote from anywhere in the history is hardly cheaper than a scan"},
		{"next", "seek", "scan", .49 / 421, 0, 1. / 100, "0.49 us"},
		{"uniform", "seek", "scan", 1. / 194, 0, 1. / 60, "2.1 us: the pages it descends are not in the first cache"},
		{"old", "two-buckets", "scan", 2, .8, 4, "O(n) for both, and more for the one with an early exit"},
		{"next", "spans", "two-buckets", 1.7 / 610, 0, 1. / 20, ""},
		{"next", "null-transaction", "two-buckets", .93, .6, 1, "the trial put 93 % of a walk that stops at once down to the read transaction; here the buckets and cursors that the walk opens weigh more: of its 15 allocations the transaction makes 3"},
	} {
		all = append(all, lab.Claim{
			Op: x.op, Variant: x.variant, Base: x.base, Workload: full, Unit: "ns/op", Source: trial,
			Published: x.published, Lo: x.lo, Hi: x.hi, Note: x.note,
		})
	}
	return all
}

// growths compare a history of 54,000 votes with one of 100: a run over both
// sizes has them, for example with --sweep count=100,1k,10k,54k.
func growths() []lab.Claim {
	var all []lab.Claim
	for _, x := range []struct {
		op, variant, unit string
		lo, hi            float64
		note              string
	}{
		{"next", "scan", "ns/op", 100, 540 * 4, "540 times the votes; what a check costs beside them weighs at 100"},
		{"next", "two-buckets", "ns/op", 0, 3, "flat but for the depth of the tree"},
		{"next", "one-bucket", "ns/op", 0, 3, ""},
		{"next", "seek", "ns/op", 0, 3, ""},
		{"uniform", "seek", "ns/op", 0, 5, "deeper, and out of the first cache"},
		{"old", "scan", "ns/op", 100, 540 * 4, ""},
		{"old", "two-buckets", "ns/op", 100, 540 * 4, "as steep as the scan"},
		{"next", "scan", "visited/op", 540, 540, ""},
		{"next", "two-buckets", "visited/op", 1, 1, ""},
	} {
		all = append(all, lab.Claim{
			Op: x.op, Variant: x.variant, Workload: full, BaseWorkload: small, Unit: x.unit, Source: rules,
			Published: math.Min(x.hi, 540), Lo: x.lo, Hi: x.hi, Note: x.note,
		})
	}
	return all
}

// aims are absolute times: on a slower or busier machine they need not hold.
func aims() []lab.Claim {
	var all []lab.Claim
	for _, x := range []struct {
		variant   string
		most      float64
		published map[string]float64 // what the trial measured
	}{
		{"seek", 3000, map[string]float64{"next": 490, "uniform": 2100}},
		{"seek-target", 3000, map[string]float64{}},
		{"seek-block", 3000, map[string]float64{}},
		{"spans", 10, map[string]float64{"next": 1.7, "uniform": 8.5}},
	} {
		for _, op := range []string{"next", "tip", "uniform", "old", "slashable"} {
			for _, workload := range []string{full, lagging} {
				c := lab.Claim{Op: op, Variant: x.variant, Workload: workload, Unit: "ns/op", Source: aim, Published: x.most, Hi: x.most}
				if was, ok := x.published[op]; ok && workload == full {
					c.Source, c.Published, c.Note = trial, was, fmt.Sprintf("the aim is at most %g", x.most)
				}
				all = append(all, c)
			}
		}
	}
	return all
}
