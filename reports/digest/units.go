package digest

import "math"

// Varying lists the exact units of one operation in which variants differ,
// those with higher-is-better first. A unit that is the inverse of one listed
// (bytes per entry beside entries per page) is left out: it says the same again.
func Varying(op []Group) []Unit {
	seen, higher, lower := map[string]bool{}, []Unit{}, []Unit{}
	for _, g := range op {
		for _, u := range g.Units {
			if _, same := g.Constant(u.Name); !u.Exact || seen[u.Name] || same || len(g.Rows) < 2 {
				continue
			}
			seen[u.Name] = true
			if u.Better == "higher" {
				higher = append(higher, u)
			} else {
				lower = append(lower, u)
			}
		}
	}
	out := []Unit{}
	for _, u := range append(higher, lower...) {
		if !inverse(op, u.Name, out) {
			out = append(out, u)
		}
	}
	return out
}

// inverse says whether a unit times one of the others is the same everywhere.
// Half a percent is allowed, since the mean of inverses is not the inverse of
// the mean.
func inverse(op []Group, unit string, others []Unit) bool {
	for _, o := range others {
		lo, hi := math.Inf(1), 0.0
		for _, g := range op {
			for _, r := range g.Rows {
				if p := r.Stats[unit].Value() * r.Stats[o.Name].Value(); p > 0 {
					lo, hi = math.Min(lo, p), math.Max(hi, p)
				}
			}
		}
		if hi > 0 && hi/lo < 1.005 {
			return true
		}
	}
	return false
}
