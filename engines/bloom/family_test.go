package bloom

import (
	"testing"

	"assay/engines/internal/conform"
	"assay/runner/lab"
)

// run runs a case over so many batches and returns its digest.
func run(t *testing.T, room lab.Room, c lab.Case, workload string, length int, p *conform.Pass) uint64 {
	t.Helper()
	digest, err := p.Run(*conform.Env(t, conform.Size{Workload: workload, Seed: 5}), c, room.Units, length)
	if err != nil {
		t.Fatalf("%s/%s: %v", c.Op, c.Variant, err)
	}
	return digest
}

// TestEveryVariantAnswersAsTheModelDoes runs all operations on number and
// string keys and compares their digests with the exact set's.
func TestEveryVariantAnswersAsTheModelDoes(t *testing.T) {
	t.Parallel()
	room := Family.Erase()
	for _, workload := range []string{"uniform:0-999999999,count=700,keysize=9", "go-identifiers,count=700"} {
		want := map[string]uint64{}
		for _, c := range room.Models {
			want[c.Op] = run(t, room, c, workload, 64, &conform.Pass{Left: 12, Answering: true})
		}
		for _, c := range room.Cases {
			if got := run(t, room, c, workload, 64, &conform.Pass{Left: 12, Answering: true}); got != want[c.Op] && !c.Null {
				t.Errorf("%s/%s under %s: digest %016x, want %016x", c.Op, c.Variant, workload, got, want[c.Op])
			}
		}
	}
}

// forgetful loses one key in fifty.
type forgetful struct{ exact }

func (f forgetful) Add(key []byte) {
	if Hash(key)%50 > 0 {
		f.exact.Add(key)
	}
}

// TestALostKeyChangesTheAnswers keeps the comparison from being one of nothing.
func TestALostKeyChangesTheAnswers(t *testing.T) {
	t.Parallel()
	broken := Family
	broken.Variants = []lab.Variant[Filter]{{Name: "naive", New: func(*lab.Env) (Filter, error) { return forgetful{exact{}}, nil }}}
	room := broken.Erase()
	for i, c := range room.Cases {
		if c.Op == "miss" {
			continue
		}
		const workload = "uniform:0-999999999,count=700,keysize=9"
		want := run(t, room, room.Models[i], workload, 64, &conform.Pass{Left: 12, Answering: true})
		if run(t, room, c, workload, 64, &conform.Pass{Left: 12, Answering: true}) == want {
			t.Errorf("%s: a filter that loses keys answers as the model does", c.Op)
		}
	}
}

// TestRateStandsBesideEveryTime asks the counting pass of every operation, and
// that the survey left the filter as it was: the digest is that of the answers.
func TestRateStandsBesideEveryTime(t *testing.T) {
	t.Parallel()
	room := Family.Erase()
	for _, c := range room.Cases {
		if c.Variant != "split-block-batch" && c.Variant != "binary-fuse-8" && !c.Null {
			continue
		}
		p := &conform.Pass{Left: parts, Counting: true}
		counted := run(t, room, c, "uniform:0-999999999,count=700,keysize=9", 0, p)
		for _, u := range room.Units {
			if n := len(p.Units[u.Name]); n != parts && !c.Null {
				t.Errorf("%s/%s: %d observations of %s, want %d", c.Op, c.Variant, n, u.Name, parts)
			}
		}
		plain := run(t, room, c, "uniform:0-999999999,count=700,keysize=9", 0, &conform.Pass{Left: parts})
		if counted != plain {
			t.Errorf("%s/%s: answers differ after the survey", c.Op, c.Variant)
		}
	}
}

// TestCatalogueIsTrueToItself: names that claims and headline rows use exist,
// and workloads are written as results write them.
func TestCatalogueIsTrueToItself(t *testing.T) {
	t.Parallel()
	room := Family.Erase()
	room.Workloads = append([]string{keys12, keys10, keys256, keysGo, outside, farOutside}, room.Workloads...)
	conform.Names(t, room)
}
