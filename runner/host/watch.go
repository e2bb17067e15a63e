package host

import (
	"context"
	"fmt"
	"sync"
	"time"

	"assay/runner/clock"

	"github.com/prometheus/procfs"
)

// Series sums up one quantity over a run.
type Series struct {
	N    int     `json:"n"`    // readings; 0 means unknown, and the rest nothing
	Mean float64 `json:"mean"` // over the whole time, however short
	Max  float64 `json:"max"`  // of the intervals between readings
}

// Activity says how busy the machine was while a [Watcher] looked, this
// program's own work included.
type Activity struct {
	Load        Series `json:"load"`         // runnable tasks, each a mean of the minute before
	PressureCPU Series `json:"pressure_cpu"` // percent of wall time in which a task waited for a CPU
	Steal       Series `json:"steal"`        // percent of CPU time that the hypervisor gave to others
}

// Warnings judges the activity on a machine with that many CPUs by the limits
// that [Inspect] uses. Load is only a warning, and only where there is no
// pressure to read: it looks back a minute, at builds and other work before.
func (a Activity) Warnings(cpus int) []Warning {
	var all []Warning
	add := func(s Series, limit float64, name string, severity Severity, format, mend string) {
		if s.N > 0 && s.Mean > limit {
			all = append(all, Warning{name, severity, fmt.Sprintf(format, s.Mean, s.Max), mend})
		}
	}
	if a.PressureCPU.N == 0 {
		add(a.Load, float64(cpus), "run-load", Warn,
			"during the run the load was %.1f on average and %.1f at most, above the CPU count", "stop other work and run again")
	}
	add(a.PressureCPU, maxPressureCPU, "run-cpu-pressure", Unfit,
		"during the run tasks waited for a CPU %.0f %% of the time, and %.0f %% at worst", "stop other work and run again")
	add(a.Steal, maxSteal, "run-steal", Unfit,
		"during the run the hypervisor gave %.1f %% of CPU time to others, and %.1f %% at worst", "measure on a machine with CPUs of its own")
	if a.PressureCPU.N == 0 && a.Load.N == 0 {
		all = append(all, Warning{
			"run-blind", Unfit, "neither load nor CPU pressure could be read during the run",
			"make /proc readable, or measure on Linux",
		})
	}
	return all
}

// Watcher samples load, CPU pressure and steal until stopped.
type Watcher struct {
	fs    procfs.FS
	ok    bool // fs is usable
	clock clock.Clock
	every time.Duration

	stop   sync.Once
	cancel context.CancelFunc
	done   chan struct{}

	// The goroutine owns these until done is closed.
	first, last sample
	load        float64 // sum
	a           Activity
}

// sample is one look at counters that only grow, and at the load.
type sample struct {
	wall              time.Duration
	load              float64
	stall             float64 // seconds in which some task waited for a CPU
	times             cpuTimes
	hasStall, hasTime bool
	hasLoad           bool
}

// Watch starts to sample, every second when every <= 0. A sample costs 70 us
// of CPU time on a machine with 2 CPUs, away from the measuring thread. Give
// it the system's clock: one whose Sleep does not wait makes it spin.
func Watch(root string, c clock.Clock, every time.Duration) *Watcher {
	if every <= 0 {
		every = time.Second
	}
	ctx, cancel := context.WithCancel(context.Background())
	w := &Watcher{clock: c, every: every, cancel: cancel, done: make(chan struct{})}
	w.fs, w.ok = tree{root: root}.proc()
	w.first = w.look()
	w.last = w.first
	w.noteLoad(w.first)
	go func() {
		defer close(w.done)
		for w.clock.Sleep(ctx, w.every) == nil {
			w.step()
		}
	}()
	return w
}

// Stop takes a last sample, ends the goroutine and returns what was seen. It
// may be called again, and returns the same.
func (w *Watcher) Stop() Activity {
	w.stop.Do(func() {
		w.cancel()
		<-w.done
		w.step()
		w.finish()
	})
	return w.a
}

func (w *Watcher) look() sample {
	s := sample{wall: w.clock.Wall()}
	if !w.ok {
		return s
	}
	s.load, s.hasLoad = readLoadavg(w.fs)
	s.times, s.hasTime = readTimes(w.fs)
	line, ok := readPressure(w.fs, "cpu")
	s.stall, s.hasStall = float64(line.Total)/1e6, ok
	return s
}

func (w *Watcher) noteLoad(s sample) {
	if s.hasLoad {
		w.load += s.load
		w.a.Load.N++
		w.a.Load.Max = max(w.a.Load.Max, s.load)
	}
}

// step takes one sample. Intervals shorter than half the usual, as the last
// may be, count in the mean and not in the maximum: the kernel counts steal
// in ticks, so that one tick in a short interval would look like a storm.
func (w *Watcher) step() {
	s := w.look()
	w.noteLoad(s)
	whole := s.wall-w.last.wall >= w.every/2
	if p, ok := stallPercent(w.last, s); ok {
		w.a.PressureCPU.note(p, whole)
	}
	if p, ok := stealPercent(w.last, s); ok {
		w.a.Steal.note(p, whole)
	}
	w.last = s
}

func (s *Series) note(x float64, whole bool) {
	s.N++
	if whole {
		s.Max = max(s.Max, x)
	}
}

// finish takes the means from the first and last counters, which weighs every
// moment alike. A counter missing at either end makes its series unknown.
func (w *Watcher) finish() {
	if w.a.Load.N > 0 {
		w.a.Load.Mean = w.load / float64(w.a.Load.N)
	}
	w.a.PressureCPU.end(stallPercent(w.first, w.last))
	w.a.Steal.end(stealPercent(w.first, w.last))
}

func (s *Series) end(mean float64, ok bool) {
	if !ok {
		*s = Series{}
		return
	}
	s.Mean, s.Max = mean, max(s.Max, mean)
}

func stallPercent(from, to sample) (float64, bool) {
	passed := (to.wall - from.wall).Seconds()
	if passed <= 0 || !from.hasStall || !to.hasStall {
		return 0, false
	}
	return min(100, max(0, 100*(to.stall-from.stall)/passed)), true
}

// stealPercent is clamped because the kernel's steal can step back when a
// machine migrates.
func stealPercent(from, to sample) (float64, bool) {
	total := to.times.total - from.times.total
	if total <= 0 || !from.hasTime || !to.hasTime {
		return 0, false
	}
	return min(100, max(0, 100*(to.times.steal-from.times.steal)/total)), true
}
