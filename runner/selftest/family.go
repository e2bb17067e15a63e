package selftest

import (
	"assay/runner/lab"
	"assay/workloads"
)

// Room is the family the self-test measures: five kernels that lean on
// different parts of a CPU. It is hidden: workers know it, lists do not.
func Room() lab.Room {
	r := family.Erase()
	r.Hidden = true
	return r
}

const variant = "work"

var family = lab.Family[*arena]{
	Name: "selftest", Doc: "kernels for measuring the laboratory itself", Base: variant,
	Workloads: []string{"uniform:0-1000000000", "loguniform:40"},
	Ops:       ops(),
	Variants:  []lab.Variant[*arena]{{Name: variant, Doc: "the kernel", New: newArena}},
}

// kernel goes over one batch of inputs and returns what depends on all of its
// work. The laboratory and a Go benchmark run the same one (see
// BenchmarkKernel), so that what they find differs by how they measure alone.
type kernel func(a *arena, batch []workloads.Entry) uint64

var kernels = []struct {
	name, doc string
	loop      kernel
}{
	{"mix", "arithmetic alone", mix},
	{"table", "independent loads that hit L1", table(l1Words)},
	{"wide", "independent loads that hit L2", table(l2Words)},
	{"search", "binary search: branches that cannot be foreseen", search},
	{"chase", "each load waits for the last", chase},
}

func ops() []lab.Op[*arena] {
	all := make([]lab.Op[*arena], 0, len(kernels))
	for _, k := range kernels {
		all = append(all, lab.Op[*arena]{Name: k.name, Doc: k.doc, Draws: workloads.Fresh, Run: k.loop.run})
	}
	return all
}

// run is the kernel as an operation of the laboratory.
func (k kernel) run(t *lab.T, a *arena) error {
	for batch := range t.Batches {
		t.Fold(k(a, batch))
	}
	return nil
}

const (
	l1Words = 1 << 11 // 16 KiB: both arms fit L1
	l2Words = 1 << 15 // 256 KiB: both arms fit L2
)

// arena is the memory the kernels touch.
type arena struct {
	words  []uint64
	sorted []uint64
	at     uint64 // where the chase stands
}

func newArena(env *lab.Env) (*arena, error) {
	a := &arena{words: make([]uint64, l2Words), sorted: make([]uint64, l1Words)}
	x := env.Seed | 1
	for i := range a.words {
		x = x*6364136223846793005 + 1442695040888963407
		a.words[i] = x
	}
	for i := range a.sorted {
		a.sorted[i] = uint64(i) << 20
	}
	return a, nil
}

func mix(_ *arena, batch []workloads.Entry) uint64 {
	sum := uint64(0)
	for i := range batch {
		x := batch[i].Key
		for range 8 {
			x ^= x >> 31
			x *= 0x9e3779b97f4a7c15
		}
		sum += x
	}
	return sum
}

func table(words int) kernel {
	return func(a *arena, batch []workloads.Entry) uint64 {
		sum, from, mask := uint64(0), a.words[:words], uint64(words-1)
		for i := range batch {
			x := batch[i].Key * 0x9e3779b97f4a7c15 >> 20
			for k := range uint64(4) {
				sum += from[(x+k*977)&mask]
			}
		}
		return sum
	}
}

func search(a *arena, batch []workloads.Entry) uint64 {
	sum, sorted := uint64(0), a.sorted
	for i := range batch {
		key := batch[i].Key * 0x9e3779b97f4a7c15 >> 32
		lo, hi := 0, len(sorted)
		for lo < hi {
			if mid := int(uint(lo+hi) / 2); sorted[mid] < key {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		sum += uint64(lo)
	}
	return sum ^ a.words[0]
}

func chase(a *arena, batch []workloads.Entry) uint64 {
	const mask = l1Words - 1
	at := a.at
	for i := range batch {
		at = a.words[(at>>40^batch[i].Key)&mask]
	}
	a.at = at
	return at
}
