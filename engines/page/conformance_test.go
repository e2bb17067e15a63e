package page_test

import (
	"maps"
	"math"
	"slices"
	"testing"

	enc "assay/encodings/page"
	"assay/engines/page"
	"assay/runner/lab"
	"assay/workloads"
)

// densities are the published means of entries per page, and how far the mean
// of conformancePages pages may be from them.
func densities() map[string]map[string]float64 {
	return map[string]map[string]float64{
		"realistic": {
			"raw": 511, "varint": 712.6, "nibble": 758.7, "nibble-steady": 758.7, "offset-nibble": 794.7, "offset-nibble-switch": 794.7, "offset-nibble-table": 794.7,
			"offset-nibble-parity": 795.9, "elias-fano": 1090.6, "model": 511,
		},
		"full": {
			"raw": 511, "varint": 708.8, "nibble": 752.3, "nibble-steady": 752.3, "offset-nibble": 774.5, "offset-nibble-switch": 774.5, "offset-nibble-table": 774.5,
			"offset-nibble-parity": 781.9, "elias-fano": 1035.3, "model": 511,
		},
	}
}

func tolerance(workload, variant string) float64 {
	switch {
	case variant == "raw" || variant == "model":
		return 0
	case workload == "realistic":
		return 1.5
	}
	return 2
}

func environment(t testing.TB, spec string, seed uint64, count int) lab.Env {
	t.Helper()
	s, err := workloads.Parse(spec)
	if err != nil {
		t.Fatal(err)
	}
	data, err := s.Load(seed, count)
	if err != nil {
		t.Fatal(err)
	}
	return lab.Env{Workload: s, Data: data, Seed: seed}
}

// contenders are the variants that hold entries, and the model.
func contenders() []lab.Variant[enc.Format] {
	all := slices.DeleteFunc(slices.Clone(page.Family.Variants), func(v lab.Variant[enc.Format]) bool { return v.Null })
	return append(all, lab.Variant[enc.Format]{Name: "model", New: page.Family.Model})
}

// TestEveryVariantIsAMapOfPublishedDensity fills pages from the workloads and
// holds each to a map, entry by entry, and their mean to the published one.
func TestEveryVariantIsAMapOfPublishedDensity(t *testing.T) {
	t.Parallel()
	for workload, published := range densities() {
		env := environment(t, workload, 5, 2000)
		for _, v := range contenders() {
			t.Run(workload+"/"+v.Name, func(t *testing.T) {
				t.Parallel()
				want, ok := published[v.Name]
				if !ok {
					t.Fatal("no published density: add the variant to the table")
				}
				f, err := v.New(&env)
				if err != nil {
					t.Fatal(err)
				}
				stream, err := env.Data.Stream(workloads.Fresh, 11)
				if err != nil {
					t.Fatal(err)
				}
				sum := 0
				var p enc.Buf
				for n := range conformancePages {
					held := fillPage(t, f, &p, stream)
					verify(t, f, &p, held, n%10 == 0)
					sum += len(held)
				}
				mean := float64(sum) / conformancePages
				t.Logf("mean %.1f entries", mean)
				if math.Abs(mean-want) > tolerance(workload, v.Name)*math.Sqrt(220.0/conformancePages) {
					t.Errorf("mean %.2f entries per page, published %.1f", mean, want)
				}
			})
		}
	}
}

// fillPage draws pairs into the page until one is refused. Every eighth key is
// set a second time, to another value, as an update.
func fillPage(t *testing.T, f enc.Format, p *enc.Buf, stream *workloads.Stream) map[uint64]uint64 {
	t.Helper()
	f.Init(p)
	held := map[uint64]uint64{}
	var one [1]workloads.Entry
	for n := 0; ; n++ {
		stream.Next(one[:])
		e := one[0]
		before := *p
		if !f.Set(p, e.Key, e.Value) {
			if *p != before {
				t.Fatalf("a refused Set(%d, %d) changed the page", e.Key, e.Value)
			}
			return held
		}
		held[e.Key] = e.Value
		if n == 100 { // a page that was scanned goes on changing
			seen := 0
			f.Scan(p, func(uint64, uint64) bool { seen++; return true })
			if seen != len(held) {
				t.Fatalf("Scan yields %d of %d entries", seen, len(held))
			}
		}
		if n%8 == 0 { // the same sizes, so that the density stays the workload's
			update := e.Value ^ (e.Value >> 1 & 1)
			if !f.Set(p, e.Key, update) {
				t.Fatalf("update of key %d from %d to %d is refused", e.Key, e.Value, update)
			}
			held[e.Key] = update
		}
	}
}

// verify holds a page to the map; absent keys are looked up where it is thorough.
func verify(t *testing.T, f enc.Format, p *enc.Buf, held map[uint64]uint64, thorough bool) {
	t.Helper()
	if err := f.Check(p); err != nil {
		t.Fatal(err)
	}
	for key, want := range held {
		if got, ok := f.Get(p, key); !ok || got != want {
			t.Fatalf("Get(%d) = %d, %v; want %d", key, got, ok, want)
		}
		if _, have := held[key+1]; !have && thorough {
			if got, ok := f.Get(p, key+1); ok {
				t.Fatalf("Get(%d) = %d, which was never set", key+1, got)
			}
		}
	}
	keys := slices.Sorted(maps.Keys(held))
	i := 0
	f.Scan(p, func(key, value uint64) bool {
		if i >= len(keys) || key != keys[i] || value != held[key] {
			t.Fatalf("Scan yields %d=%d at place %d of %d", key, value, i, len(keys))
		}
		i++
		return true
	})
	if i != len(keys) {
		t.Fatalf("Scan yields %d of %d entries", i, len(keys))
	}
	i = 0
	f.Scan(p, func(uint64, uint64) bool { i++; return i < 3 })
	if i != 3 {
		t.Fatalf("Scan goes on for %d entries after it was told to stop", i-3)
	}
}

func TestNoVariantAllocatesPerCall(t *testing.T) { // not parallel: AllocsPerRun counts the whole process
	env := environment(t, "realistic", 5, 2000)
	for _, v := range page.Family.Variants {
		f, err := v.New(&env)
		if err != nil {
			t.Fatal(err)
		}
		var p enc.Buf
		i, sum := 0, uint64(0)
		visit := func(key, value uint64) bool { sum += key ^ value; return true }
		f.Init(&p)
		if n := testing.AllocsPerRun(3000, func() {
			e := env.Data.Entries[i%len(env.Data.Entries)]
			if i++; !f.Set(&p, e.Key, e.Value) {
				f.Scan(&p, visit)
				f.Init(&p)
			}
			value, _ := f.Get(&p, e.Key)
			sum += value
		}); n != 0 {
			t.Errorf("%s: %v allocations per call", v.Name, n)
		}
	}
}

// TestTheFamilyDoesNotContradictItself checks what a literal can get wrong:
// headline rows and claims about cases that are not there, tables out of order.
func TestTheFamilyDoesNotContradictItself(t *testing.T) {
	t.Parallel()
	room := page.Family.Erase()
	for _, r := range room.Standard {
		if _, err := workloads.Parse(r.Workload); err != nil {
			t.Errorf("headline row %+v: %v", r, err)
		}
	}
	for _, c := range room.Claims {
		if !slices.ContainsFunc(room.Cases, func(x lab.Case) bool { return x.Op == c.Op && x.Variant == c.Variant }) {
			t.Errorf("a claim about %s/%s, which is not there", c.Op, c.Variant)
		}
		if _, err := workloads.Parse(c.Workload); err != nil || c.Lo > c.Hi || !slices.ContainsFunc(room.Units, func(u lab.Unit) bool { return u.Name == c.Unit }) {
			t.Errorf("claim %+v: %v", c, err)
		}
		if want, ok := densities()[c.Workload][c.Variant]; c.Note == "" && (!ok || want < c.Lo || want > c.Hi) {
			t.Errorf("claim %s of %s: [%v, %v] is without the published mean %v", c.Variant, c.Source, c.Lo, c.Hi, want)
		}
	}
}
