package plan

import (
	"fmt"
	"slices"
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
