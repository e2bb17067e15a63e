package lab

import (
	"fmt"
	"math/bits"

	"assay/workloads"
)

// poolEntries bounds the inputs drawn for one slice. A slice longer than this
// goes round its pool: 8192 entries are 192 KiB, small beside an L2 cache and
// far more than a branch predictor remembers.
const poolEntries = 8192

// Pacer is the harness behind a [T]. It decides how many batches come next and
// reads the clock around them.
type Pacer interface {
	// Next is called with the clock stopped. It returns how many batches to
	// warm up on and how many to time (0 ends the trial), and how many
	// operations to run on top without counting them: an injected slowdown.
	Next() (warm, timed, extra int)
	// Start and Stop bracket the timed batches; ops is their number of
	// operations. Stop does not follow when the operation leaves its loop early.
	Start()
	Stop(ops int)
	// Observe receives what the operation reports.
	Observe(Unit, float64)
	// Pass says what the trial is for: comparing answers one by one, or
	// counting exact units; neither while it is timed.
	Pass() (answering, counting bool)
}

// T is what a measured operation sees: its inputs, and somewhere to put its answers.
type T struct {
	Env
	pacer   Pacer
	units   []Unit
	shape   Shape
	draws   workloads.Population
	prepare func([]workloads.Entry)
	digest  uint64
	shared  bool // by several clients

	contract any // what the operation runs on, for neighbours
}

// NewT returns the T of one trial of a case whose family declares units.
// length overrides the operations per batch when it is not 0, and the
// workload's batch when it is.
func NewT(env Env, c Case, units []Unit, length int, pacer Pacer) *T {
	t := &T{Env: env, pacer: pacer, units: units, shape: c.Shape, draws: c.Draws}
	if batch := env.Workload.Batch(); batch > 0 {
		t.shape.Length = batch
	}
	if length > 0 {
		t.shape.Length = length
	}
	return t
}

// Beside returns the T of a neighbour of t's operation, on the same contract:
// one of its family's Room.Beside. It must be asked for after the operation has
// asked for its first batch, and has its own Batches and its own digest.
func (t *T) Beside(neighbour Case, pacer Pacer) *T {
	n := NewT(t.Env, neighbour, t.units, neighbour.Shape.Length, pacer)
	n.contract = t.contract
	return n
}

// Prepare sets a function that runs on every pool of entries after it is drawn
// and before the clock starts, for example to look up which page holds an entry.
func (t *T) Prepare(f func([]workloads.Entry)) { t.prepare = f }

// Batches yields slices of entries drawn from the workload. The clock runs only
// inside the body of a range over it, and only where the harness says so.
// Folding into a local variable and calling Fold once per batch keeps the loop
// free of the harness.
func (t *T) Batches(yield func([]workloads.Entry) bool) {
	stream, err := t.Data.Stream(t.draws, t.inputs())
	if err != nil {
		panic(err)
	}
	drive(t, yield, func(pool []workloads.Entry) {
		stream.Next(pool)
		if t.prepare != nil {
			t.prepare(pool)
		}
	})
}

// Records is Batches for byte-string keys and values. A record is valid until
// the next batch is asked for.
func (t *T) Records(yield func([]workloads.Record) bool) {
	stream, err := t.Data.Records(t.draws, t.inputs())
	if err != nil {
		panic(err)
	}
	drive(t, yield, stream.Next)
}

// inputs is the seed of the streams. Variants see the same inputs; twins do
// not: one's inputs would train the branch predictor for the other, which runs
// the same code, and flatter whoever comes second.
func (t *T) inputs() uint64 { return t.Seed ^ t.Twin*0x9e3779b97f4a7c15 }

// drive runs the trial: it draws a pool, warms up, and has the clock bracket
// the timed batches.
func drive[E any](t *T, yield func([]E) bool, draw func([]E)) {
	var pool []E
	for {
		warm, timed, extra := t.pacer.Next()
		if timed == 0 {
			return
		}
		pool = refill(pool, (warm+timed)*t.shape.Length+extra, t.shape.Length)
		draw(pool)
		at, ok := spin(yield, pool, t.shape.Length, 0, warm)
		if !ok {
			return
		}
		t.pacer.Start()
		at, ok = spin(yield, pool, t.shape.Length, at, timed)
		ok = ok && inject(yield, pool, t.shape.Length, at, extra)
		if !ok {
			return // without Stop: an operation that broke off must not be credited with the whole slice
		}
		t.pacer.Stop(timed * t.shape.Length)
	}
}

// refill returns a pool of so many inputs, or as many whole batches as a pool
// may hold, reusing the old one.
func refill[E any](pool []E, size, length int) []E {
	if limit := max(poolEntries, length); size > limit {
		size = limit - limit%length
	}
	if cap(pool) < size {
		return make([]E, size)
	}
	return pool[:size]
}

// spin yields n batches of the pool from position at, going round.
func spin[E any](yield func([]E) bool, pool []E, length, at, n int) (int, bool) {
	for range n {
		if !yield(pool[at : at+length : at+length]) {
			return at, false
		}
		if at += length; at == len(pool) {
			at = 0
		}
	}
	return at, true
}

// inject yields uncounted operations on inputs not seen before (a processor
// remembers the branches of those it has seen: repeated inputs made a planted
// 10 % cost 7.5), in batches of the usual length as far as they go, then of
// powers of two, so that operations which rely on such lengths stay right.
func inject[E any](yield func([]E) bool, pool []E, length, at, extra int) bool {
	for extra > 0 {
		if at >= len(pool) {
			at = 0
		}
		n := 1 << (bits.Len(uint(min(extra, length, len(pool)-at))) - 1)
		if !yield(pool[at : at+n : at+n]) {
			return false
		}
		at, extra = at+n, extra-n
	}
	return true
}

// Fold adds an answer to the trial's digest: it keeps the compiler from
// removing the work, and lets the harness see that variants agree.
func (t *T) Fold(x uint64) {
	t.digest = bits.RotateLeft64(t.digest^x, 23) * 0x9e3779b97f4a7c15
}

// Length returns the operations per batch.
func (t *T) Length() int { return t.shape.Length }

// Fits returns how many batches a slice may have before its inputs repeat.
func (t *T) Fits() int { return max(1, poolEntries/t.shape.Length) }

// Digest returns the digest of all answers folded so far.
func (t *T) Digest() uint64 { return t.digest }

// Answering reports whether the trial compares answers, so that an operation
// whose timed loop gives none (a page fill) can give some.
func (t *T) Answering() bool { answering, _ := t.pacer.Pass(); return answering }

// Counting reports whether the trial counts exact units, so that an operation
// can leave the counting out of its timed loop.
func (t *T) Counting() bool { _, counting := t.pacer.Pass(); return counting }

// Report records one observation of a unit. The unit must be declared by the
// family: an undeclared one is a bug and panics.
func (t *T) Report(u Unit, x float64) {
	for _, d := range t.units {
		if d.Name == u.Name {
			t.pacer.Observe(d, x)
			return
		}
	}
	panic(fmt.Sprintf("unit %q is reported but not declared by its family", u.Name))
}
