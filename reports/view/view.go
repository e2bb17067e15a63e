// Package view holds what every report shows: a result and the few things a
// result does not hold (values per restart, top functions, one line of
// documentation per name, information bounds, raw files to link to).
//
// A View is plain data. The runner fills it from a results folder; the renderers
// turn it into bytes and read nothing else, so that the same View always gives
// the same report.
package view

import (
	"assay/profiles/flame"
	"assay/runner/result"
)

// View is everything a report shows.
type View struct {
	Result result.Result
	Series []Series // values per restart, for the figures
	Tops   []Top    // the hottest functions of the profiles
	Docs   Docs     // one line per name
	Bounds []Bound  // limits no format can pass
	Files  []string // raw files, relative to the parent of the report's folder: "samples.bench", "profiles/…"

	Flames    []Flame    // where the time of operations goes, per kind of profile
	Timelines []Timeline // slices in the order measured, thinned
	Tails     []Tail     // how long single operations took
}

// Series holds one variant's time at each restart, beside its base. The base's
// own series has its name as Variant too, and no ratios.
type Series struct {
	result.Key
	Variant string
	Base    string
	Points  []SeriesPoint
}

// SeriesPoint is one restart.
type SeriesPoint struct {
	Restart   int
	At        float64 // seconds since the start of the run
	Ns        float64 // nanoseconds per operation on the deciding clock
	Ratio     float64 // over the base, on the deciding clock; 0 when unknown
	WallRatio float64 // over the base, on the wall clock; 0 when unknown
}

// Top lists the hottest functions of one profile.
type Top struct {
	Family  string
	Variant string
	Kind    string // "cpu" or "heap"
	Unit    string // what Flat and Cum are shares of: "ns", "B"
	Rows    []TopRow
	File    string // the profile, relative to the parent of the report's folder
}

// TopRow is one function's share of a profile, 0 to 1.
type TopRow struct {
	Func string
	Flat float64 // in the function itself
	Cum  float64 // in it and all it called
}

// Flame is the profiles of one group in one kind, a side per variant.
type Flame struct {
	result.Key
	Kind  string       // "cpu", "heap", …
	Sides []string     // the variants in the order of the graph's sides, the base first
	Graph *flame.Graph // values per operation
}

// Timeline holds the slices of one group as they came, the variants of it side
// by side. A run has more slices than a page can hold: each restart keeps the
// fastest and the slowest of equal parts of its time, so that noise stays as
// high as it was.
type Timeline struct {
	result.Key
	Clock    string        // "cpu", "process" or "wall": what the values were taken on
	Arms     []TimelineArm // the base first
	Slices   int           // measured, of which the restarts below keep some
	Restarts []TimelineRestart
}

// TimelineArm sums up all slices of one variant, in nanoseconds per operation.
type TimelineArm struct {
	Name    string
	Median  float64
	P5, P95 float64 // bound the middle 90 % of the slices
	Drift   float64 // the restarts' medians in the last third of the run over those in the first; 0 when unknown
}

// TimelineRestart is one restart's columns, of equal length, in time order.
type TimelineRestart struct {
	At  float64   // seconds since the start of the run
	Arm []int     // index into Arms
	Off []float64 // seconds since At; the time between slices is not counted
	Ns  []float64 // nanoseconds per operation
}

// Tail is the distribution of single operations of one variant: At[i] of all
// took at most Ns[i] nanoseconds; both rise.
type Tail struct {
	result.Key
	Variant string
	At      []float64 // 0 to 1
	Ns      []float64
}

// Docs is one line of documentation per name. Missing names are simply not explained.
type Docs struct {
	Families  map[string]string   // by family
	Ops       map[string]string   // by "family/op"
	Variants  map[string]string   // by "family/variant"
	Units     map[string]string   // by unit name
	Workloads map[string]string   // by workload name or spec
	Lessons   map[string][]string // by family: sentences on what the family teaches
}

// Bound is a limit of information or physics that no variant can pass.
type Bound struct {
	Family   string
	Workload string
	Unit     string
	Value    float64 // in Unit
	Doc      string  // where the limit comes from, one line
}

// Find returns the bound of a unit under a workload, and whether there is one.
func (v View) Find(family, workload, unit string) (Bound, bool) {
	for _, b := range v.Bounds {
		if b.Family == family && b.Workload == workload && b.Unit == unit && b.Value > 0 {
			return b, true
		}
	}
	return Bound{}, false
}
