// Package conform holds the variants of a family to its model, operation by
// operation, as a run does before it times anything.
package conform

import (
	"testing"

	"assay/runner/lab"
	"assay/workloads"
)

// Size is how much of an operation a test runs.
type Size struct {
	Workload string
	Count    int // entries loaded where the workload does not say
	Length   int // operations per batch at most; 0 leaves the operation's own
	Batches  int // after one of warming up
	Seed     uint64
}

// Outcome is what one case did.
type Outcome struct {
	Digest uint64
	Units  map[string][]float64 // what was reported, where the pass counts
}

// Answer runs a case in the pass that compares answers.
func Answer(t testing.TB, room lab.Room, c lab.Case, s Size) (Outcome, error) {
	t.Helper()
	return run(t, room, c, s, &Pass{Left: s.Batches, Warm: 1, Turns: true, Answering: true})
}

// Count runs a case in the pass that counts exact units.
func Count(t testing.TB, room lab.Room, c lab.Case, s Size) (Outcome, error) {
	t.Helper()
	return run(t, room, c, s, &Pass{Left: s.Batches, Warm: 1, Turns: true, Counting: true})
}

// Env loads the workload, into an environment as a variant is built from.
func Env(t testing.TB, s Size) *lab.Env {
	t.Helper()
	spec, err := workloads.Parse(s.Workload)
	if err != nil {
		t.Fatal(err)
	}
	count := s.Count
	if spec.Count() > 0 {
		count = spec.Count()
	}
	data, err := spec.Load(s.Seed, count)
	if err != nil {
		t.Fatal(err)
	}
	return &lab.Env{Workload: spec, Data: data, Seed: s.Seed, Dir: t.TempDir()}
}

func run(t testing.TB, room lab.Room, c lab.Case, s Size, p *Pass) (Outcome, error) {
	t.Helper()
	digest, err := p.Run(*Env(t, s), c, room.Units, min(s.Length, c.Shape.Length))
	return Outcome{digest, p.Units}, err
}

// Variants fails the test where a variant answers otherwise than the model.
// Null variants only have to run.
func Variants(t *testing.T, room lab.Room, s Size) {
	t.Helper()
	want := map[string]uint64{}
	for _, c := range room.Models {
		o, err := Answer(t, room, c, s)
		if err != nil {
			t.Fatalf("the model of %s under %s: %v", c.Op, s.Workload, err)
		}
		want[c.Op] = o.Digest
	}
	for _, c := range room.Cases {
		t.Run(c.Op+"/"+c.Variant, func(t *testing.T) {
			t.Parallel()
			o, err := Answer(t, room, c, s)
			if err != nil {
				t.Fatalf("under %s: %v", s.Workload, err)
			}
			if o.Digest != want[c.Op] && !c.Null {
				t.Errorf("under %s: digest %016x, the model's is %016x", s.Workload, o.Digest, want[c.Op])
			}
		})
	}
}

// Case finds one case of a family.
func Case(t testing.TB, room lab.Room, op, variant string) lab.Case {
	t.Helper()
	for _, c := range room.Cases {
		if c.Op == op && c.Variant == variant {
			return c
		}
	}
	t.Fatalf("%s has no case %s/%s", room.Name, op, variant)
	return lab.Case{}
}

// Names holds that claims and headline rows name what there is, that units are
// declared, and that workloads are written as results write them.
func Names(t *testing.T, room lab.Room) {
	t.Helper()
	have, units := map[string]bool{}, map[string]bool{"ns/op": true, "allocs/op": true, "B/op": true}
	for _, c := range room.Cases {
		have[c.Op+"/"+c.Variant] = true
	}
	for _, u := range room.Units {
		units[u.Name] = true
	}
	all := append([]string{}, room.Workloads...)
	for _, c := range room.Claims {
		if !have[c.Op+"/"+c.Variant] || c.Base != "" && !have[c.Op+"/"+c.Base] || !units[c.Unit] || c.Lo > c.Hi {
			t.Errorf("claim on %s of %s/%s (base %q), [%g, %g]: no such case or unit, or an empty range", c.Unit, c.Op, c.Variant, c.Base, c.Lo, c.Hi)
		}
		all = append(all, c.Workload)
		if c.BaseWorkload != "" {
			all = append(all, c.BaseWorkload)
		}
	}
	for _, r := range room.Standard {
		for _, v := range r.Variants {
			if !have[r.Op+"/"+v] {
				t.Errorf("headline row %s names variant %q", r.Op, v)
			}
		}
		all = append(all, r.Workload)
	}
	for _, w := range all {
		if spec, err := workloads.Parse(w); err != nil || spec.String() != w {
			t.Errorf("workload %q: %v; results write it %q", w, err, spec)
		}
	}
}
