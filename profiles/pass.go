package profiles

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/pprof/profile"
)

// Pass is one profiling pass of one operation of one variant, as a worker
// recorded it.
type Pass struct {
	Kind                          string // cpu, heap, allocs, mutex or block
	Family, Op, Variant, Workload string
	Restart                       int    // from 1
	Whole                         bool   // of package testing, where nothing tells timed work from setting up
	Before                        []byte // kinds that only grow: the profile before the first timed slice
	Data                          []byte // gzipped pprof protobuf
}

// Profile makes the pass a profile in which every sample of a timed slice, and
// nothing else, carries the pass's labels. What other threads did meanwhile is
// labelled as well, and marked: see labelThread.
func (p Pass) Profile() (*profile.Profile, error) {
	after, err := profile.ParseData(p.Data)
	if err != nil {
		return nil, fmt.Errorf("%s profile: %w", p.Kind, err)
	}
	if p.Kind == "cpu" {
		for _, s := range after.Sample {
			switch {
			case isTimed(s), p.Whole && strings.HasPrefix(rootOf(s), "testing.(*B)."):
				p.label(s)
			case background(s):
				p.label(s)
				s.Label[labelThread] = []string{threadBackground}
			}
		}
		return after, nil
	}
	if len(p.Before) > 0 {
		before, err := profile.ParseData(p.Before)
		if err != nil {
			return nil, fmt.Errorf("%s profile: %w", p.Kind, err)
		}
		if after, err = Subtract(after, before); err != nil {
			return nil, fmt.Errorf("%s profile: %w", p.Kind, err)
		}
	}
	after.Sample = slices.DeleteFunc(after.Sample, func(s *profile.Sample) bool {
		return observer(s) || p.Whole && !strings.HasPrefix(rootOf(s), "testing.(*B).")
	})
	for _, s := range after.Sample {
		p.label(s)
	}
	if p.Kind == "heap" {
		after.DefaultSampleType = "inuse_space" // what stays; of kind allocs it is what was allocated
	}
	return after, nil
}

func (p Pass) label(s *profile.Sample) {
	if s.Label == nil {
		s.Label = map[string][]string{}
	}
	for key, value := range map[string]string{
		labelFamily: p.Family, labelOp: p.Op, labelVariant: p.Variant, labelWorkload: p.Workload,
		labelPhase: phaseTimed, labelRestart: strconv.Itoa(p.Restart),
	} {
		s.Label[key] = []string{value}
	}
}

// Subtract returns what b has more than a, the way pprof's own -diff_base does:
// a is scaled by -1 and merged into b. What is in both alike vanishes.
func Subtract(b, a *profile.Profile) (*profile.Profile, error) {
	a = a.Copy()
	both := []*profile.Profile{b.Copy(), a}
	if err := profile.CompatibilizeSampleTypes(both); err != nil {
		return nil, err
	}
	a.Scale(-1)
	merged, err := profile.Merge(both)
	if err != nil {
		return nil, err
	}
	merged.DefaultSampleType, merged.Period, merged.TimeNanos, merged.DurationNanos = b.DefaultSampleType, b.Period, b.TimeNanos, b.DurationNanos
	merged.Sample = slices.DeleteFunc(merged.Sample, func(s *profile.Sample) bool {
		return !slices.ContainsFunc(s.Value, func(v int64) bool { return v != 0 })
	})
	return merged, nil
}

// observer says that a sample is the profiler's own: writing the first snapshot
// allocates, which the second sees, and so does each change of the distance
// between samples.
func observer(s *profile.Sample) bool {
	for _, l := range s.Location {
		for _, line := range l.Line {
			if line.Function == nil {
				continue
			}
			switch name := line.Function.Name; {
			case strings.HasPrefix(name, "runtime/pprof."), strings.HasPrefix(name, "testing.(*assayProfile)."),
				name == "assay/runner/trial.sampleMemory", name == "testing.assaySampleMemory":
				return true
			}
		}
	}
	return false
}

// servants are the runtime's goroutines that work for whoever made garbage, and
// the scheduler, which wakes them.
var servants = []string{
	"runtime.gcBgMarkWorker", "runtime.bgsweep", "runtime.bgscavenge", "runtime.runFinalizers", "runtime.runCleanups",
	"runtime.mcall", "runtime.mstart", "runtime.mstart0", "runtime.mstart1",
}

// harness are the roots of stacks that belong to the worker itself: the loop
// that hands out slices, operations between their slices, the profiler.
var harness = []string{"main.main", "runtime/pprof.", "runtime/trace.", "os/signal.", "testing."}

// background says that an unlabelled sample was taken in work that goes on for
// the operation in other threads: the collector's, and goroutines that were
// started before the slice.
func background(s *profile.Sample) bool {
	root := rootOf(s)
	if slices.Contains(servants, root) {
		return true
	}
	if root == "" || strings.HasPrefix(root, "runtime.") {
		return false // the coroutine of an operation between its slices, for one
	}
	return !slices.ContainsFunc(harness, func(h string) bool { return strings.HasPrefix(root, h) })
}

// rootOf is the outermost function of a stack.
func rootOf(s *profile.Sample) string {
	if len(s.Location) == 0 {
		return ""
	}
	lines := s.Location[len(s.Location)-1].Line
	if len(lines) == 0 || lines[len(lines)-1].Function == nil {
		return ""
	}
	return lines[len(lines)-1].Function.Name
}

// Sampled is the sum of the timed samples of a CPU profile, in seconds.
func Sampled(p *profile.Profile) float64 {
	value := slices.IndexFunc(p.SampleType, func(t *profile.ValueType) bool { return t.Type == "cpu" && t.Unit == "nanoseconds" })
	if value < 0 {
		return 0
	}
	var sum int64
	for _, s := range p.Sample {
		if isTimed(s) {
			sum += s.Value[value]
		}
	}
	return float64(sum) / 1e9
}

// encode renders a profile for a file.
func encode(p *profile.Profile) ([]byte, error) {
	var out bytes.Buffer
	err := p.Write(&out)
	return out.Bytes(), err
}
