package lab

import (
	"slices"
	"strings"
)

// The two directions of a [Unit], as the Go benchmark format spells them.
const (
	Higher = "higher"
	Lower  = "lower"
)

// Unit is one quantity an operation reports, declared before the run.
//
// An exact unit (entries per page, false positives, write calls) is the same
// on every machine for the same seed: it is counted in a pass of its own and
// compared by equality. A noisy unit (any time) is sampled and compared by
// intervals. Mixing the two up is how a benchmark starts to lie, so the choice
// is part of the declaration and not of the report.
type Unit struct {
	Name   string `json:"name"`   // as printed: "entries/page"
	Better string `json:"better"` // Higher or Lower
	Exact  bool   `json:"exact"`  // compared by equality
	Doc    string `json:"doc,omitempty"`

	// Derived units are filled in by the harness, which sees what no operation
	// can, for families that declare them: a name that ends in "/s" is
	// operations per second of wall time, from the same slices and pairs as
	// wall-ns/op; "cpu-ns/op" is the CPU time of the whole process, for
	// operations that wait and are therefore decided on wall time;
	// "gc-cycles/op" are collections and "resident-bytes" the most memory the
	// process ever held, clients and inputs included. All but the first are
	// only known where variants have processes of their own (Family.Isolated).
	Derived bool `json:"derived,omitempty"`
}

// knownToHarness says that the harness knows how to derive the unit.
func (u Unit) knownToHarness() bool {
	return strings.HasSuffix(u.Name, "/s") || slices.Contains([]string{"cpu-ns/op", "gc-cycles/op", "resident-bytes"}, u.Name)
}
