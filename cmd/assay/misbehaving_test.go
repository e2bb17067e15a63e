package main

import (
	"errors"

	"assay/runner/lab"
	"assay/workloads"
)

// doubler is a contract small enough to see through.
type doubler interface{ Double(key uint64) uint64 }

type double func(uint64) uint64

func (d double) Double(key uint64) uint64 { return d(key) }

// misbehaving is a family with one honest variant, and others that lie, panic
// or cannot be built. Keys are sequential, so the first wrong key is known.
func misbehaving() lab.Room {
	honest := func(key uint64) uint64 { return 2 * key }
	made := func(d double) func(*lab.Env) (doubler, error) {
		return func(*lab.Env) (doubler, error) { return d, nil }
	}
	return lab.Family[doubler]{
		Name: "double", Doc: "doubles a number", Base: "honest", Workloads: []string{"sequential"},
		Model: made(honest),
		Ops:   []lab.Op[doubler]{{Name: "ask", Doc: "double a key", Draws: workloads.Fresh, Run: ask}},
		Variants: []lab.Variant[doubler]{
			{Name: "honest", Doc: "doubles", New: made(honest)},
			{Name: "shift", Doc: "shifts", New: made(func(key uint64) uint64 { return key << 1 })},
			{Name: "lying", Doc: "is wrong from key 1100 on", New: made(func(key uint64) uint64 {
				if key >= 1100 {
					key++
				}
				return 2 * key
			})},
			{Name: "panicking", Doc: "panics at key 1200", New: made(func(key uint64) uint64 {
				if key == 1200 {
					panic("key 1200 is too much")
				}
				return 2 * key
			})},
			{Name: "unbuildable", Doc: "has no constructor that works", New: func(*lab.Env) (doubler, error) {
				return nil, errors.New("the table does not fit")
			}},
		},
	}.Erase()
}

func ask(t *lab.T, d doubler) error {
	for batch := range t.Batches {
		sum := uint64(0)
		for i := range batch {
			sum += d.Double(batch[i].Key)
		}
		t.Fold(sum)
	}
	return nil
}
