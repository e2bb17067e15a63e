package selftest

import (
	"assay/runner/clock"
	"assay/runner/lab"
	"assay/runner/stats"
	"assay/workloads"
)

const (
	overheadOps   = 1 << 16
	overheadTries = 301
)

// overhead is what a batch of 256 costs per operation over one plain loop with
// the same body: the median of the differences of neighbouring tries, in
// random order.
func overhead(clk clock.Clock) Figure {
	spec, err := workloads.Parse("uniform:0-1000000000")
	if err != nil {
		return Figure{}
	}
	data, err := spec.Load(1, 1024)
	if err != nil {
		return Figure{}
	}
	entries := make([]workloads.Entry, 8192)
	stream, err := data.Stream(workloads.Fresh, 2)
	if err != nil {
		return Figure{}
	}
	stream.Next(entries)
	c := &counter{clock: clk}
	t := lab.NewT(lab.Env{Workload: spec, Data: data, Seed: 2}, lab.Case{Draws: workloads.Fresh, Shape: lab.Shape{Length: 256}}, nil, 0, c)
	var differences []float64
	for i := range overheadTries {
		var plain, batched float64
		if i%2 == 0 {
			plain, batched = plainLoop(clk, entries), c.batched(t)
		} else {
			batched, plain = c.batched(t), plainLoop(clk, entries)
		}
		differences = append(differences, batched-plain)
	}
	i := stats.MedianInterval(differences, confidence)
	return Figure{Value: i.Est, Lo: i.Lo, Hi: i.Hi, N: len(differences)}
}

// plainLoop goes over the entries as often as the batched loop does.
func plainLoop(clk clock.Clock, entries []workloads.Entry) float64 {
	began := clk.Wall()
	sum := uint64(0)
	for range overheadOps / len(entries) {
		for i := range entries {
			sum += entries[i].Key
		}
	}
	took := float64(clk.Wall() - began)
	sink(sum)
	return took / overheadOps
}

// counter is a pacer that times one slice of batches per call.
type counter struct {
	clock clock.Clock
	runs  int
	began float64
	took  float64
}

func (c *counter) batched(t *lab.T) float64 {
	c.runs = 1
	for batch := range t.Batches {
		sum := uint64(0)
		for i := range batch {
			sum += batch[i].Key
		}
		t.Fold(sum)
	}
	return c.took / overheadOps
}

// Next gives one slice, then the end.
func (c *counter) Next() (warm, timed, extra int) {
	c.runs--
	if c.runs < 0 {
		return 0, 0, 0
	}
	return 0, overheadOps / 256, 0
}

func (c *counter) Start()                           { c.began = float64(c.clock.Wall()) }
func (c *counter) Stop(int)                         { c.took = float64(c.clock.Wall()) - c.began }
func (c *counter) Observe(lab.Unit, float64)        {}
func (c *counter) Pass() (answering, counting bool) { return false, false }

// sink keeps a sum from being optimised away.
//
//go:noinline
func sink(x uint64) uint64 { return x }
