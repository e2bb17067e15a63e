package cli

import (
	"assay/runner/lab"
	"assay/workloads"
)

// rounds is how often each suspect repeats its work.
type rounds struct{ hash, probe, decode, compare, sum int }

// suspects is a family whose variants differ in one function each: five
// functions share the time of the operation, and a variant makes one of them
// six times as slow.
var suspects = lab.Family[rounds]{
	Name: "suspects", Doc: "one operation of five functions", Base: "plain",
	Workloads: []string{"uniform:0-1000000000"},
	Ops:       []lab.Op[rounds]{{Name: "work", Doc: "all five in turn", Draws: workloads.Fresh, Run: work}},
	Variants: []lab.Variant[rounds]{
		{Name: "plain", Doc: "all alike", New: repeating(rounds{1, 1, 1, 1, 1})},
		{Name: "hash", Doc: "hash is slow", New: repeating(rounds{6, 1, 1, 1, 1})},
		{Name: "probe", Doc: "probe is slow", New: repeating(rounds{1, 6, 1, 1, 1})},
		{Name: "decode", Doc: "decode is slow", New: repeating(rounds{1, 1, 6, 1, 1})},
		{Name: "compare", Doc: "compare is slow", New: repeating(rounds{1, 1, 1, 6, 1})},
		{Name: "sum", Doc: "sum is slow", New: repeating(rounds{1, 1, 1, 1, 6})},
	},
}

func repeating(r rounds) func(*lab.Env) (rounds, error) {
	return func(*lab.Env) (rounds, error) { return r, nil }
}

func work(t *lab.T, r rounds) error {
	for batch := range t.Batches {
		var x uint64
		for _, e := range batch {
			x += hash(e.Key, r.hash)
			x ^= probe(e.Key+x, r.probe)
			x += decode(e.Key^x, r.decode)
			x ^= compare(e.Key+x, r.compare)
			x += sum(e.Key^x, r.sum)
		}
		_ = x                      // calls of functions that are not inlined stay
		t.Fold(uint64(len(batch))) // variants differ in what they compute, not in what they answer
	}
	return nil
}

// turns is how long one round of a suspect takes: a chain of so many
// multiplications, each waiting for the last.
const turns = 12

//go:noinline
func hash(x uint64, n int) uint64 {
	for range n * turns {
		x = x*0x9e3779b97f4a7c15 + 1
	}
	return x
}

//go:noinline
func probe(x uint64, n int) uint64 {
	for range n * turns {
		x = x*0xbf58476d1ce4e5b9 + 3
	}
	return x
}

//go:noinline
func decode(x uint64, n int) uint64 {
	for range n * turns {
		x = x*0x94d049bb133111eb + 5
	}
	return x
}

//go:noinline
func compare(x uint64, n int) uint64 {
	for range n * turns {
		x = x*0xd6e8feb86659fd93 + 7
	}
	return x
}

//go:noinline
func sum(x uint64, n int) uint64 {
	for range n * turns {
		x = x*0xff51afd7ed558ccd + 9
	}
	return x
}
