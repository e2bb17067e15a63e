package lsm

import (
	"slices"
	"testing"

	"assay/engines/internal/conform"
	"assay/engines/lsm/internal/scratch"
	"assay/runner/lab"
	"assay/workloads"
)

// trialOf runs a case and returns its digest and the means of its units.
func trialOf(t *testing.T, c lab.Case, workload string, count int, p conform.Pass) (uint64, map[string]float64) {
	t.Helper()
	spec, err := workloads.Parse(workload)
	if err != nil {
		t.Fatal(err)
	}
	data, err := spec.Load(1, count)
	if err != nil {
		t.Fatal(err)
	}
	p.Within = true
	digest, err := p.Run(lab.Env{Workload: spec, Data: data, Seed: 1, Dir: scratch.Dir(t)}, c, Family.Units, 0)
	if err != nil {
		t.Fatal(err)
	}
	means := map[string]float64{}
	for name, xs := range p.Units {
		for _, x := range xs {
			means[name] += x / float64(len(xs))
		}
	}
	return digest, means
}

func caseOf(t *testing.T, op, variant string) lab.Case {
	t.Helper()
	room := Family.Erase()
	for _, c := range append(room.Cases, room.Models...) {
		if c.Op == op && c.Variant == variant {
			return c
		}
	}
	t.Fatalf("no case %s/%s", op, variant)
	return lab.Case{}
}

func TestEveryOperationOfEveryVariantAnswersAsTheModel(t *testing.T) {
	t.Parallel()
	for _, c := range Family.Erase().Cases {
		if c.Null {
			continue
		}
		t.Run(c.Op+"/"+c.Variant, func(t *testing.T) {
			t.Parallel()
			for _, workload := range []string{zeros, noise, "uniform:0-999,valuesize=20"} {
				p := conform.Pass{Left: 3, Answering: true}
				got, _ := trialOf(t, c, workload, 500, p)
				want, _ := trialOf(t, caseOf(t, c.Op, "model"), workload, 500, p)
				if got != want {
					t.Errorf("%s: digest %x, the model's is %x", workload, got, want)
				}
			}
		})
	}
}

// counted runs the counting pass of a case as the runner does, warm-up first.
func counted(t *testing.T, op, variant string, slices int) map[string]float64 {
	t.Helper()
	_, units := trialOf(t, caseOf(t, op, variant), noise, 20_000, conform.Pass{Warm: 1, Left: slices, Counting: true})
	return units
}

func TestWriteCallsAreFourForEachEntryOrAsManyAsBuffersNeed(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"flush", "compact"} {
		if got := counted(t, op, "base", 1)["writes/entry"]; got != 4 {
			t.Errorf("%s of base: %v write calls for each entry, want 4", op, got)
		}
		got := counted(t, op, "buffered", 1)
		perTable := 20_000. / 49 // in the published proportion; a compaction has one table
		if op == "compact" {
			perTable = 20_000
		}
		if most := got["bytes/entry"]/bufferBytes + 2/perTable; got["writes/entry"] > most {
			t.Errorf("%s of buffered: %v write calls for each entry, want at most %v", op, got["writes/entry"], most)
		}
	}
}

func TestTheLayoutStepHalvesReadsAndTheFilterStepMendsTheRate(t *testing.T) {
	t.Parallel()
	pool, layout := counted(t, "get", "pool", 20), counted(t, "get", "layout", 20)
	if layout["reads/op"]*2 != pool["reads/op"] {
		t.Errorf("%v reads with the layout, %v before", layout["reads/op"], pool["reads/op"])
	}
	within := func(variant string, lo, hi float64) {
		if x := counted(t, "get-absent", variant, 40)["false-positive-rate"]; x < lo || x > hi {
			t.Errorf("%s: a false-positive rate of %v, want %v to %v", variant, x, lo, hi)
		}
	}
	within("layout", .13, .17)
	within("bloom-slow", .007, .013)
	within("bloom", .007, .013)
	within("front", 0, .003)
	if slow := counted(t, "get", "bloom-slow", 20)["tables-read/op"]; layout["tables-read/op"] < 2*slow {
		t.Errorf("%v tables read with the naive filter, %v with the mended one", layout["tables-read/op"], slow)
	}
}

func TestEveryRunHasAboutThePublishedNumberOfTables(t *testing.T) {
	t.Parallel()
	for entries, want := range map[int]int{1_000_000: 4 << 20, 2_000_000: 4 << 20, 100_000: 4 << 20 / 10, 10: 1 << 10} {
		if got := MemtableBytes(entries); got != want {
			t.Errorf("%d entries: memtables of %d bytes, want %d", entries, got, want)
		}
	}
	asked := counted(t, "get-absent", "front", 1)
	if asked["reads/op"] > 1 {
		t.Errorf("%v reads for an absent key", asked["reads/op"])
	}
}

func TestClaimsAndHeadlinesNameWhatThereIs(t *testing.T) {
	t.Parallel()
	room := Family.Erase()
	have, units := map[string]bool{}, []string{"ns/op", "B/op"}
	for _, c := range room.Cases {
		have[c.Op+"/"+c.Variant] = true
	}
	for _, u := range room.Units {
		units = append(units, u.Name)
	}
	for _, c := range room.Claims {
		spec, err := workloads.Parse(c.Workload)
		if err != nil || spec.String() != c.Workload {
			t.Errorf("the workload %q is written %q: %v", c.Workload, spec, err)
		}
		if !have[c.Op+"/"+c.Variant] || c.Base != "" && !have[c.Op+"/"+c.Base] || !slices.Contains(units, c.Unit) || c.Lo > c.Hi {
			t.Errorf("a claim of nothing: %+v", c)
		}
	}
	for _, r := range room.Standard {
		for _, v := range r.Variants {
			if !have[r.Op+"/"+v] {
				t.Errorf("headline %s/%s", r.Op, v)
			}
		}
	}
}
