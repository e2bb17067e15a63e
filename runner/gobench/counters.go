package gobench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"assay/profiles/counters"
	"assay/runner/gobench/build"
	"assay/runner/plan"
	"assay/runner/process"
)

const (
	// A stretch that is counted runs without a collector.
	mostGarbage   = 256 << 20 // bytes
	mostMarked    = 1 << 24   // iterations
	longestMarked = 500 * time.Millisecond
)

// countable finds out before anything is built whether the work can be counted.
// What auto does not find is a warning of the run.
func (o *Options) countable(ctx context.Context, flags build.Flags) error {
	if err := plan.CheckCounters(o.Counters); err != nil || o.Counters == "" || o.Counters == "none" {
		return err
	}
	if len(o.Bins) > 0 {
		return errors.New("--counters needs test binaries that assay builds: leave out --bin, or --counters")
	}
	for _, f := range []string{"-race", "-msan", "-asan"} {
		if slices.Contains(flags.Build, f) {
			return fmt.Errorf("--counters %s: valgrind cannot run a program built with %s: leave one of them out", o.Counters, f)
		}
	}
	if _, err := counters.ForBenchmarks(ctx, o.Counters); err != nil && o.Counters != "auto" {
		return err
	}
	return nil
}

// Choose returns the way of counting that a word of --counters means for benchmarks.
func (s *Source) Choose(ctx context.Context, word string) (counters.Way, error) {
	return counters.ForBenchmarks(ctx, word)
}

// Marked is a worker for the arm's side that marks for a way of counting what
// its benchmark times. The number it is ready with is the most iterations that a
// stretch may have. Repeats go through the layouts, so that what depends on the
// places of functions shows.
func (s *Source) Marked(g plan.Group, a plan.Arm, way counters.Way, dir string, pass int) (process.Command, error) {
	x := s.settings[keyOf(g)]
	if x.once > longestMarked {
		return process.Command{}, fmt.Errorf("each call of it takes %.2g s: too long to count, because a simulator slows it down a hundredfold", x.once.Seconds())
	}
	x.count, x.cold = max(2, x.most), false
	return way.Marked(s.worker(g, a.Variant, pass%s.layouts, "mark", x), dir)
}

// hold bounds the counted iterations by the garbage of one, in bytes.
func (x *setting) hold(garbage float64) {
	if x.most == 0 {
		x.most = mostMarked
	}
	x.most = min(x.most, max(2, int(mostGarbage/math.Max(1, garbage))))
}
