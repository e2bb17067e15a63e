package bloom

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"pgregory.net/rapid"

	"assay/runner/lab"
	"assay/workloads"
)

// long is set by the long tests' make target.
const long = "ASSAY_LONG"

// build1 makes a variant for the keys of a workload.
func build1(t testing.TB, v lab.Variant[Filter], workload string) (Filter, *lab.Env) {
	t.Helper()
	spec, err := workloads.Parse(workload)
	if err != nil {
		t.Fatal(err)
	}
	data, err := spec.Load(1, 0)
	if err != nil {
		t.Fatal(err)
	}
	env := &lab.Env{Workload: spec, Data: data, Seed: 1, Dir: t.TempDir()}
	f, err := v.New(env)
	if err != nil {
		t.Fatal(err)
	}
	return f, env
}

// TestNoVariantEverDeniesAKeyItHolds is the conformance suite: any keys, empty
// ones and prefixes of each other among them, in a filter that is too small for
// them or not, before and after it was emptied; alone and in batches.
func TestNoVariantEverDeniesAKeyItHolds(t *testing.T) {
	t.Parallel()
	for _, v := range Family.Variants {
		if v.Null {
			continue
		}
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			f, _ := build1(t, v, "sequential,count=50")
			r, ok := f.(Resetter)
			if !ok {
				t.Fatal("every listed variant can be emptied, or its rate in small sizes is luck")
			}
			rapid.Check(t, func(t *rapid.T) {
				keys := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 70), 1, 120).Draw(t, "keys")
				for _, k := range keys[:len(keys)/2] {
					keys = append(keys, append(bytes.Clone(k), 'x'))
				}
				r.Reset()
				for _, k := range keys {
					scratch := bytes.Clone(k)
					f.Add(scratch)
					clear(scratch) // the filter must not keep the key
				}
				if err := build(f); err != nil {
					t.Fatal(err)
				}
				for _, k := range keys {
					if !f.Contains(k) {
						t.Fatalf("key %x was added and is denied", k)
					}
				}
				sameInBatches(t, f, keys, rapid.SliceOfN(rapid.SliceOf(rapid.Byte()), 0, 80).Draw(t, "others"))
			})
		})
	}
}

// sameInBatches compares the two contracts of a filter on all keys.
func sameInBatches(t *rapid.T, f Filter, keys, others [][]byte) {
	b, ok := f.(Batch)
	if !ok {
		return
	}
	var records []workloads.Record
	for _, k := range append(others, keys...) {
		records = append(records, workloads.Record{Key: k})
	}
	found := make([]bool, len(records)+1)
	b.ContainsBatch(records, found)
	for i, r := range records {
		if found[i] != f.Contains(r.Key) {
			t.Fatalf("key %x: %v in a batch of %d and %v alone", r.Key, found[i], len(records), !found[i])
		}
	}
	if found[len(records)] {
		t.Fatal("the batch wrote beyond its records")
	}
}

// TestEmptiedFilterClaimsNothing needs Reset to reach the whole table.
func TestEmptiedFilterClaimsNothing(t *testing.T) {
	t.Parallel()
	for _, v := range Family.Variants {
		f, _ := build1(t, v, "sequential,count=300")
		r, ok := f.(Resetter)
		if _, static := f.(Static); static || !ok {
			continue
		}
		for i := range 300 {
			f.Add(fmt.Append(nil, i))
		}
		r.Reset()
		for i := range 1000 {
			if f.Contains(fmt.Append(nil, i)) {
				t.Fatalf("%s: key %d is claimed by an empty filter", v.Name, i)
			}
		}
	}
}

// TestStaticFilterDeniesNothingBeforeItIsBuilt keeps a forgotten Build from
// losing keys.
func TestStaticFilterDeniesNothingBeforeItIsBuilt(t *testing.T) {
	t.Parallel()
	f, err := newFuse(10, percent)
	if err != nil {
		t.Fatal(err)
	}
	if !f.Contains([]byte("anything")) {
		t.Error("a filter that was not built denies a key")
	}
}

// TestAskingAllocatesNothing covers both contracts and Add. It counts the
// allocations of the whole process, so it cannot run beside others.
func TestAskingAllocatesNothing(t *testing.T) { //nolint:paralleltest // see above
	for _, v := range Family.Variants {
		f, _ := build1(t, v, "sequential,count=1000")
		records := make([]workloads.Record, 100)
		for i := range records {
			records[i].Key = fmt.Appendf(nil, "key_%08d", i)
			f.Add(records[i].Key)
		}
		if err := build(f); err != nil {
			t.Fatal(err)
		}
		ask := prober(f)
		_, static := f.(Static)
		if n := testing.AllocsPerRun(20, func() {
			ask(records)
			if !static {
				f.Add(records[0].Key)
			}
		}); n > 0 {
			t.Errorf("%s: %.1f allocations per batch", v.Name, n)
		}
	}
}

// TestNoFalseNegativeInAHundredMillionProbes is long: make check-full runs it.
// Every variant is given 400 sets of 250,000 keys and asked for each key of
// each: to ask again for keys that were found would prove nothing.
func TestNoFalseNegativeInAHundredMillionProbes(t *testing.T) {
	if os.Getenv(long) == "" {
		t.Skipf("set %s=1 to add and ask for 100 million keys in each variant (some 100 s of CPU time)", long)
	}
	const parts, sets = 4, 100
	for part := range parts {
		t.Run(fmt.Sprint(part), func(t *testing.T) {
			t.Parallel()
			manySets(t, uint64(part), sets)
		})
	}
}

// manySets runs all variants over sets of new keys, drawn once for all.
func manySets(t *testing.T, seed uint64, sets int) {
	const law = "uniform:0-18446744073709551615,keyformat=hex,count=250000"
	var filters []Resetter
	var env *lab.Env
	for _, v := range Family.Variants {
		if !v.Null {
			var f Filter
			f, env = build1(t, v, law)
			filters = append(filters, f.(Resetter))
		}
	}
	stream, err := env.Data.Records(workloads.Fresh, seed)
	if err != nil {
		t.Fatal(err)
	}
	keys := make([]workloads.Record, 250_000)
	for range sets {
		stream.Next(keys)
		for i, f := range filters {
			f.Reset()
			for _, k := range keys {
				f.Add(k.Key)
			}
			if err := build(f); err != nil {
				t.Fatal(err)
			}
			if n := prober(f)(keys); n != uint64(len(keys)) {
				t.Fatalf("%s denies %d of %d keys", Family.Variants[i+1].Name, uint64(len(keys))-n, len(keys))
			}
		}
	}
}
