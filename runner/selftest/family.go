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
	Ops: []lab.Op[*arena]{
		{Name: "mix", Doc: "arithmetic alone", Draws: workloads.Fresh, Run: mix},
		{Name: "table", Doc: "independent loads that hit L1", Draws: workloads.Fresh, Run: table(l1Words)},
		{Name: "wide", Doc: "independent loads that hit L2", Draws: workloads.Fresh, Run: table(l2Words)},
		{Name: "search", Doc: "binary search: branches that cannot be foreseen", Draws: workloads.Fresh, Run: search},
		{Name: "chase", Doc: "each load waits for the last", Draws: workloads.Fresh, Run: chase},
	},
	Variants: []lab.Variant[*arena]{{Name: variant, Doc: "the kernel", New: newArena}},
}

const (
	l1Words = 1 << 11 // 16 KiB: both arms fit L1
	l2Words = 1 << 15 // 256 KiB: both arms fit L2
)

// arena is the memory the kernels touch.
type arena struct{ words []uint64 }

func newArena(env *lab.Env) (*arena, error) {
	a := &arena{words: make([]uint64, l2Words)}
	x := env.Seed | 1
	for i := range a.words {
		x = x*6364136223846793005 + 1442695040888963407
		a.words[i] = x
	}
	return a, nil
}

func mix(t *lab.T, _ *arena) error {
	for batch := range t.Batches {
		sum := uint64(0)
		for i := range batch {
			x := batch[i].Key
			for range 8 {
				x ^= x >> 31
				x *= 0x9e3779b97f4a7c15
			}
			sum += x
		}
		t.Fold(sum)
	}
	return nil
}

func table(words int) func(*lab.T, *arena) error {
	return func(t *lab.T, a *arena) error {
		mask := uint64(words - 1)
		for batch := range t.Batches {
			sum, from := uint64(0), a.words[:words]
			for i := range batch {
				x := batch[i].Key * 0x9e3779b97f4a7c15 >> 20
				for k := range uint64(4) {
					sum += from[(x+k*977)&mask]
				}
			}
			t.Fold(sum)
		}
		return nil
	}
}

func search(t *lab.T, a *arena) error {
	sorted := make([]uint64, l1Words)
	for i := range sorted {
		sorted[i] = uint64(i) << 20
	}
	for batch := range t.Batches {
		sum := uint64(0)
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
		t.Fold(sum ^ a.words[0])
	}
	return nil
}

func chase(t *lab.T, a *arena) error {
	const mask = l1Words - 1
	at := uint64(0)
	for batch := range t.Batches {
		for i := range batch {
			at = a.words[(at>>40^batch[i].Key)&mask]
		}
		t.Fold(at)
	}
	return nil
}
