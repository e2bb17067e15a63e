package page

import "assay/runner/lab"

// The information bound of a page: the entropy of the mixture, the order of
// the entries being free.
const (
	boundRealistic = 1189
	boundFull      = 1148
)

// claims are the densities their author published, one page each, beside the
// mean of many pages; the tolerance covers the mean of at least 200 pages.
func claims() []lab.Claim {
	const author = "RavenDB, one page"
	const many = "a re-implementation, mean of 2,000 pages"
	const missing = "the published list of 15 size pairs is incomplete; a table without (3,5) or (5,3) gives the published count, the 15 most frequent pairs give more"
	density := func(variant, workload, source string, published, mean, tolerance, bound float64, note string) lab.Claim {
		return lab.Claim{
			Op: "fill", Variant: variant, Workload: workload, Unit: "entries/page", Source: source, Published: published,
			Lo: mean - tolerance, Hi: mean + tolerance, Bound: bound, Note: note,
		}
	}
	return []lab.Claim{
		density("raw", "realistic", author, 511, 511, 0, boundRealistic, ""),
		density("raw", "full", author, 511, 511, 0, boundFull, ""),
		density("varint", "realistic", author, 712, 712.6, 1.5, boundRealistic, ""),
		density("varint", "full", author, 710, 708.8, 2, boundFull, ""),
		density("nibble", "realistic", author, 759, 758.7, 1.5, boundRealistic, ""),
		density("nibble", "full", author, 752, 752.3, 2, boundFull, ""),
		density("offset-nibble", "realistic", author, 784, 784, 1.5, boundRealistic, missing),
		density("offset-nibble", "full", author, 765, 765, 2, boundFull, missing),
		density("offset-nibble", "realistic", many, 794.7, 794.7, 1.5, boundRealistic, ""),
		density("offset-nibble", "full", many, 774.5, 774.5, 2, boundFull, ""),
		density("offset-nibble-parity", "realistic", many, 795.9, 795.9, 1.5, boundRealistic, ""),
		density("offset-nibble-parity", "full", many, 781.9, 781.9, 2, boundFull, ""),
	}
}
