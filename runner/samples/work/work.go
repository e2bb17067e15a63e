// Package work holds what counting passes found, as the journal keeps it.
package work

import "math"

// Pass is one counting pass of one group: what its arms did per operation.
type Pass struct {
	Group int    `json:"group"`
	Way   string `json:"way"` // perf, simulated or calls
	How   string `json:"how"` // by what exactly, for people
	Arms  []Arm  `json:"arms"`

	Promises map[string]Promise `json:"promises"` // by unit
}

// Arm is what one arm did per operation, by unit. Inexact units differ by more
// than was promised, or nobody knows how much: they are not compared by value.
type Arm struct {
	Arm     string             `json:"arm"`
	Ops     int64              `json:"ops"`
	Units   map[string]float64 `json:"units"`
	Inexact []string           `json:"inexact,omitempty"`
}

// Promise says how closely a count repeats: to a share of it, or to so much per
// operation, whichever is more.
type Promise struct {
	Share float64 `json:"share,omitempty"`
	Slack float64 `json:"slack,omitempty"`
}

// Keeps says that two counts differ by no more.
func (p Promise) Keeps(x, y float64) bool {
	return math.Abs(x-y) <= math.Max(p.Slack, p.Share*math.Max(math.Abs(x), math.Abs(y)))
}
