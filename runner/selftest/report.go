// Package selftest measures the laboratory on its user's machine: how often it
// raises a false alarm, which slowdowns it finds, whether its intervals cover
// the truth, and what it costs.
//
// Everything is measured by the same runner, in the same way as a user's own
// comparison; only the truth is known beforehand, because the two arms are the
// same code and a slowdown is planted by running more operations than are
// reported.
package selftest

import "assay/runner/host"

// Report is what a self-test found, as `assay selftest --json` prints it.
type Report struct {
	Schema    string    `json:"schema"`
	Seed      uint64    `json:"seed"`
	Seconds   float64   `json:"seconds"` // spent
	Threshold float64   `json:"threshold"`
	Alpha     float64   `json:"alpha"`
	Host      host.Host `json:"host"`
	Partial   bool      `json:"partial"`
	Warnings  []string  `json:"warnings"`
	Alarms    Alarms    `json:"alarms"`
	Power     []Power   `json:"power"`
	Errors    Errors    `json:"errors"`
	Coverage  Figure    `json:"coverage"`  // share of 95 % intervals that held the truth
	Overhead  Figure    `json:"overhead"`  // nanoseconds per operation of the batched harness over a plain loop
	Profiling Figure    `json:"profiling"` // relative cost of the CPU profiler on a kernel
	Trials    []Trial   `json:"trials"`    // every comparison behind alarms, power, errors and coverage
}

// Trial is one comparison of a kernel with itself.
type Trial struct {
	Op       string  `json:"op"`
	Workload string  `json:"workload"`
	Truth    float64 `json:"truth"` // the planted ratio; 1 = nothing planted
	Ratio    float64 `json:"ratio"`
	Lo       float64 `json:"lo"`
	Hi       float64 `json:"hi"`
	Verdict  string  `json:"verdict"`
	Restarts int     `json:"restarts"`
}

// Figure is a number with its interval and how many trials it rests on.
type Figure struct {
	Value float64 `json:"value"`
	Lo    float64 `json:"lo"`
	Hi    float64 `json:"hi"`
	K     int     `json:"k,omitempty"` // successes, where the figure is a share
	N     int     `json:"n"`
}

// Alarms are verdicts of faster or slower where nothing had changed.
type Alarms struct {
	Row        Figure `json:"row"` // per comparison
	Run        Figure `json:"run"` // per whole run
	RowsPerRun int    `json:"rows_per_run"`
}

// Power is how often a planted slowdown was found within the budget.
type Power struct {
	Effect float64 `json:"effect"` // relative
	Budget float64 `json:"budget"` // seconds per pair
	Found  Figure  `json:"found"`  // share of trials that said slower
	Share  float64 `json:"share"`  // median share of a fixed sample of 40 restarts used until decided
	MDE    float64 `json:"mde"`    // median
}

// Errors are how far estimates lay from the truth, relative.
type Errors struct {
	Median float64 `json:"median"`
	P90    float64 `json:"p90"`
	N      int     `json:"n"`
}
