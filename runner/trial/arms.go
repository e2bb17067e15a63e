// Package trial runs the operations of one group inside a worker process: it
// owns the clock, the slices and the inputs, and hands each arm one slice at a
// time.
//
// An arm's operation is an ordinary loop. It runs as a coroutine on the
// worker's locked thread, suspended between slices, so that the slices of
// several arms can alternate in any order without the operation knowing.
package trial

import (
	"fmt"
	"iter"
	"math"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"assay/runner/clock"
	"assay/runner/lab"
	"assay/runner/plan"
	"assay/runner/wire"
)

// meter reads the clock around slices and keeps what the arms of one process share.
type meter struct {
	clock clock.Clock
	last  clock.Reading // when the last slice of any arm ended
	ran   bool          // last is set
	cost  clock.Reading // of reading the clocks, as it shows inside a slice
}

// calibrate measures what an empty slice takes. In a slice of 0.2 ms the clocks
// themselves are half a per cent, and arms with different counts would pay
// different shares of it: 0.15 % between an arm and itself in a trial.
func (m *meter) calibrate() {
	const tries = 101
	var wall, thread, process []time.Duration
	for range tries {
		a := m.clock.Read()
		d := m.clock.Read().Sub(a)
		wall, thread, process = append(wall, d.Wall), append(thread, d.Thread), append(process, d.Process)
	}
	median := func(xs []time.Duration) time.Duration { slices.Sort(xs); return xs[tries/2] }
	m.cost = clock.Reading{Wall: median(wall), Thread: median(thread), Process: median(process)}
}

// arm is one contestant: its operation, suspended, and the slice it runs next.
type arm struct {
	plan.Arm
	meter *meter
	t     *lab.T

	resume func() (struct{}, bool)
	stop   func()
	yield  func(struct{}) bool
	err    error

	warm, timed int
	began       clock.Reading
	timing      wire.Timing
	hooks       hooks
	tallies     map[string]*Tally
	observing   bool // inside a timed slice, or after the last one
	warming     bool // inside the warm-up of a slice
	answering   bool
	counting    bool
}

// hooks let a pass look at a slice from both sides without the clock in between.
type hooks struct{ before, after func() }

// newArm prepares the case as a coroutine; nothing of it has run yet.
// length overrides the operations per batch when it is not 0.
func newArm(m *meter, a plan.Arm, c lab.Case, units []lab.Unit, env lab.Env, length int) *arm {
	x := &arm{Arm: a, meter: m, tallies: map[string]*Tally{}}
	if x.Batches == 0 {
		x.Batches = c.Shape.Batches
	}
	for _, u := range units {
		x.tallies[u.Name] = &Tally{Better: u.Better}
	}
	x.t = lab.NewT(env, c, units, length, x)
	x.resume, x.stop = iter.Pull(func(yield func(struct{}) bool) {
		x.yield = yield
		x.err = guard(func() error { return c.Run(x.t) })
	})
	return x
}

// guard turns a panic of the code under test into an error with its place.
func guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v, %s", p, place())
		}
	}()
	return f()
}

// callersShown is how many frames of a panic its error names, innermost first.
const callersShown = 4

// place words where the code panicked, on one line. Called while a panic is
// being recovered. A whole stack trace was rejected: most of its lines are the
// harness's, and an error is one line.
func place() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	var at []string
	panicked := false
	for frame, more := frames.Next(); len(at) < callersShown; frame, more = frames.Next() {
		switch {
		case strings.HasPrefix(frame.Function, "runtime."):
			panicked = panicked || frame.Function == "runtime.gopanic"
		case strings.HasSuffix(frame.Function, "trial.guard"):
			more = false
		case panicked:
			at = append(at, fmt.Sprintf("%s (%s:%d)", frame.Function, filepath.Base(frame.File), frame.Line))
		}
		if !more {
			break
		}
	}
	return "at " + strings.Join(at, ", called by ")
}

// load runs the operation up to its first request for a batch.
func (a *arm) load() error {
	if _, alive := a.resume(); !alive {
		if a.err != nil {
			return a.err
		}
		return fmt.Errorf("%s: the operation never asked for a batch", a.Name)
	}
	return nil
}

// slice runs one slice and returns its timing.
func (a *arm) slice(warm, timed int) (wire.Timing, error) {
	a.warm, a.timed = warm, timed
	a.timing = wire.Timing{}
	_, alive := a.resume()
	if a.err != nil {
		return wire.Timing{}, a.err
	}
	if a.timing.Ops == 0 || !alive {
		return wire.Timing{}, fmt.Errorf("%s: the operation stopped before its slice ended", a.Name)
	}
	return a.timing, nil
}

// Next suspends the operation until the trial wants its next slice.
func (a *arm) Next() (warm, timed, extra int) {
	a.warming = false
	if !a.yield(struct{}{}) {
		return 0, 0, 0
	}
	a.warming = a.warm > 0
	return a.warm, a.timed, injected(a.timed*a.t.Length(), a.Inject)
}

// injected is ceil(ops*(1+share)) - ops. The millionth taken off keeps the
// rounding of a decimal share such as 0.07 from buying one operation more.
func injected(ops int, share float64) int {
	return int(math.Ceil(float64(ops)*share - 1e-6))
}

// Start begins the timed part of a slice.
func (a *arm) Start() {
	if a.hooks.before != nil {
		a.hooks.before()
	}
	a.observing, a.warming = true, false
	a.began = a.meter.clock.Read()
}

// Stop ends it. Process time is charged from the end of the previous slice, less
// what this thread did in between (drawing inputs): the collector works on in
// the pauses between slices, and code that makes garbage must pay for that.
func (a *arm) Stop(ops int) {
	now := a.meter.clock.Read()
	took := now.Sub(a.began).Sub(a.meter.cost)
	process := took.Process
	if a.meter.ran {
		pause := a.began.Sub(a.meter.last)
		process += max(0, pause.Process-pause.Thread)
	}
	a.meter.last, a.meter.ran = now, true
	a.observing = false
	a.timing = wire.Timing{
		Ops: int64(ops), Wall: int64(max(0, took.Wall)), Thread: int64(max(0, took.Thread)),
		Process: int64(max(0, process)), Switches: took.Involuntary,
	}
	if a.hooks.after != nil {
		a.hooks.after()
	}
}

// Observe tallies a reported unit; it allocates nothing. A timed trial keeps
// what is reported in timed slices and after the last. A counting one keeps
// everything but its warm-up: the size of a structure is known once it is
// loaded, and a rate once the loop has ended.
func (a *arm) Observe(u lab.Unit, x float64) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		panic(fmt.Sprintf("unit %q is reported as %v", u.Name, x))
	}
	if a.observing || a.counting && !a.warming {
		a.tallies[u.Name].add(x)
	}
}

// Pass says what the trial is for.
func (a *arm) Pass() (answering, counting bool) { return a.answering, a.counting }

// close ends the coroutine; the operation's range loop simply finishes, and
// what it reports then counts.
func (a *arm) close() error {
	a.observing, a.warming = true, false
	a.stop()
	return a.err
}
