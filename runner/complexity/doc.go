// Package complexity reads how a cost grows from times measured at several
// sizes: constant, logarithmic, linear, linearithmic or quadratic, and how sure
// that is.
//
// Limits first. It ranks five curves over the sizes it is given; it proves
// nothing about sizes beyond, and "how sure" means among these five. A walk
// through the cache levels looks logarithmic or steeper for an algorithm that
// is constant, and the data cannot tell. n and n log n differ by one slowly
// growing factor: over a tenfold range no measurement on a shared machine
// separates them, and the weights say so. Sizes should span three decades.
// Constancy is never certain: a growth too slow to see fits as well, so the
// weight of O(1) often stays near one half. Read the interval of the slope then.
package complexity

import "strings"

// Point is one measured size.
type Point struct {
	N     float64 // size, from 1 to 1e18
	Time  float64 // time per operation in any one unit, above 0
	RelSE float64 // its standard error over Time; 0 if unknown
}

// Class is a way of growing.
type Class int

// The classes, from flat to steep.
const (
	Constant     Class = iota // O(1)
	Logarithmic               // O(log n)
	Linear                    // O(n)
	Linearithmic              // O(n log n)
	Quadratic                 // O(n²)
)

// String is the class in the usual notation, such as "O(n log n)".
func (c Class) String() string {
	names := [...]string{"O(1)", "O(log n)", "O(n)", "O(n log n)", "O(n²)"}
	if c < 0 || int(c) >= len(names) {
		return "O(?)"
	}
	return names[c]
}

// Model is one class fitted as A + B·f(n), with the natural logarithm in f.
type Model struct {
	Class  Class
	A, B   float64 // in the unit of Time; B >= 0, and 0 for Constant
	Weight float64 // the chance that it is this class, in [0, 1]; the weights of a Result sum to 1
}

// Result is what Fit found.
type Result struct {
	Models []Model // best first
	// Slope of log Time over log N with its 95 % interval: 0 is constant, 1
	// linear, 2 quadratic, and it needs no model to be right.
	Slope, SlopeLo, SlopeHi float64
	// Misfit is the relative deviation from the best curve beyond the points'
	// own errors: what the machine adds (steps at cache sizes, alignment).
	Misfit float64
}

// Best is the model with the largest weight.
func (r Result) Best() Model { return r.Models[0] }

// Sure is the weight from which a class is claimed.
const Sure = .95

// Plausible are the models that the points do not tell apart: the fewest, best
// first, whose weights reach [Sure] together.
func (r Result) Plausible() []Model {
	sum := 0.0
	for i, m := range r.Models {
		if sum += m.Weight; sum >= Sure {
			return r.Models[:i+1]
		}
	}
	return r.Models
}

// Claim says what the points carry, and no more: "O(n)", or "cannot tell O(n)
// from O(n log n)". Constancy is never claimed, since a growth too small to see
// fits as well.
func (r Result) Claim() string {
	if r.Best().Class == Constant {
		return "O(1), or a growth too small to see"
	}
	names := []string{}
	for _, m := range r.Plausible()[1:] {
		names = append(names, m.Class.String())
	}
	if len(names) == 0 {
		return r.Best().Class.String()
	}
	return "cannot tell " + r.Best().Class.String() + " from " + strings.Join(names, " or ")
}
