package lab_test

import (
	"testing"

	"assay/runner/lab"
	"assay/workloads"
)

// BenchmarkEmptyOperation shows what the loop of the laboratory costs beside a
// plain loop over the same entries: the difference of its two lines.
func BenchmarkEmptyOperation(b *testing.B) {
	env := load(b, "realistic", 5000)
	c := lab.Case{Draws: workloads.Present, Shape: lab.Shape{Length: 256}}
	const batches = 1 << 10 // as many as a slice of 0.4 ms holds
	b.Run("laboratory", func(b *testing.B) {
		p := &timed{b: b, batches: batches}
		x := lab.NewT(env, c, nil, 0, p)
		for batch := range x.Batches {
			x.Fold(total(batch))
		}
	})
	b.Run("plain", func(b *testing.B) {
		pool := make([]workloads.Entry, 8192)
		stream, err := env.Data.Stream(workloads.Present, 7)
		if err != nil {
			b.Fatal(err)
		}
		sum := uint64(0)
		for left := b.N; left > 0; left -= batches * 256 {
			b.StopTimer()
			stream.Next(pool)
			b.StartTimer()
			for range batches * 256 / len(pool) {
				sum += total(pool)
			}
		}
		if sum == 0 {
			b.Fatal("nothing was added")
		}
	})
}

func total(batch []workloads.Entry) uint64 {
	sum := uint64(0)
	for i := range batch {
		sum += batch[i].Key
	}
	return sum
}

// timed paces slices until b.N operations have been timed.
type timed struct {
	b             *testing.B
	batches, done int
}

func (p *timed) Next() (warm, timed, extra int) {
	p.b.StopTimer()
	if p.done >= p.b.N {
		return 0, 0, 0
	}
	return 0, p.batches, 0
}
func (p *timed) Start()                         { p.b.StartTimer() }
func (p *timed) Stop(ops int)                   { p.b.StopTimer(); p.done += ops }
func (*timed) Observe(lab.Unit, float64)        {}
func (*timed) Pass() (answering, counting bool) { return false, false }
