package ingest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"assay/engines/ingest/broker"
	"assay/engines/ingest/segment"
	"assay/engines/internal/conform"
	"assay/runner/lab"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// runCase runs a case and returns its digest. It must leave no file behind.
func runCase(t *testing.T, room lab.Room, c lab.Case, workload string, p *conform.Pass) (uint64, error) {
	t.Helper()
	env := conform.Env(t, conform.Size{Workload: workload, Seed: 5})
	p.Warm, p.Extra, p.Turns = 1, 3, true
	digest, err := p.Run(*env, c, room.Units, 0)
	if left, _ := filepath.Glob(env.Dir + "/*"); len(left) > 0 {
		t.Errorf("%s/%s leaves %d files behind", c.Op, c.Variant, len(left))
	}
	return digest, err
}

// TestEveryVariantAnswersAsTheModelDoes: the whole system, its halves and its
// parts, with requests of one record and of many, of records large and small.
func TestEveryVariantAnswersAsTheModelDoes(t *testing.T) {
	t.Parallel()
	room := Family.Erase()
	for _, workload := range []string{
		"sequential,count=300,valuesize=1024,valuebytes=random,batch=64",
		"sequential,count=40,valuesize=3,batch=8",
		"uniform:0-99,count=50,valuesize=100,valuebytes=random,batch=1",
	} {
		want := map[string]uint64{}
		for _, c := range room.Models {
			digest, err := runCase(t, room, c, workload, &conform.Pass{Left: 2, Batches: 20, Answering: true})
			if err != nil {
				t.Fatal(err)
			}
			want[c.Op] = digest
		}
		for _, c := range room.Cases {
			t.Run(c.Op+"/"+c.Variant+"/"+workload, func(t *testing.T) {
				t.Parallel()
				got, err := runCase(t, room, c, workload, &conform.Pass{Left: 2, Batches: 20, Answering: true})
				if err != nil || got != want[c.Op] && !c.Null {
					t.Errorf("digest %016x, want %016x (%v)", got, want[c.Op], err)
				}
			})
		}
	}
}

// broken paths lose, double and exchange what they should keep.
type losing struct{ path }

func (l losing) Write(f *segment.File, batches []*segment.Batch, nanos int64) error {
	b := batches[0]
	b.Chunks[0] = bytes.Clone(b.Chunks[0])
	b.Chunks[0][0] ^= 1
	return l.path.Write(f, batches, nanos)
}

// TestAWrongByteChangesTheAnswer keeps the comparison from being one of nothing.
func TestAWrongByteChangesTheAnswer(t *testing.T) {
	t.Parallel()
	family := Family
	family.Variants = []lab.Variant[Path]{{Name: "parts", New: func(*lab.Env) (Path, error) { return losing{path{parts{}, &assembled{}}}, nil }}}
	family.Ops = nil
	for _, op := range Family.Ops {
		if op.Name == "post" || op.Name == "write" {
			op.Variants = nil
			family.Ops = append(family.Ops, op)
		}
	}
	family.Standard = nil
	room := family.Erase()
	const workload = "sequential,count=40,valuesize=9,valuebytes=random,batch=4"
	for i, c := range room.Cases {
		want, err := runCase(t, room, room.Models[i], workload, &conform.Pass{Left: 1, Answering: true})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := runCase(t, room, c, workload, &conform.Pass{Left: 1, Answering: true}); err != nil || got == want {
			t.Errorf("%s: a path that changes a byte answers as the model does (%v)", c.Op, err)
		}
	}
}

// TestFilesOfAllVariantsAreIdenticalButForTheTime and parse back to the input:
// the same requests, one after another, through each variant's own encoding.
func TestFilesOfAllVariantsAreIdenticalButForTheTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		requests := rapid.SliceOfN(rapid.SliceOfN(rapid.StringN(0, 30, 60), 1, 8), 1, 6).Draw(t, "requests")
		var all []string
		for _, r := range requests {
			all = append(all, r...)
		}
		var first []byte
		for name, p := range paths2(t) {
			file, err := written(p, requests, int64(len(name)))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			s, err := segment.Parse(file)
			if err != nil || s.Len() != len(all) || s.Nanos != int64(len(name)) {
				t.Fatalf("%s: %d records of %d, time %d: %v", name, s.Len(), len(all), s.Nanos, err)
			}
			for i, r := range all {
				if string(s.Record(i)) != r {
					t.Fatalf("%s: record %d is %q, want %q", name, i, s.Record(i), r)
				}
			}
			if first == nil {
				first = segment.WithoutTime(bytes.Clone(file))
			}
			if !bytes.Equal(first, segment.WithoutTime(file)) {
				t.Fatalf("%s: the file is not that of the others", name)
			}
		}
	})
}

// paths2 is paths for rapid's T.
func paths2(t *rapid.T) map[string]Path {
	all := map[string]Path{"model": model{}}
	for _, v := range Family.Variants {
		if p, err := v.New(&lab.Env{}); err != nil {
			t.Fatal(err)
		} else if !v.Null {
			all[v.Name] = p
		}
	}
	return all
}

// written sends the requests through a path into one file.
func written(p Path, requests [][]string, nanos int64) ([]byte, error) {
	var batches []*segment.Batch
	for _, records := range requests {
		body, kind := p.Encode(nil, bytesOf(records))
		b, err := p.Decode(kind, bytes.NewReader(body), int64(len(body)))
		if err != nil {
			return nil, err
		}
		defer p.Release(b)
		batches = append(batches, b)
	}
	dir, err := os.MkdirTemp("", "ingest-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := broker.Path(dir, 0)
	f, err := segment.Create(path)
	if err != nil {
		return nil, err
	}
	if err := p.Write(f, batches, nanos); err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// counted are the exact units of handle and write under a workload.
func counted(t *testing.T, op, workload string) map[string]map[string]float64 {
	t.Helper()
	room := Family.Erase()
	units := map[string]map[string]float64{}
	for _, c := range room.Cases {
		if c.Op != op {
			continue
		}
		p := &conform.Pass{Left: 4, Batches: 3, Counting: true}
		if _, err := runCase(t, room, c, workload, p); err != nil {
			t.Fatal(err)
		}
		units[c.Variant] = map[string]float64{}
		for u, xs := range p.Units {
			units[c.Variant][u] = xs[0]
		}
	}
	return units
}

// TestAllocationsPerRequestGrowWithPartsAlone holds the exact claims, for
// requests of 1 to 1024 records. It sees the whole process, so it does not run
// beside others.
func TestAllocationsPerRequestGrowWithPartsAlone(t *testing.T) { //nolint:paralleltest // see above
	for _, n := range []int{1, 8, 64, 1024} {
		units := counted(t, "handle", fmt.Sprintf("sequential,count=2048,valuesize=1024,valuebytes=random,batch=%d", n))
		allocs := func(v string) float64 { return units[v]["allocs/request"] }
		if allocs("parts") < float64(4*n) {
			t.Errorf("%d records: parts allocates %g times, want at least 4 per record", n, allocs("parts"))
		}
		if allocs("sized") > 120 || allocs("pooled") > 80 || allocs("prefixed") > 10 {
			t.Errorf("%d records: sized, pooled and prefixed allocate %g, %g and %g times, want at most 120, 80 and 10", n, allocs("sized"), allocs("pooled"), allocs("prefixed"))
		}
		if a, b := units["pooled"]["bytes/request"], units["sized"]["bytes/request"]; n >= 64 && a > b/4 {
			t.Errorf("%d records: pooled allocates %g bytes, sized %g: want at most a quarter", n, a, b)
		}
	}
}

func TestWriteCallsAreCountedExactly(t *testing.T) {
	t.Parallel()
	units := counted(t, "write", "sequential,count=128,valuesize=20,batch=64")
	for variant, want := range map[string]float64{"each": 65, "pooled": 1, "ready": 1} {
		if got := units[variant]["writes/file"]; got != want {
			t.Errorf("%s: %g write calls a file, want %g", variant, got, want)
		}
	}
}

// TestTheSystemReportsItsBatching after its last slice.
func TestTheSystemReportsItsBatching(t *testing.T) {
	t.Parallel()
	room := Family.Erase()
	for _, c := range room.Cases {
		if c.Op != "post" || c.Variant != "each" {
			continue
		}
		p := &conform.Pass{Left: 2, Batches: 16}
		if _, err := runCase(t, room, c, "sequential,count=64,valuesize=20,batch=16", p); err != nil {
			t.Fatal(err)
		}
		if perFile := p.Units["records/file"]; len(perFile) != 1 || perFile[0] < 16 {
			t.Errorf("records per file %v, want one figure and no less than a request", perFile)
		}
	}
}

// refusing decodes nothing, and says so.
type refusing struct{ model }

func (refusing) Encode(to []byte, _ [][]byte) ([]byte, string) { return to, "image/png" }

func TestARefusedRequestEndsTheTrialWithItsReason(t *testing.T) {
	t.Parallel()
	family := Family
	family.Model, family.Standard = nil, nil
	family.Variants = []lab.Variant[Path]{{Name: "parts", New: func(*lab.Env) (Path, error) { return refusing{}, nil }}}
	family.Ops = append([]lab.Op[Path](nil), Family.Ops...)
	for i := range family.Ops {
		family.Ops[i].Variants = nil
	}
	room := family.Erase()
	for _, c := range room.Cases {
		_, err := runCase(t, room, c, "sequential,count=8,batch=8", &conform.Pass{Left: 1})
		if err == nil || !strings.Contains(err.Error(), "image/png") {
			t.Errorf("%s: error %v, want one that names the type", c.Op, err)
		}
	}
}

// TestCatalogueIsTrueToItself: names that claims and headline rows use exist,
// and workloads are written as results write them.
func TestCatalogueIsTrueToItself(t *testing.T) {
	t.Parallel()
	conform.Names(t, Family.Erase())
}
