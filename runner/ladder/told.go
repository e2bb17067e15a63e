package ladder

// Told is a ladder as one run measured it, part of result.json.
type Told struct {
	Family    string   `json:"family"`
	Workload  string   `json:"workload"`  // of the run
	Published string   `json:"published"` // what the author ran
	Entries   int      `json:"entries"`   // loaded in the run; phases are as much smaller or larger than the author's
	Source    string   `json:"source"`
	Slips     []string `json:"slips,omitempty"`
	Steps     []Step   `json:"steps"` // the rungs that were measured, from the bottom up
	Parts     []Part   `json:"parts,omitempty"`
}

// Step is one rung in all phases.
type Step struct {
	Variant string `json:"variant"`
	Changed string `json:"changed"`
	Cells   []Cell `json:"cells"` // one for each phase
}

// Cell is one rung in one phase. Seconds are of the whole phase; nil is unknown.
// Changes are ratios of time, this rung over the one before and over the lowest;
// nil on the lowest rung itself.
type Cell struct {
	Op              string   `json:"op"`
	Doc             string   `json:"doc"`
	Times           float64  `json:"times"` // operations in the phase, of the run
	Note            string   `json:"note,omitempty"`
	Published       *float64 `json:"published_s,omitempty"`
	PublishedBefore *float64 `json:"published_before,omitempty"`
	PublishedBase   *float64 `json:"published_base,omitempty"`
	Measured        *float64 `json:"measured_s,omitempty"`
	Before          *Change  `json:"before,omitempty"`
	Base            *Change  `json:"base,omitempty"`
}

// Change is a measured ratio with its 95 % interval and verdict.
type Change struct {
	Ratio    float64 `json:"ratio"`
	Lo       float64 `json:"lo"`
	Hi       float64 `json:"hi"`
	Verdict  string  `json:"verdict"`
	Restarts int     `json:"restarts"`
	Clock    string  `json:"clock"`
}

// Part is a split step: what each half of it did, phase by phase.
type Part struct {
	From   string `json:"from"`
	Via    string `json:"via"`
	To     string `json:"to"`
	First  string `json:"first"` // what changes from From to Via
	Second string `json:"second"`
	Halves []Half `json:"halves"` // one for each phase that was measured
}

// Half is a split step in one phase.
type Half struct {
	Op     string `json:"op"`
	Doc    string `json:"doc"`
	First  Change `json:"first"`
	Second Change `json:"second"`
	// Share is the first part's share of the logarithm of the whole change, 0
	// to 1; nil where the halves pull in different directions, or the whole
	// step has no verdict of faster or slower.
	Share *float64 `json:"share,omitempty"`
}
