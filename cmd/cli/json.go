package cli

import (
	"encoding/json"
	"math"

	"assay/profiles/perop"
	"assay/runner/result"
	"assay/runner/stats"
	"assay/runner/verdict"
)

// encode prints what --json of a verb prints.
func (a *app) encode(v any) error {
	enc := json.NewEncoder(a.Out)
	enc.SetIndent("", " ")
	return enc.Encode(v)
}

// comparedRuns is `assay compare --json`.
type comparedRuns struct {
	Schema      string           `json:"schema"`
	Before      string           `json:"before"` // the folders
	After       string           `json:"after"`
	NotCompared string           `json:"times_not_compared,omitempty"` // the reason
	Warnings    []string         `json:"warnings"`                     // what the runs say against themselves
	Rows        []verdict.Across `json:"rows"`
}

// profiled says of which profile a verb speaks.
type profiledOf struct {
	Schema string `json:"schema"`
	result.Key
	Kind string `json:"kind"` // cpu, heap, allocs, mutex or block
	Unit string `json:"unit"` // per operation
}

func (s stored) profiledOf(unit string) profiledOf {
	g := s.plan()
	return profiledOf{"assay-profile/1", result.Key{Family: g.Family, Op: g.Op, Workload: g.Workload, Scenario: g.Scenario}, s.kind, unit}
}

// topOf is `assay profile top --json`.
type topOf struct {
	profiledOf
	Variants []topVariant `json:"variants"`
}

type topVariant struct {
	Variant   string     `json:"variant"`
	Restarts  int        `json:"restarts"`
	Total     perOp      `json:"total"`
	Functions []topEntry `json:"functions"` // by what they cost
}

type topEntry struct {
	Function string `json:"function"`
	Flat     perOp  `json:"flat"` // in its own code
	Own      perOp  `json:"own"`  // with what the runtime did for it
	Cum      perOp  `json:"cum"`  // with what it calls
}

func topEntries(rows []perop.Row) []topEntry {
	out := make([]topEntry, 0, len(rows))
	for _, r := range rows {
		out = append(out, topEntry{r.Function, perOpOf(r.Flat), perOpOf(r.Own), perOpOf(r.Cum)})
	}
	return out
}

// diffOf is `assay profile diff --json`: variant minus base.
type diffOf struct {
	profiledOf
	Base      string      `json:"base"`
	Variant   string      `json:"variant"`
	From      perOp       `json:"from"` // the whole operation of the base
	To        perOp       `json:"to"`
	Total     perOp       `json:"total"`
	Functions []diffEntry `json:"functions"` // by the size of the difference
	Why       string      `json:"why"`
}

type diffEntry struct {
	topEntry
	Culprit bool `json:"culprit"` // it holds, all functions considered
}

func diffEntries(changes []perop.Change) []diffEntry {
	out := make([]diffEntry, 0, len(changes))
	for _, c := range changes {
		out = append(out, diffEntry{topEntry{c.Function, perOpOf(c.Flat), perOpOf(c.Own), perOpOf(c.Cum)}, c.Real})
	}
	return out
}

// perOp is a figure with its 95 % interval over restarts; one restart has none.
type perOp struct {
	Est float64  `json:"est"`
	Lo  *float64 `json:"lo,omitempty"`
	Hi  *float64 `json:"hi,omitempty"`
}

func perOpOf(i stats.Interval) perOp {
	out := perOp{Est: i.Est}
	if !math.IsInf(i.Lo, 0) && !math.IsInf(i.Hi, 0) && !math.IsNaN(i.Lo) && !math.IsNaN(i.Hi) {
		out.Lo, out.Hi = &i.Lo, &i.Hi
	}
	return out
}
