// Package perop says what functions cost per operation, and where two variants
// of an operation differ, from profiles taken over several restarts.
//
// The unit of everything is that of the measurement: nanoseconds, bytes or
// allocations per operation, never a share of an unknown whole. For CPU time a
// function's cost is its share of the samples times the time per operation that
// the clock saw in the same passes: a sampler that loses samples evenly does no
// harm, and the shares' scatter is all there is.
//
// Restarts are the sample, as everywhere. There are few of them and many
// functions, so the variance of each function over its restarts is drawn towards
// what chance alone would give, scaled by how much all functions together
// scatter beyond that (a moderated t statistic: Smyth 2004, Statistical
// Applications in Genetics and Molecular Biology 3). Functions are named as
// culprits only when they hold at 1 % for all functions together (Holm 1979).
//
// The limits: a sampler sees what takes time, not what causes it. A function
// that evicts another's data from the cache makes the other one slower.
package perop

import (
	"fmt"
	"slices"

	"github.com/google/pprof/profile"

	"assay/runner/stats"
)

// Side is one variant of an operation under one workload.
type Side struct {
	Name    string
	Profile *profile.Profile // the samples of its timed slices
	Passes  []Pass

	// Time is the CPU time per operation in nanoseconds where the timed restarts
	// know it, with its standard error: a profile then only divides it. Paired
	// slices know the ratio of two variants far better than profiling passes do.
	// Zero: the passes' own.
	Time, Error float64
}

// Pass is what is known of one restart apart from its samples.
type Pass struct {
	Restart int     // as the samples are labelled
	Ops     float64 // operations
	Ns      float64 // CPU time per operation under the profiler, in nanoseconds
}

// Measure is what of a profile is counted.
type Measure struct {
	Sample string // pprof's name of the sample type: cpu, alloc_space, alloc_objects, delay
	Unit   string // per operation: ns/op, B/op, allocs/op
}

// MeasureOf is what a kind of profile is about.
func MeasureOf(kind string) (Measure, error) {
	switch kind {
	case "cpu":
		return Measure{"cpu", "ns/op"}, nil
	case "heap", "allocs":
		return Measure{"alloc_space", "B/op"}, nil
	case "mutex", "block":
		return Measure{"delay", "ns/op"}, nil
	}
	return Measure{}, fmt.Errorf("a %s profile has no functions to rank", kind)
}

// Row is what one function costs per operation: Flat in its own code, Cum in it
// and what it calls, Own in its own code and what the runtime did for it.
// Intervals are at 95 %.
type Row struct {
	Function       string
	Flat, Cum, Own stats.Interval
}

// Top ranks the functions of a side by their own code, then by what they call.
func Top(s Side, m Measure) (rows []Row, total stats.Interval, err error) {
	t, err := count(s, m)
	if err != nil {
		return nil, total, err
	}
	for name := range t.cum {
		rows = append(rows, Row{name, t.estimate(t.flat[name]).interval(), t.estimate(t.cum[name]).interval(), t.estimate(t.own[name]).interval()})
	}
	slices.SortFunc(rows, func(a, b Row) int {
		return firstOf(descending(a.Flat.Est, b.Flat.Est), descending(a.Cum.Est, b.Cum.Est), a.Function, b.Function)
	})
	return rows, t.whole.interval(), nil
}

// confidence of the intervals shown.
const confidence = .95

func descending(a, b float64) int {
	switch {
	case a > b:
		return -1
	case a < b:
		return 1
	}
	return 0
}

func firstOf(first, second int, a, b string) int {
	switch {
	case first != 0:
		return first
	case second != 0:
		return second
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
