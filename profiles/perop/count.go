package perop

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/google/pprof/profile"
)

// counts are the samples of a side by function and restart, in the profile's
// own unit; every list has one number per pass.
type counts struct {
	total          []float64 // per operation
	volume         []float64 // of samples
	quantum        float64   // what one sample stands for
	flat, cum, own map[string][]float64

	whole  estimate // the operation
	sum    float64  // of volume
	spread float64  // how much more than chance the samples of all functions scatter over restarts
}

func count(s Side, m Measure) (*counts, error) {
	value := slices.IndexFunc(s.Profile.SampleType, func(t *profile.ValueType) bool { return t.Type == m.Sample })
	if value < 0 {
		return nil, fmt.Errorf("%s: the profile holds no samples of type %s", s.Name, m.Sample)
	}
	if len(s.Passes) == 0 {
		return nil, fmt.Errorf("%s: no profiling pass is on record", s.Name)
	}
	t := &counts{
		total: make([]float64, len(s.Passes)), volume: make([]float64, len(s.Passes)),
		flat: map[string][]float64{}, cum: map[string][]float64{}, own: map[string][]float64{},
	}
	place := map[string]int{}
	for i, p := range s.Passes {
		if !(p.Ops > 0) {
			return nil, fmt.Errorf("%s: a pass of %v operations", s.Name, p.Ops)
		}
		place[strconv.Itoa(p.Restart)] = i
	}
	for _, x := range s.Profile.Sample {
		label := x.Label["restart"]
		if len(label) != 1 {
			return nil, errors.New(s.Name + ": a sample does not say which restart it is from")
		}
		if i, known := place[label[0]]; known && x.Value[value] != 0 {
			t.add(x, i, float64(x.Value[value]))
		}
	}
	t.quantum = quantum(s.Profile, m, value)
	for i, p := range s.Passes {
		t.total[i] = t.volume[i] / p.Ops
		if m.Sample == "cpu" {
			t.total[i] = p.Ns
		}
	}
	t.whole, t.sum = meanOf(t.total), sum(t.volume)
	switch {
	case m.Sample != "cpu" && t.sum == 0: // nothing was allocated, or waited for: that is known, and not for want of samples
		t.whole = estimate{df: manyDF, n: len(s.Passes)}
	case m.Sample != "cpu" && len(s.Passes) == 1: // what hardly allocates is asked once; anything near it would do
		t.whole.variance, t.whole.df = t.whole.value*t.whole.value, manyDF
	case m.Sample == "cpu" && s.Time > 0 && len(s.Passes) > 1:
		t.whole = estimate{value: s.Time, variance: s.Error * s.Error, df: manyDF, n: len(s.Passes)}
	}
	t.spread = t.scatter()
	return t, nil
}

// manyDF are degrees of freedom enough to be no matter.
const manyDF = 1000

// add charges a sample to its functions, each once however often it recurs.
func (t *counts) add(s *profile.Sample, pass int, v float64) {
	t.volume[pass] += v
	frames := framesOf(s)
	if len(frames) == 0 {
		frames = []string{"?"}
	}
	charge(t.flat, frames[0], pass, v, len(t.volume))
	charge(t.own, owner(frames), pass, v, len(t.volume))
	if o := owner(frames); o == Collector {
		charge(t.cum, o, pass, v, len(t.volume))
	}
	for i, name := range frames {
		if !slices.Contains(frames[:i], name) {
			charge(t.cum, name, pass, v, len(t.volume))
		}
	}
}

func charge(to map[string][]float64, name string, pass int, v float64, passes int) {
	if to[name] == nil {
		to[name] = make([]float64, passes)
	}
	to[name][pass] += v
}

// framesOf are the functions of a stack from the leaf up, inlined ones as
// frames of their own.
func framesOf(s *profile.Sample) []string {
	var frames []string
	for _, l := range s.Location {
		for _, line := range l.Line {
			if line.Function != nil {
				frames = append(frames, plainName(line.Function.Name))
			}
		}
	}
	return frames
}

// plainName leaves out what a generic function is instantiated with: two
// variants that differ in a type argument run the same function.
func plainName(name string) string {
	open := strings.IndexByte(name, '[')
	end := strings.LastIndexByte(name, ']')
	if open < 0 || end < open {
		return name
	}
	return name[:open] + "[...]" + name[end+1:]
}

// Collector stands for the runtime's goroutines that clear up after everybody.
const Collector = "garbage collection"

// owner is the innermost function that is not the runtime's: allocating,
// copying, comparing and system calls are the work of whoever asks for them.
func owner(frames []string) string {
	switch frames[len(frames)-1] {
	case "runtime.gcBgMarkWorker", "runtime.bgsweep", "runtime.bgscavenge":
		return Collector
	}
	for _, name := range frames {
		if !service(name) {
			return name
		}
	}
	return frames[len(frames)-1]
}

// service says that a function works for its caller and has no choice of its
// own: the runtime, system calls, and assembly without a package.
func service(name string) bool {
	for _, prefix := range []string{"runtime.", "runtime/", "internal/", "syscall.", "sync.", "sync/atomic."} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return !strings.Contains(name, ".")
}

// quantum is what one sample stands for in the unit of the measure: chance makes
// n samples scatter by the root of n.
func quantum(p *profile.Profile, m Measure, value int) float64 {
	switch m.Sample {
	case "cpu", "alloc_space":
		return math.Max(1, float64(p.Period))
	}
	beside := slices.IndexFunc(p.SampleType, func(t *profile.ValueType) bool { return t.Type == "alloc_space" || t.Type == "contentions" })
	if beside < 0 {
		return 1
	}
	var mine, others float64
	for _, s := range p.Sample {
		mine, others = mine+float64(s.Value[value]), others+float64(s.Value[beside])
	}
	if others == 0 {
		return 1
	}
	if m.Sample == "alloc_objects" {
		return math.Max(1, float64(p.Period)) * mine / others
	}
	return mine / others // a delay per contention
}

func sum(xs []float64) float64 {
	total := 0.0
	for _, x := range xs {
		total += x
	}
	return total
}
