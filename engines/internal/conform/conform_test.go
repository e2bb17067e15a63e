package conform

import (
	"testing"

	"assay/runner/lab"
	"assay/workloads"
)

type counter interface{ Add(uint64) uint64 }

type sum struct{ total, off uint64 }

func (s *sum) Add(x uint64) uint64 { s.total += x + s.off; return s.total }

func room() lab.Room {
	keys := lab.Unit{Name: "keys/op", Better: lab.Lower, Exact: true}
	adding := func(off uint64) func(*lab.Env) (counter, error) {
		return func(*lab.Env) (counter, error) { return &sum{off: off}, nil }
	}
	return lab.Family[counter]{
		Name: "adding", Base: "good", Model: adding(0), Units: []lab.Unit{keys}, Workloads: []string{"sequential"},
		Ops: []lab.Op[counter]{{Name: "add", Draws: workloads.Present, Run: func(t *lab.T, c counter) error {
			for batch := range t.Batches {
				for _, e := range batch {
					t.Fold(c.Add(e.Key))
				}
				if t.Counting() {
					t.Report(keys, 1)
				}
			}
			return nil
		}}},
		Variants: []lab.Variant[counter]{{Name: "good", New: adding(0)}, {Name: "off", New: adding(1), Null: true}},
	}.Erase()
}

func TestAWrongAnswerHasAnotherDigest(t *testing.T) {
	t.Parallel()
	s := Size{Workload: "sequential", Count: 100, Length: 8, Batches: 3, Seed: 1}
	r := room()
	Variants(t, r, s)
	want, err := Answer(t, r, r.Models[0], s)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Answer(t, r, Case(t, r, "add", "off"), s)
	if err != nil || got.Digest == want.Digest || len(got.Units) > 0 {
		t.Errorf("digest %x, the model's %x, units %v, %v", got.Digest, want.Digest, got.Units, err)
	}
}

func TestUnitsAreCountedInThePassThatCounts(t *testing.T) {
	t.Parallel()
	r := room()
	got, err := Count(t, r, Case(t, r, "add", "good"), Size{Workload: "sequential", Count: 100, Batches: 3, Seed: 1})
	if err != nil || len(got.Units["keys/op"]) != 4 { // three batches, and one to warm up
		t.Errorf("units %v, %v", got.Units, err)
	}
	Names(t, r)
}

func TestAPassKeepsWhatItIsToldTo(t *testing.T) {
	t.Parallel()
	r := room()
	env := Env(t, Size{Workload: "sequential", Count: 100, Seed: 1})
	for name, c := range map[string]struct {
		pass         Pass
		seen, slices int
	}{
		"two slices":               {Pass{Left: 2, Counting: true}, 2, 2},
		"of three batches":         {Pass{Left: 2, Batches: 3, Counting: true}, 6, 2},
		"warmed up":                {Pass{Left: 4, Warm: 1, Counting: true}, 8, 4},
		"warmed up by turns":       {Pass{Left: 4, Warm: 1, Turns: true, Counting: true}, 6, 4},
		"without the warm-up":      {Pass{Left: 4, Warm: 1, Within: true, Counting: true}, 4, 4},
		"with operations on top":   {Pass{Left: 1, Extra: 3, Counting: true}, 3, 1}, // a batch, and batches of 2 and 1
		"on top, not in this turn": {Pass{Left: 1, Extra: 3, Turns: true, Counting: true}, 1, 1},
		"not counting":             {Pass{Left: 2}, 0, 2},
	} {
		digest, err := c.pass.Run(*env, Case(t, r, "add", "good"), r.Units, 4)
		if err != nil || len(c.pass.Units["keys/op"]) != c.seen || len(c.pass.Digests) != c.slices || c.pass.Digests[c.slices-1] != digest {
			t.Errorf("%s: reported %v, digests %x, at last %x, %v", name, c.pass.Units, c.pass.Digests, digest, err)
		}
	}
}
