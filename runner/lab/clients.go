package lab

import (
	"sync"
	"sync/atomic"
	"time"

	"assay/workloads"
)

// overlapping is a [Pacer] that times batches one by one while others are
// still running. It stays unexported because it is the latency pass and nobody
// else; a Pacer with these methods is taken for one.
type overlapping interface {
	// Due waits until the next batch is meant to begin and returns that time;
	// false ends the trial. A batch whose time has passed begins at once.
	Due() (began time.Duration, more bool)
	// Done records a batch that Due gave out.
	Done(began time.Duration)
}

// Clients is [T.Batches] for operations that wait for somebody (a server, a
// batch that fills): n goroutines share the batches of a slice, each calling
// body for one batch at a time, and the clock runs until the last has ended.
// Body gets the number of its client, from 0, and returns what the batch was
// answered; the answers of a slice are folded as their sum, because nobody
// says in which order they come. The first error ends the trial and is
// returned, after all clients have come to rest.
//
// In a latency pass every batch is timed by itself. With a rate it is timed
// from the moment it was meant to begin: one that finds all clients busy is
// late, and shows it.
func (t *T) Clients(n int, body func(client int, batch []workloads.Entry) (answer uint64, err error)) error {
	stream, err := t.Data.Stream(t.draws, t.inputs())
	if err != nil {
		return err
	}
	t.shared = true
	c := &crew{size: n, body: body}
	draw := func(pool []workloads.Entry) {
		stream.Next(pool)
		if t.prepare != nil {
			t.prepare(pool)
		}
	}
	if p, ok := t.pacer.(overlapping); ok {
		return t.overlap(c, p, draw)
	}
	var pool []workloads.Entry
	for {
		warm, timed, extra := t.pacer.Next()
		if timed == 0 {
			return nil
		}
		pool = refill(pool, (warm+timed)*t.shape.Length+extra, t.shape.Length)
		draw(pool)
		at, _ := spin(c.take, pool, t.shape.Length, 0, warm)
		if c.work(); c.failed != nil {
			return c.failed
		}
		at, _ = spin(c.take, pool, t.shape.Length, at, timed)
		inject(c.take, pool, t.shape.Length, at, extra)
		t.pacer.Start()
		if c.work(); c.failed != nil {
			return c.failed // without Stop, as in drive
		}
		t.pacer.Stop(timed * t.shape.Length)
		t.Fold(c.sum.Load())
	}
}

// Shared reports whether several clients ran the operation: what goroutines
// and the runtime allocate between them is not the same from run to run.
func (t *T) Shared() bool { return t.shared }

// overlap runs a latency pass. A client that is free waits for the next batch
// to become due; only one waits at a time, so that they are begun in order.
func (t *T) overlap(c *crew, p overlapping, draw func([]workloads.Entry)) error {
	pool := refill[workloads.Entry](nil, c.size*t.shape.Length, t.shape.Length)
	draw(pool)
	spin(c.take, pool, t.shape.Length, 0, c.size) // a first round, as warm-up
	if c.work(); c.failed != nil {
		return c.failed
	}
	var turn sync.Mutex
	due := func() (time.Duration, bool) {
		turn.Lock()
		defer turn.Unlock()
		return p.Due()
	}
	c.each(func(client int) {
		at := client * t.shape.Length % len(pool)
		for began, more := due(); more; began, more = due() {
			if !c.do(client, pool[at:at+t.shape.Length:at+t.shape.Length]) {
				return
			}
			p.Done(began)
		}
	})
	return c.failed
}

// crew is the clients of one operation.
type crew struct {
	size int
	body func(client int, batch []workloads.Entry) (uint64, error)

	todo [][]workloads.Entry
	next atomic.Int64
	sum  atomic.Uint64 // of the answers of the slice

	once   sync.Once
	stop   atomic.Bool
	failed error // valid when no client runs
}

// take puts a batch on the list of the next work.
func (c *crew) take(batch []workloads.Entry) bool {
	c.todo = append(c.todo, batch)
	return true
}

// work has the clients do all that is on the list.
func (c *crew) work() {
	if len(c.todo) == 0 {
		return
	}
	c.next.Store(0)
	c.sum.Store(0)
	c.each(func(client int) {
		for i := c.next.Add(1) - 1; i < int64(len(c.todo)); i = c.next.Add(1) - 1 {
			if !c.do(client, c.todo[i]) {
				return
			}
		}
	})
	c.todo = c.todo[:0]
}

// do runs the body once; false says that some client has failed.
func (c *crew) do(client int, batch []workloads.Entry) bool {
	answer, err := c.body(client, batch)
	if err != nil {
		c.once.Do(func() { c.failed = err })
		c.stop.Store(true)
	}
	c.sum.Add(answer)
	return !c.stop.Load()
}

// each runs f for every client and waits for all. Goroutines are made anew for
// every slice: 16 take 10 us, and none is left when the operation is dropped.
func (c *crew) each(f func(client int)) {
	var all sync.WaitGroup
	for client := range c.size {
		all.Go(func() { f(client) })
	}
	all.Wait()
}
