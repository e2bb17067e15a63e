package flush

import (
	"os"
	"testing"

	"assay/engines/internal/conform"
	"assay/runner/lab"
)

// runCase runs a case over so many batches of 64 and returns its digest.
func runCase(t *testing.T, room lab.Room, c lab.Case, workload string, p *conform.Pass) (uint64, error) {
	t.Helper()
	env := conform.Env(t, conform.Size{Workload: workload, Seed: 5})
	p.Warm, p.Turns = 1, true
	digest, err := p.Run(*env, c, room.Units, 64)
	if left, _ := os.ReadDir(env.Dir); len(left) > 6 {
		t.Errorf("%s/%s leaves %d files behind", c.Op, c.Variant, len(left))
	}
	return digest, err
}

// TestEveryVariantAnswersAsTheModelDoes: more entries than a batch, fewer, and
// repeated keys.
func TestEveryVariantAnswersAsTheModelDoes(t *testing.T) {
	t.Parallel()
	room := Family.Erase()
	for _, workload := range []string{
		"sequential,count=150,keyformat=key_,valuesize=128",
		"sequential,count=20,keyformat=key_,valuesize=3",
		"zipf:1.3,count=100,universe=1000,valuesize=9,valuebytes=random",
	} {
		want := map[string]uint64{}
		for _, c := range room.Models {
			digest, err := runCase(t, room, c, workload, &conform.Pass{Left: 6, Answering: true})
			if err != nil {
				t.Fatal(err)
			}
			want[c.Op] = digest
		}
		for _, c := range room.Cases {
			got, err := runCase(t, room, c, workload, &conform.Pass{Left: 6, Answering: true})
			if err != nil {
				t.Logf("%s/%s: %v", c.Op, c.Variant, err) // no direct I/O here
			} else if got != want[c.Op] && !c.Null {
				t.Errorf("%s/%s under %s: digest %016x, want %016x", c.Op, c.Variant, workload, got, want[c.Op])
			}
		}
	}
}

// swapped writes value and key for key and value.
type swapped struct{ whole }

func (w *swapped) Append(key, value []byte) error { return w.whole.Append(value, key) }

// TestAWrongByteChangesTheAnswer keeps the comparison from being one of nothing.
func TestAWrongByteChangesTheAnswer(t *testing.T) {
	t.Parallel()
	broken := Family
	broken.Variants = []lab.Variant[Writer]{{Name: "per-field", New: func(*lab.Env) (Writer, error) { return &swapped{}, nil }}}
	room := broken.Erase()
	for i, c := range room.Cases {
		const workload = "sequential,count=150,keyformat=key_,valuesize=128"
		want, err := runCase(t, room, room.Models[i], workload, &conform.Pass{Left: 2, Answering: true})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := runCase(t, room, c, workload, &conform.Pass{Left: 2, Answering: true}); err != nil || got == want {
			t.Errorf("%s: a writer that swaps keys and values answers as the model does (%v)", c.Op, err)
		}
	}
}

// TestUnitsAreReportedPerEntry checks the counting pass end to end.
func TestUnitsAreReportedPerEntry(t *testing.T) {
	t.Parallel()
	room := Family.Erase()
	for _, c := range room.Cases {
		if c.Variant != "per-field" {
			continue
		}
		p := &conform.Pass{Left: 3, Counting: true}
		if _, err := runCase(t, room, c, "uniform:0-999999,count=64,keysize=12,valuesize=20", p); err != nil {
			t.Fatal(err)
		}
		for unit, want := range map[string]float64{"writes/entry": 4, "bytes/entry": 48} {
			if seen := p.Units[unit]; len(seen) == 0 || seen[0] != want {
				t.Errorf("%s: %s is %v, want %g", c.Op, unit, seen, want)
			}
		}
	}
}

// TestCatalogueIsTrueToItself: names that claims and headline rows use exist,
// and workloads are written as results write them.
func TestCatalogueIsTrueToItself(t *testing.T) {
	t.Parallel()
	conform.Names(t, Family.Erase())
}
