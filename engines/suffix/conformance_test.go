package suffix_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"assay/engines/internal/conform"
	"assay/engines/suffix"
	"assay/runner/lab"
	"assay/workloads"
)

func environment(t testing.TB, spec string, count int) lab.Env {
	t.Helper()
	s, err := workloads.Parse(spec)
	if err != nil {
		t.Fatal(err)
	}
	data, err := s.Load(9, count)
	if err != nil {
		t.Fatal(err)
	}
	return lab.Env{Workload: s, Data: data, Seed: 9}
}

// contenders are the variants that index terms.
func contenders() []lab.Variant[suffix.Index] {
	return slices.DeleteFunc(slices.Clone(suffix.Family.Variants), func(v lab.Variant[suffix.Index]) bool { return v.Null })
}

// answer is the documents found, in order.
func answer(x suffix.Index, end string) []uint32 {
	docs := []uint32{}
	x.EndsWith(end, func(doc uint32) { docs = append(docs, doc) })
	slices.Sort(docs)
	return docs
}

// TestEveryVariantFindsWhatTheModelFinds asks for the ends of short terms of few
// letters, slashes among them, and for ends that no term has.
func TestEveryVariantFindsWhatTheModelFinds(t *testing.T) {
	t.Parallel()
	for _, v := range contenders() {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				word := rapid.StringOfN(rapid.RuneFrom([]rune("/a|é")), 0, 6, -1)
				terms := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) string {
					return word.Draw(t, "head") + rapid.SampledFrom([]string{"", "/Step-2|Final", "Step-2|Final", "|Failed"}).Draw(t, "tail")
				}), 0, 40, rapid.ID[string]).Draw(t, "terms")
				x, err := v.New(nil)
				if err != nil {
					t.Fatal(err)
				}
				model, err := suffix.Family.Model(nil)
				if err != nil {
					t.Fatal(err)
				}
				for _, i := range []suffix.Index{model, x} {
					if err := i.Build(terms); err != nil {
						t.Fatal(err)
					}
				}
				ends := append(rapid.SliceOfN(word, 0, 5).Draw(t, "ends"), "", "/", "/Step-2|Final", "Step-2|Final", "a/Step-2|Final", "|Failed", "a")
				for _, term := range terms {
					ends = append(ends, term, term[min(1, len(term)):], "x"+term)
				}
				for _, end := range ends {
					if got, want := answer(x, end), answer(model, end); !slices.Equal(got, want) {
						t.Fatalf("%q of %q: documents %v, want %v", end, terms, got, want)
					}
				}
			})
		})
	}
}

func TestATermGivenTwiceIsAnError(t *testing.T) {
	t.Parallel()
	for _, v := range contenders() {
		x, err := v.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := x.Build([]string{"a", "b", "a"}); err == nil || !strings.Contains(err.Error(), `"a"`) {
			t.Errorf("%s: %v", v.Name, err)
		}
		if err := x.Build([]string{"a", "b"}); err != nil { // and the index serves again
			t.Errorf("%s: %v", v.Name, err)
		}
	}
}

func run(t *testing.T, env lab.Env, c lab.Case, counting bool) *conform.Pass {
	t.Helper()
	p := &conform.Pass{Left: 2, Answering: !counting, Counting: counting}
	if _, err := p.Run(env, c, suffix.Family.Units, 0); err != nil {
		t.Fatalf("%s/%s: %v", c.Op, c.Variant, err)
	}
	return p
}

// TestEveryCaseAnswersAsTheModel is the catalog test, on workloads of any law.
func TestEveryCaseAnswersAsTheModel(t *testing.T) {
	t.Parallel()
	room := suffix.Family.Erase()
	for _, workload := range []string{suffix.Family.Workloads[0], "realistic", "sequential", "uniform:0-3000", "zipf:1.1"} {
		env := environment(t, workload, 1500)
		for _, op := range room.Models {
			want := run(t, env, op, false).Digests
			for _, c := range room.Cases {
				if c.Op == op.Op && !c.Null && !slices.Equal(run(t, env, c, false).Digests, want) {
					t.Errorf("%s/%s of %s answers otherwise than the model", c.Op, c.Variant, workload)
				}
			}
		}
	}
}

// TestALiarIsCaught plants an index that misses one document.
func TestALiarIsCaught(t *testing.T) {
	t.Parallel()
	family := suffix.Family
	family.Variants = append(slices.Clone(family.Variants), lab.Variant[suffix.Index]{
		Name: "liar", New: func(env *lab.Env) (suffix.Index, error) {
			x, err := suffix.Family.Model(env)
			return liar{x}, err
		},
	})
	env := environment(t, suffix.Family.Workloads[0], 1500)
	room := family.Erase()
	for _, op := range room.Models {
		for _, c := range room.Cases {
			if c.Op == op.Op && c.Variant == "liar" && slices.Equal(run(t, env, c, false).Digests, run(t, env, op, false).Digests) {
				t.Errorf("%s: a missing hit passes", op.Op)
			}
		}
	}
}

type liar struct{ suffix.Index }

func (l liar) EndsWith(end string, visit func(uint32)) int {
	skipped := false
	return l.Index.EndsWith(end, func(doc uint32) {
		if skipped {
			visit(doc)
		}
		skipped = true
	})
}

// TestHeapGrowsOnlyWhereTermsAreGathered counts at three numbers of terms what
// a question keeps alive, what it visits and what the index costs.
func TestHeapGrowsOnlyWhereTermsAreGathered(t *testing.T) { // not parallel: it looks at the heap of the whole process
	room := suffix.Family.Erase()
	for _, c := range room.Cases {
		if c.Op != "known" || c.Null {
			continue
		}
		sizes := []float64{2000, 8000, 32000}
		if testing.Short() {
			sizes = sizes[:2]
		}
		for _, n := range sizes {
			u := map[string]float64{}
			for name, seen := range run(t, environment(t, suffix.Family.Workloads[0], int(n)), c, true).Units {
				u[name] = seen[len(seen)-1]
			}
			said := fmt.Sprintf("%s of %v terms: %v", c.Variant, n, u)
			t.Log(said)
			gathers := c.Variant == "materialise"
			if peak := u["peak-heap-bytes"] / n; gathers && (peak < 80 || peak > 130) || !gathers && peak*n > 32<<10 {
				t.Errorf("%s: %.1f bytes alive per term", said, peak)
			}
			switch per := u["visited/hit"]; c.Variant {
			case "materialise", "stream":
				if u["visited/op"] != n {
					t.Error(said)
				}
			case "reversed":
				if per <= 1 || per > 1.5 {
					t.Error(said)
				}
			default:
				if per != 1 {
					t.Error(said)
				}
			}
			if extra := u["extra-bytes/entry"]; (extra > 0) == (gathers || c.Variant == "stream") || extra > 80 {
				t.Error(said)
			}
		}
	}
}

func TestOnlyMaterialiseAllocates(t *testing.T) { // not parallel: AllocsPerRun counts the whole process
	terms := make([]string, 2000)
	for i := range terms {
		terms[i] = fmt.Sprintf("Workflows/%032x/Step-%d|Final", i*i, i%8)
	}
	for _, v := range contenders() {
		x, err := v.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := x.Build(terms); err != nil {
			t.Fatal(err)
		}
		n := 0
		visit := func(uint32) { n++ }
		for _, end := range []string{"/Step-2|Final", "|Failed", "l"} {
			if allocs := testing.AllocsPerRun(5, func() { x.EndsWith(end, visit) }); (allocs > 0) != (v.Name == "materialise") {
				t.Errorf("%s: %v allocations for %q", v.Name, allocs, end)
			}
		}
	}
}

func TestTheFamilyDoesNotContradictItself(t *testing.T) {
	t.Parallel()
	room := suffix.Family.Erase()
	known := map[string]bool{"ns/op": true, "B/op": true}
	for _, u := range room.Units {
		known[u.Name] = true
	}
	for _, c := range room.Claims {
		if !slices.ContainsFunc(room.Cases, func(x lab.Case) bool { return x.Op == c.Op && x.Variant == c.Variant }) {
			t.Errorf("a claim about %s/%s, which is not there", c.Op, c.Variant)
		}
		if spec, err := workloads.Parse(c.Workload); err != nil || spec.String() != c.Workload || c.Lo > c.Hi || !known[c.Unit] {
			t.Errorf("claim %+v: %v", c, err)
		}
	}
}
