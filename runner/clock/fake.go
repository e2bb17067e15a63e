package clock

import (
	"context"
	"sync"
	"time"
)

// Fake is a [Clock] that moves only when told to. The zero value is ready; it
// is safe for concurrent use, and all goroutines share its one thread clock.
type Fake struct {
	mu sync.Mutex
	r  Reading
}

// Advance lets the calling thread work: wall passes on the wall clock and cpu
// on the thread's clock, and so on the process's, which contains it.
func (f *Fake) Advance(wall, cpu time.Duration) {
	f.add(Reading{Wall: wall, Thread: cpu, Process: cpu})
}

// AdvanceProcess lets other threads use cpu, as background GC does. No wall
// time passes, because they run beside the calling thread.
func (f *Fake) AdvanceProcess(cpu time.Duration) { f.add(Reading{Process: cpu}) }

// Preempt counts n involuntary context switches of the calling thread. The
// time they cost is the test's to state, with Advance(wall, 0).
func (f *Fake) Preempt(n int64) { f.add(Reading{Involuntary: n}) }

func (f *Fake) add(d Reading) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.r.Wall += d.Wall
	f.r.Thread += d.Thread
	f.r.Process += d.Process
	f.r.Involuntary += d.Involuntary
}

// Read returns the sum of what was advanced.
func (f *Fake) Read() Reading {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.r
}

// Wall returns the wall time advanced so far.
func (f *Fake) Wall() time.Duration { return f.Read().Wall }

// Now returns noon UTC on 1 January 2026 plus the wall time advanced so far.
func (f *Fake) Now() time.Time {
	return time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC).Add(f.Wall())
}

// Sleep advances wall time by d and returns without waiting. When ctx has
// ended it returns its error and no time passes.
func (f *Fake) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	f.Advance(d, 0)
	return nil
}
