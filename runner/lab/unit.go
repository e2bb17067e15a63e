package lab

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
}
