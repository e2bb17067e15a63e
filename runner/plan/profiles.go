package plan

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// What the passes of a crowd may take beyond the first of each operation: a part
// of the budget, and half a minute in any run.
const (
	mostProfiling = 0.75
	anyProfiling  = 30 * time.Second
)

// Profiles are the kinds of profile that a run takes, each in passes of its own.
type Profiles []string

// Kinds are all there are: where CPU time goes; what is allocated and what of it
// stays (heap, sampled every 4 KiB; allocs, every allocation); how long
// goroutines wait for locks (mutex) and for anything (block); and an execution
// trace.
func (Profiles) Kinds() []string {
	return []string{"cpu", "heap", "allocs", "mutex", "block", "trace"}
}

// Check says which of the kinds is none, or is named twice.
func (p Profiles) Check() error {
	for i, kind := range p {
		if !slices.Contains(p.Kinds(), kind) {
			return unknown("profile", kind, append(p.Kinds(), "none"))
		}
		if slices.Contains(p[:i], kind) {
			return fmt.Errorf("--profile names %s twice", kind)
		}
	}
	return nil
}

// MostProfiling is when profiling takes no more passes but each operation's first.
func (p Plan) MostProfiling() time.Duration {
	if !p.Limited() {
		return math.MaxInt64
	}
	return max(anyProfiling, time.Duration(mostProfiling*p.Budget*float64(time.Second)))
}
