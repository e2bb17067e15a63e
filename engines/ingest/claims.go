package ingest

import "assay/runner/lab"

const (
	author = "the broker's author, 10 runs"
	trial  = "a trial on a loaded 2-core Zen 5"
)

// claims are the published figures and those of an earlier trial. Records per
// second are claimed as ratios; allocations are exact.
func claims() []lab.Claim {
	var all []lab.Claim
	for _, x := range []struct {
		variant, base, source string
		published, lo, hi     float64
		note                  string
	}{
		{"sized", "parts", author, 1.53, 1.3, 10, "265k records/s against 173k"},
		{"sized", "parts", trial, 1.67, 1.3, 10, ""},
		{"pooled", "parts", author, 1.95, 1.3, 10, "338k records/s against 173k"},
		{"pooled", "parts", trial, 1.76, 1.3, 10, ""},
		{"pooled", "sized", author, 1.95 / 1.53, 1, 10, "both paired with parts"},
	} {
		all = append(all, lab.Claim{
			Op: "post", Variant: x.variant, Base: x.base, Workload: published, Unit: "records/s",
			Source: x.source, Published: x.published, Lo: x.lo, Hi: x.hi, Note: x.note,
		})
	}
	return append(all, allocations()...)
}

// allocations bound what the handler allocates for a request of any size.
func allocations() []lab.Claim {
	var all []lab.Claim
	for _, w := range []struct {
		workload string
		records  float64
	}{{published, 1024}, {fewer, 64}, {single, 1}, {short, 1024}} {
		claim := func(variant string, published, lo, hi float64, note string) {
			all = append(all, lab.Claim{
				Op: "handle", Variant: variant, Workload: w.workload, Unit: "allocs/request",
				Source: author, Published: published, Lo: lo, Hi: hi, Note: note,
			})
		}
		claim("parts", 12*w.records, 4*w.records, 24*w.records+100, "12 per record; at least 4 is what counts as growing with them")
		claim("sized", 76, 0, 120, "for every number of records")
		claim("pooled", 44, 0, 80, "for every number of records")
		if w.workload == published || w.workload == fewer {
			all = append(all, lab.Claim{
				Op: "handle", Variant: "pooled", Base: "sized", Workload: w.workload, Unit: "bytes/request",
				Source: trial, Published: 0.25, Lo: 0, Hi: 0.25, Note: "at most so much; a body of one record, or of few bytes, is less than what multipart itself takes: there the pool has little to save",
			})
		}
	}
	return all
}
