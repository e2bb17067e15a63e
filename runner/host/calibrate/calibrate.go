package calibrate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"assay/runner/clock"
	"assay/runner/host"
	"assay/runner/sketch"
	"assay/runner/stats"
)

// Measure measures all constants of the machine h, one after another, in a few
// seconds. Scratch is the folder whose disk is measured; what it makes there it
// removes again. It ends early with the error of ctx.
func Measure(ctx context.Context, c clock.Clock, h host.Host, scratch string) (m sketch.Machine, err error) {
	dir, err := os.MkdirTemp(scratch, "assay-calibrate-")
	if err != nil {
		return m, fmt.Errorf("calibrate: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	m = sketch.Machine{
		CPU: h.CPU, Virtual: h.Virtual, Kernel: h.Kernel, Load: h.Load,
		Measured: c.Now().UTC().Format(time.RFC3339),
	}
	m.Constants, err = measure(ctx, c, probes(h, dir))
	return m, err
}

// probe is a constant to measure and how.
type probe struct {
	sketch.Constant // all but its times
	// take returns nanoseconds per operation, one value for each slice. It fails
	// with errors.ErrUnsupported where this machine cannot show them.
	take func(context.Context, clock.Clock) (ns []float64, err error)
}

// The clocks of a constant.
const (
	onCPU  = "cpu"
	onWall = "wall"
)

// measure takes the constants in order and leaves out what cannot be shown.
func measure(ctx context.Context, c clock.Clock, all []probe) ([]sketch.Constant, error) {
	var out []sketch.Constant
	for _, p := range all {
		ns, err := p.take(ctx, c)
		if errors.Is(err, errors.ErrUnsupported) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("calibrate %s %s: %w", p.Resource, p.Level, err)
		}
		k := p.Constant
		k.Ns, k.Lo, k.Hi, k.Slices = stats.Median(ns), stats.Quantile(ns, .25), stats.Quantile(ns, .75), len(ns)
		if k.Ns > 0 { // a difference may drown in noise: then nobody knows it
			out = append(out, k)
		}
	}
	return out, nil
}

// The slices of one constant: enough for quartiles, each short enough that few
// are interrupted and long enough to hide two readings of a clock.
const (
	mostSlices = 21
	fewSlices  = 5
	sliceTime  = time.Millisecond
	waitTime   = 300 * time.Millisecond // of wall time for one constant, unless it has too few slices
)

// work does about n operations and returns how many.
type work func(n int) (ops int, err error)

// repeat times slices of work. Those that set their length warm up as well;
// before, where it is not nil, runs outside the clock before each of the others.
func repeat(ctx context.Context, c clock.Clock, on string, w work, before func() error) ([]float64, error) {
	if on == onCPU { // that of a thread; who waits for another goroutine is better off without
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
	}
	n := 1
	for ; n < 1<<24; n *= 2 {
		if took, _, err := slice(c, on, w, n); err != nil || took >= sliceTime {
			if err != nil {
				return nil, err
			}
			break
		}
	}
	return series(ctx, c, func() (float64, error) {
		if before != nil {
			if err := before(); err != nil {
				return 0, err
			}
		}
		took, ops, err := slice(c, on, w, n)
		return float64(took) / float64(max(1, ops)), err
	})
}

// series collects values until there are enough, or time is up.
func series(ctx context.Context, c clock.Clock, value func() (float64, error)) (ns []float64, err error) {
	for begun := c.Wall(); len(ns) < mostSlices && (len(ns) < fewSlices || c.Wall()-begun < waitTime); {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		x, err := value()
		if err != nil {
			return nil, err
		}
		ns = append(ns, x)
	}
	return ns, nil
}

func slice(c clock.Clock, on string, w work, n int) (took time.Duration, ops int, err error) {
	start := c.Read()
	ops, err = w(n)
	d := c.Read().Sub(start)
	if on == onWall {
		return d.Wall, ops, err
	}
	return d.Thread, ops, err
}
