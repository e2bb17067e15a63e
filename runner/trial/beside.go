package trial

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"assay/runner/clock"
	"assay/runner/lab"
)

// garbage keeps the antagonist's allocations from being optimised away.
type garbage struct{ next atomic.Pointer[[]byte] }

// antagonise starts what the scenario asks for inside this process and returns
// how to stop it, and what kept it from its work. Two kinds live here. "gc"
// makes garbage, and so shares the collector, its assists and its write barriers
// with the code under test. The family's own neighbours work on the very thing
// that an arm is measured on, one beside each arm. The other antagonists are
// processes of their own.
func (w *Worker) antagonise(room lab.Room) (stop func() error) {
	if w.trial.Beside == "gc" {
		return litter()
	}
	for _, n := range room.Beside {
		if n.Op == w.trial.Beside {
			return w.beside(n)
		}
	}
	return quiet
}

// quiet stops nothing.
func quiet() error { return nil }

// beside runs a neighbour beside every arm. It goes on between the arm's slices
// as well: a commit cannot be held up in its middle.
func (w *Worker) beside(n lab.Case) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	failed := make([]error, len(w.arms))
	for i, a := range w.arms {
		t := a.t.Beside(n, &beat{clock: w.meter.clock, ctx: ctx, every: n.Every})
		all.Go(func() {
			if err := guard(func() error { return n.Run(t) }); err != nil {
				failed[i] = fmt.Errorf("%s beside %s: %w", n.Op, a.Name, err)
			}
		})
	}
	return func() error {
		cancel()
		all.Wait()
		return errors.Join(failed...)
	}
}

// beat paces a neighbour: a batch whenever one is due.
type beat struct {
	clock clock.Clock
	ctx   context.Context // ends the neighbour
	every time.Duration
	begun bool
	due   time.Duration
}

// Next waits for the next batch. One that comes late begins at once, and the
// one after it is due from then on.
func (b *beat) Next() (warm, timed, extra int) {
	now := b.clock.Wall()
	b.due += b.every
	if !b.begun || b.due < now {
		b.begun, b.due = true, now
	}
	if b.clock.Sleep(b.ctx, b.due-now) != nil {
		return 0, 0, 0
	}
	return 0, 1, 0
}

// Start, Stop, Observe and Pass: nothing of a neighbour is measured.
func (*beat) Start()                           {}
func (*beat) Stop(int)                         {}
func (*beat) Observe(lab.Unit, float64)        {}
func (*beat) Pass() (answering, counting bool) { return false, false }

// litter makes garbage until it is stopped.
func litter() (stop func() error) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		keep := make([]garbage, 4096)
		for i := 0; ; i++ {
			select {
			case <-done:
				return
			default:
			}
			b := make([]byte, 512+i%1024)
			keep[i%len(keep)].next.Store(&b)
		}
	}()
	return func() error { close(done); <-ended; return nil }
}
