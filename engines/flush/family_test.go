package flush

import (
	"os"
	"testing"

	"assay/engines/internal/conform"
	"assay/runner/lab"
	"assay/workloads"
)

// pass is the harness of a trial that is not timed: it gives so many batches.
type pass struct {
	left                int
	answering, counting bool
	seen                map[string][]float64
}

func (p *pass) Next() (warm, timed, extra int) {
	if p.left == 0 {
		return 0, 0, 0
	}
	p.left--
	return p.left % 2, 1, 0
}
func (p *pass) Start()                           {}
func (p *pass) Stop(int)                         {}
func (p *pass) Pass() (answering, counting bool) { return p.answering, p.counting }
func (p *pass) Observe(u lab.Unit, x float64)    { p.seen[u.Name] = append(p.seen[u.Name], x) }

// runCase runs a case over so many batches of 64 and returns its digest.
func runCase(t *testing.T, room lab.Room, c lab.Case, workload string, p *pass) (uint64, error) {
	t.Helper()
	spec, err := workloads.Parse(workload)
	if err != nil {
		t.Fatal(err)
	}
	data, err := spec.Load(5, 0)
	if err != nil {
		t.Fatal(err)
	}
	p.seen = map[string][]float64{}
	dir := t.TempDir()
	x := lab.NewT(lab.Env{Workload: spec, Data: data, Seed: 5, Dir: dir}, c, room.Units, 64, p)
	err = c.Run(x)
	if left, _ := os.ReadDir(dir); len(left) > 6 {
		t.Errorf("%s/%s leaves %d files behind", c.Op, c.Variant, len(left))
	}
	return x.Digest(), err
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
			digest, err := runCase(t, room, c, workload, &pass{left: 6, answering: true})
			if err != nil {
				t.Fatal(err)
			}
			want[c.Op] = digest
		}
		for _, c := range room.Cases {
			got, err := runCase(t, room, c, workload, &pass{left: 6, answering: true})
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
		want, err := runCase(t, room, room.Models[i], workload, &pass{left: 2, answering: true})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := runCase(t, room, c, workload, &pass{left: 2, answering: true}); err != nil || got == want {
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
		p := &pass{left: 3, counting: true}
		if _, err := runCase(t, room, c, "uniform:0-999999,count=64,keysize=12,valuesize=20", p); err != nil {
			t.Fatal(err)
		}
		for unit, want := range map[string]float64{"writes/entry": 4, "bytes/entry": 48} {
			if seen := p.seen[unit]; len(seen) == 0 || seen[0] != want {
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
