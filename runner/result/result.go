// Package result holds what a run found, in the words of result.json.
//
// The types carry no behaviour beyond reading and writing themselves: they are
// derived from the journal of a run by package verdict and consumed by the
// reports and the gate, so each can be printed, stored and tested alone. The
// JSON names are a contract with tools outside this repository; fields may be
// added, never renamed.
package result

import (
	"assay/runner/host"
	"assay/runner/hotcode"
	"assay/runner/ladder"
	"assay/runner/sketch"
)

// Result is what a run found, as result.json holds it. It is derived from the
// journal by pure functions and can be rebuilt at any time.
type Result struct {
	Schema      string        `json:"schema"`
	Run         string        `json:"run"` // the name of the results folder
	Command     []string      `json:"command"`
	Seed        uint64        `json:"seed"`
	Commit      string        `json:"commit"`  // of assay's own source, "unknown" where the build does not say
	Started     string        `json:"started"` // RFC 3339
	Partial     bool          `json:"partial"` // stopped before its end; what is here was measured
	Alpha       float64       `json:"alpha"`   // chance of any false alarm in the whole run
	Threshold   float64       `json:"threshold"`
	Host        host.Host     `json:"host"`
	Cases       []Case        `json:"cases"`
	Comparisons []Comparison  `json:"comparisons"`
	Control     Control       `json:"control"`
	Rankings    []Ranking     `json:"rankings,omitempty"` // --scenario
	Curves      []Curve       `json:"curves,omitempty"`   // --sweep
	Claims      []Claim       `json:"claims,omitempty"`   // published figures beside measured ones
	Ladders     []ladder.Told `json:"ladders,omitempty"`  // published stories beside what was measured, step by step
	Sketches    []sketch.Told `json:"sketches,omitempty"` // what operations should cost beside what they did
	Wrong       []Wrong       `json:"wrong"`
	Failed      []Failure     `json:"failed"`
	Warnings    []string      `json:"warnings"`
	Profiles    []string      `json:"profiles"`

	// Profiling is what each kind of profiler cost: the median, over the operations
	// profiled, of the time per operation under the profiler over that of the timed
	// restarts, at 95 % (the extremes below 6 operations).
	Profiling map[string]Estimate `json:"profiling,omitempty"`

	// Code is the machine code of the hot functions, nil where no CPU profiles were
	// taken or the program could not be read.
	Code *hotcode.Code `json:"code,omitempty"`

	Sum string `json:"sum,omitempty"` // digest of this file without it: finds edits by hand
}

// Key names what was measured; it is flattened into each JSON object that holds it.
type Key struct {
	Family   string `json:"family"`
	Op       string `json:"op"`
	Workload string `json:"workload"`
	Scenario string `json:"scenario,omitempty"` // empty means alone on the machine
}

// Case is one variant under one operation and workload.
type Case struct {
	Key
	Variant string          `json:"variant"`
	Null    bool            `json:"null,omitempty"` // the harness's own cost, no contender
	Peer    bool            `json:"peer,omitempty"` // somebody else's library
	Units   map[string]Stat `json:"units"`
}

// Stat summarises one unit of one case. Exact units fill Mean, SD, Min, Max
// and N (N observations); noisy ones Median, Lo, Hi and N (N restarts), where
// Lo and Hi bound the median at 95 %.
type Stat struct {
	Mean   *float64 `json:"mean,omitempty"`
	SD     *float64 `json:"sd,omitempty"`
	Min    *float64 `json:"min,omitempty"`
	Max    *float64 `json:"max,omitempty"`
	Median *float64 `json:"median,omitempty"`
	Lo     *float64 `json:"lo,omitempty"`
	Hi     *float64 `json:"hi,omitempty"`
	N      int      `json:"n"`
	Better string   `json:"better"`
	Exact  bool     `json:"exact"`
	How    string   `json:"how,omitempty"`    // by what it was counted, where there are several ways
	Within float64  `json:"within,omitempty"` // of an exact unit: the share by which a repeat may differ; values that close are equal
	Slack  float64  `json:"slack,omitempty"`  // or by so much, if that is more
}

// Value is the number to print first: the mean of an exact unit, the median of a noisy one.
func (s Stat) Value() float64 {
	switch {
	case s.Mean != nil:
		return *s.Mean
	case s.Median != nil:
		return *s.Median
	}
	return 0
}

// Comparison is one variant against the base of its group in one unit.
// Ratio is variant over base; Lo and Hi bound it at 95 % over restarts.
type Comparison struct {
	Key
	Unit       string      `json:"unit"`
	Base       string      `json:"base"`
	Variant    string      `json:"variant"`
	Ratio      float64     `json:"ratio"`
	Lo         float64     `json:"lo"`
	Hi         float64     `json:"hi"`
	Verdict    string      `json:"verdict"` // faster slower same undecided | better worse equal
	MDE        float64     `json:"mde"`     // smallest relative effect this row could have seen (80 % power)
	Restarts   int         `json:"restarts"`
	Layouts    int         `json:"layouts,omitempty"`
	Clock      string      `json:"clock"` // cpu, process or wall; empty for counts
	Threshold  float64     `json:"threshold,omitempty"`
	Evidence   float64     `json:"evidence,omitempty"` // log10 of the e-value against "no difference"
	Stopped    string      `json:"stopped,omitempty"`  // why sampling ended: decided, budget, futile, restarts, interrupted
	Wall       *Estimate   `json:"wall,omitempty"`     // ratio of the 10 % quantiles of wall time
	CPU        *Estimate   `json:"cpu,omitempty"`      // ratio of trimmed means of CPU time
	P50        *Estimate   `json:"p50,omitempty"`      // ratio of the median slices
	P99        *Estimate   `json:"p99,omitempty"`      // ratio of the slowest slices: sees a change in the slow mode
	Components *Components `json:"components,omitempty"`
	Why        string      `json:"why,omitempty"` // one sentence drawn from the profiles
	Warnings   []string    `json:"warnings,omitempty"`
}

// Estimate is a ratio with its 95 % interval.
type Estimate struct {
	Ratio float64 `json:"ratio"`
	Lo    float64 `json:"lo"`
	Hi    float64 `json:"hi"`
}

// Components are standard deviations of the log ratio at each level of the experiment.
type Components struct {
	Slice   float64 `json:"slice"`
	Restart float64 `json:"restart"`
	Layout  float64 `json:"layout"`
}

// Control is the null control: the base of the run's first group against
// itself, by the same protocol. A verdict of faster or slower makes the run unfit.
type Control struct {
	Key
	Variant  string  `json:"variant,omitempty"`
	Ratio    float64 `json:"ratio"`
	Lo       float64 `json:"lo"`
	Hi       float64 `json:"hi"`
	Verdict  string  `json:"verdict"` // same, undecided, faster, slower; "none" where nothing was timed
	Restarts int     `json:"restarts,omitempty"`
}
