package trial

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"runtime/pprof"
	"runtime/trace"

	"assay/runner/plan"
)

const (
	// heapRate is the sampling distance of heap passes in bytes: fine enough to
	// see small allocators. Passes of kind allocs record every allocation.
	heapRate = 4096
	allRate  = 1

	// mostTrace ends a trace early: a viewer takes a minute to load much more.
	mostTrace = 8 << 20
)

// capture is one kind of profile: what begins it, what goes on around each
// timed slice, and what ends it.
type capture struct {
	hooks hooks
	start func() (before []byte, err error)
	stop  func() ([]byte, error)
	full  func() bool // no room for more
}

func newCapture(t plan.Trial) capture {
	c := capture{full: func() bool { return false }}
	switch t.Profile {
	case "cpu":
		c.cpu(t)
	case "heap":
		c.memory(heapRate)
	case "allocs":
		c.memory(allRate)
	case "mutex":
		c.grows("mutex", func(on bool) { runtime.SetMutexProfileFraction(rateOf(on)) })
	case "block":
		c.grows("block", func(on bool) { runtime.SetBlockProfileRate(rateOf(on)) })
	case "trace":
		c.trace(t)
	}
	return c
}

// cpu samples the whole time and labels what falls into timed slices; goroutines
// that these start inherit the label. The others are the same for the whole pass
// and added to its profile afterwards.
func (c *capture) cpu(t plan.Trial) {
	timed := pprof.WithLabels(context.Background(), pprof.Labels("phase", "timed"))
	c.hooks = hooks{
		before: func() { pprof.SetGoroutineLabels(timed) },
		after:  func() { pprof.SetGoroutineLabels(context.Background()) },
	}
	var out bytes.Buffer
	c.start = func() ([]byte, error) {
		if t.Hertz > 0 && t.Hertz != 100 {
			// The rate that is set first stands; the profiler then grumbles on
			// standard error that it cannot set its own.
			runtime.SetCPUProfileRate(t.Hertz)
		}
		return nil, pprof.StartCPUProfile(&out)
	}
	c.stop = func() ([]byte, error) {
		pprof.StopCPUProfile()
		return out.Bytes(), nil
	}
}

// memory samples allocations of timed slices. What the runtime allocated before
// it could be told not to sample is in both snapshots.
func (c *capture) memory(distance int) {
	c.hooks = hooks{
		before: func() { sampleMemory(distance) },
		after:  func() { sampleMemory(0) },
	}
	snapshot := func() ([]byte, error) {
		runtime.GC() // a heap profile is as of the last collection
		sampleMemory(distance)
		defer sampleMemory(0)
		return lookUp("allocs") // it takes all samples to be at this distance
	}
	c.start, c.stop = snapshot, snapshot
}

// grows records a kind that only grows, and only around slices.
func (c *capture) grows(kind string, set func(on bool)) {
	c.hooks = hooks{before: func() { set(true) }, after: func() { set(false) }}
	snapshot := func() ([]byte, error) { return lookUp(kind) }
	c.start, c.stop = snapshot, snapshot
}

func rateOf(on bool) int {
	if on {
		return 1 // every event
	}
	return 0
}

func lookUp(kind string) ([]byte, error) {
	var out bytes.Buffer
	if err := pprof.Lookup(kind).WriteTo(&out, 0); err != nil {
		return nil, fmt.Errorf("%s profile: %w", kind, err)
	}
	return out.Bytes(), nil
}

// trace records events; timed slices are its regions.
func (c *capture) trace(t plan.Trial) {
	var out bytes.Buffer
	var region *trace.Region
	name := t.Op + "/" + t.Arms[0].Name
	c.hooks = hooks{
		before: func() { region = trace.StartRegion(context.Background(), name) },
		after:  func() { region.End() },
	}
	written := &tapped{to: &out}
	c.full = func() bool { return written.n.Load() > mostTrace }
	c.start = func() ([]byte, error) { return nil, trace.Start(written) }
	c.stop = func() ([]byte, error) {
		trace.Stop()
		return out.Bytes(), nil
	}
}
