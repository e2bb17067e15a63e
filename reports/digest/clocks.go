package digest

import (
	"slices"

	"assay/runner/result"
)

// Wall is the unit of wall-clock time, which every timed case has beside Time.
const Wall = "wall-ns/op"

// percentiles of single operations, from the middle to the tail.
var percentiles = []string{"p50", "p90", "p99", "p99.9", "max"}

// Percentile returns which percentile of single operations a unit holds, as its
// name and its place in their order ("p99" and 2 for "p99-ns/op"), and whether
// it is one.
func Percentile(unit string) (name string, place int, ok bool) {
	for i, p := range percentiles {
		if unit == p+"-"+Time {
			return p, i, true
		}
	}
	return "", 0, false
}

// Spare says whether a unit belongs in a table of its own or among the details
// and not in the group's main table: percentiles always, and wall time where it
// tells nothing that Time does not.
func (g Group) Spare(unit string) bool {
	_, _, percentile := Percentile(unit)
	return percentile || unit == Wall && g.wallSpare()
}

// wallSpare says whether wall time may leave the main table: the processor's
// clock decided every row and the wall clock sees no other direction, or it
// decided them all and its column would repeat Time's. Where nothing was
// compared no clock decided, and both stay.
func (g Group) wallSpare() bool {
	compared, byWall := false, false
	for _, r := range g.Rows {
		if c, ok := r.Versus[Time]; ok && !r.Null && !r.Loud() {
			compared, byWall = true, byWall || c.Clock == "wall"
			if c.CPU != nil && c.Wall != nil && disagree(*c.CPU, *c.Wall) {
				return false
			}
		}
	}
	return compared && (!byWall || g.repeats(Wall, Time))
}

// disagree says whether two estimates point to different sides of 1 and at
// least one of them is sure of its side. Two that are both unsure scatter.
func disagree(a, b result.Estimate) bool {
	sure := func(e result.Estimate) bool { return e.Lo > 1 || e.Hi < 1 }
	return (a.Ratio-1)*(b.Ratio-1) < 0 && (sure(a) || sure(b))
}

// repeats says whether one unit has the values of another in every row.
func (g Group) repeats(unit, other string) bool {
	return !slices.ContainsFunc(g.Rows, func(r Row) bool { return r.Stats[unit].Value() != r.Stats[other].Value() })
}

// SlowMode returns the ratio of the slowest slices, and whether it differs
// clearly from the comparison's own: their intervals do not overlap.
func SlowMode(c result.Comparison) (result.Estimate, bool) {
	if c.P99 == nil || !(c.P99.Lo > 0) || !(c.Lo > 0) {
		return result.Estimate{}, false
	}
	return *c.P99, c.P99.Hi < c.Lo || c.P99.Lo > c.Hi
}
