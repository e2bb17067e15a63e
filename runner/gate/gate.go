// Package gate says whether a run may pass: exact units by value against a
// committed baseline, times by the verdicts that the run itself reached, each
// within the budget that its row was given.
//
// Its limits first. A time that was measured on another day is never compared
// with one of today: what is judged is always a pair that one run measured side
// by side, a variant and its base, or two revisions. So a gate on times needs a
// run in which the pair is there.
//
// What a gate cannot judge it does not let pass. A run that was cut short, a row
// that is missing or failed, a rule that matches nothing, a baseline whose
// counts belong to another toolchain: each is an error, never a silent pass. An
// exact unit without a rule of its own has a budget of nothing against a
// baseline, and the run's threshold against the other revision.
//
// Everything here is pure: the same run, baseline and budgets give the same
// report, and reading and writing files is the caller's part.
package gate

import "assay/runner/result"

// Exit codes of a report, those of every verb.
const (
	codePass       = 0
	codeRegression = 1
	codeError      = 2
	codeUndecided  = 3
)

// The words of Row.Status and Report.Verdict.
const (
	pass       = "pass"
	improved   = "improved"
	regression = "regression"
	undecided  = "undecided"
	missing    = "missing"
	added      = "new"
	failure    = "error" // of a report
)

// Run is what is judged.
type Run struct {
	result.Result
	Dir   string // as the user named it
	Smoke bool   // measured at the smallest sizes
}

// Options are what a run is judged by. Both files may be absent.
type Options struct {
	Budgets  *Budgets
	Baseline *Baseline
	Strict   bool // undecided rows and rows that are not in the baseline do not pass
}

// Report is the judgement of a run.
type Report struct {
	Schema       string    `json:"schema"`
	Run          string    `json:"run"`
	Verdict      string    `json:"verdict"` // pass, regression, error or undecided
	Code         int       `json:"code"`    // exit code: 0, 1, 2 or 3, in the order of the verdicts
	Sentence     string    `json:"sentence"`
	Exact        int       `json:"exact"` // rows judged by value
	Timed        int       `json:"timed"` // rows judged by a verdict of the run
	Regressions  int       `json:"regressions"`
	Improvements int       `json:"improvements"` // beyond the budget
	Undecided    int       `json:"undecided"`
	Missing      int       `json:"missing"` // in the baseline and not in the run
	Added        int       `json:"new"`     // in the run and not in the baseline
	Rows         []Row     `json:"rows"`
	Problems     []Problem `json:"problems"`
	Notes        []string  `json:"notes"`
}

// Row is one unit of one case with its budget. Before and After are the two
// values of an exact unit, nil where there is none; Ratio, Lo and Hi are the
// variant over its base, of a time with its 95 % interval.
type Row struct {
	result.Key
	Variant string   `json:"variant"`
	Unit    string   `json:"unit"`
	Status  string   `json:"status"` // pass, improved, regression, undecided, missing or new
	Against string   `json:"against"`
	Before  *float64 `json:"before,omitempty"`
	After   *float64 `json:"after,omitempty"`
	Ratio   float64  `json:"ratio,omitempty"`
	Lo      float64  `json:"lo,omitempty"`
	Hi      float64  `json:"hi,omitempty"`
	Verdict string   `json:"verdict,omitempty"` // of a time, as the run has it
	Budget  string   `json:"budget"`            // "+2%": how far the unit may go in its bad direction
	Rule    string   `json:"rule,omitempty"`    // file:line of the budget; empty for the default
	Place   Place    `json:"place,omitzero"`    // of the baseline's row, where there is one
	Name    string   `json:"name"`              // family/op/variant workload, for people
	Text    string   `json:"text"`              // one sentence
}

// Problem is a reason not to pass that belongs to no row that was judged.
type Problem struct {
	Kind  string `json:"kind"` // wrong, failed, partial, unfit or, with Strict, new
	Name  string `json:"name"` // of the row, or of the run
	Text  string `json:"text"`
	Place Place  `json:"place,omitzero"`
	result.Key
}

// Place is a line of a file; the zero Place is unknown.
type Place struct {
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"` // from 1
}
