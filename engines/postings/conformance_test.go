package postings_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"assay/engines/postings"
	"assay/runner/lab"
	"assay/workloads"
)

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

// contenders are the variants that hold ids.
func contenders() []lab.Variant[postings.List] {
	return slices.DeleteFunc(slices.Clone(postings.Family.Variants), func(v lab.Variant[postings.List]) bool { return v.Null })
}

// fatal is what testing and rapid have in common.
type fatal interface {
	Helper()
	Fatalf(format string, args ...any)
}

// content reads a list through a cursor.
func content(c postings.Cursor) (all []uint64) {
	for ids := c.Next(); len(ids) > 0; ids = c.Next() {
		all = append(all, ids...)
	}
	return all
}

// holdTo compares a list with the model: its content, and what it finds.
func holdTo(t fatal, name string, l, model postings.List, seeks []uint64) {
	t.Helper()
	want := content(model.Cursor())
	if got := content(l.Cursor()); !slices.Equal(got, want) {
		t.Fatalf("%s holds %d ids, which are not the %d it should", name, len(got), len(want))
	}
	a, b := l.Cursor(), model.Cursor()
	for i, id := range seeks {
		got, ok := a.Seek(id)
		expect, have := b.Seek(id)
		if ok != have || got != expect {
			t.Fatalf("%s: Seek(%d) = %d, %v; want %d, %v", name, id, got, ok, expect, have)
		}
		if i%3 == 0 && ok { // and goes on from there
			next := a.Next()
			at, _ := slices.BinarySearch(want, id)
			if len(next) == 0 || at+len(next) > len(want) || !slices.Equal(next, want[at:at+len(next)]) {
				t.Fatalf("%s: after Seek(%d) Next returns %d ids, which are not those from there", name, id, len(next))
			}
		}
	}
}

// transactions draws changes near ids that are there: additions, some of them
// twice, and removals, some of what is not there.
func transactions(t *rapid.T, g *rand.Rand, ids []uint64) [][]postings.Change {
	var all [][]postings.Change
	for range rapid.IntRange(1, 3).Draw(t, "transactions") {
		var changes []postings.Change
		removals := rapid.IntRange(0, 10).Draw(t, "removals")
		for range rapid.IntRange(0, 400).Draw(t, "changes") {
			id := g.Uint64() >> 12
			if len(ids) > 0 && g.IntN(8) > 0 {
				id = ids[g.IntN(len(ids))] + g.Uint64N(4)
			}
			changes = append(changes, postings.Change{ID: id & (1<<54 - 1), Remove: g.IntN(10) < removals})
		}
		all = append(all, changes)
	}
	return all
}

// TestEveryVariantIsASortedSet builds lists of ids with steps of all kinds,
// changes them, and compares each with the model after every transaction.
func TestEveryVariantIsASortedSet(t *testing.T) {
	t.Parallel()
	for _, spec := range []string{"gaps:1/7.5", "gaps:64/400,values=uniform:0-15"} { // without tags and with
		env := environment(t, spec, 1, 10)
		for _, v := range contenders() {
			if strings.Contains(spec, "values") && v.Name != "columns" && v.Name != "pfor32-reserved" {
				continue // the others are the same
			}
			t.Run(v.Name+"/"+spec, func(t *testing.T) {
				t.Parallel()
				rapid.Check(t, func(t *rapid.T) {
					g := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
					ids := drawIDs(t, g)
					l, err := v.New(&env)
					if err != nil {
						t.Fatal(err)
					}
					model, err := postings.Family.Model(&env)
					if err != nil {
						t.Fatal(err)
					}
					both(t, l, model, func(l postings.List) error { return l.Build(ids) })
					holdTo(t, v.Name, l, model, seeks(g, ids))
					for _, changes := range transactions(t, g, ids) {
						both(t, l, model, func(l postings.List) error { return l.Apply(changes) })
						holdTo(t, v.Name, l, model, seeks(g, ids))
						if v.Name != "pfor64-section" && l.Count() != model.Count() {
							t.Fatalf("%s counts %d ids of %d", v.Name, l.Count(), model.Count())
						}
					}
				})
			})
		}
	}
}

func both(t fatal, l, model postings.List, do func(postings.List) error) {
	t.Helper()
	for _, x := range []postings.List{l, model} {
		if err := do(x); err != nil {
			t.Fatalf("%v", err)
		}
	}
}

// drawIDs are up to a few thousand ids below 2^54, in stretches of one step.
func drawIDs(t *rapid.T, g *rand.Rand) []uint64 {
	var ids []uint64
	id := g.Uint64N(1 << 40)
	for range rapid.IntRange(0, 4).Draw(t, "stretches") {
		width := rapid.IntRange(0, 24).Draw(t, "width")
		for range rapid.IntRange(1, 400).Draw(t, "length") {
			ids = append(ids, id)
			id += 1 + g.Uint64N(1<<width)
		}
		id += g.Uint64N(1 << 45)
	}
	return ids
}

func seeks(g *rand.Rand, ids []uint64) []uint64 {
	all := []uint64{0, math.MaxUint64, 1 << 53}
	for range 60 {
		if len(ids) == 0 {
			break
		}
		all = append(all, ids[g.IntN(len(ids))]+g.Uint64N(3)-1)
	}
	return all
}

// TestCountsAreTheDistinctIDs is about duplicates and removals: a list knows
// what it holds, at the latest when its raw sections are merged.
func TestCountsAreTheDistinctIDs(t *testing.T) {
	t.Parallel()
	env := environment(t, "gaps:1/7.5", 1, 10)
	for _, v := range contenders() {
		l, err := v.New(&env)
		if err != nil {
			t.Fatal(err)
		}
		ids := make([]uint64, 3000)
		for i := range ids {
			ids[i] = uint64(10 * i)
		}
		if err := l.Build(ids); err != nil {
			t.Fatal(err)
		}
		var changes []postings.Change
		for i := range uint64(256) { // as many as a raw section takes
			changes = append(changes, postings.Change{ID: 10*i + i%2*5, Remove: i%5 == 0})
		}
		if err := l.Apply(append(changes, changes...)); err != nil {
			t.Fatal(err)
		}
		if got, want := l.Count(), len(content(l.Cursor())); got != want {
			t.Errorf("%s counts %d ids and holds %d", v.Name, got, want)
		}
	}
}

func TestListsRefuseWhatIsNoSortedSet(t *testing.T) {
	t.Parallel()
	env := environment(t, "gaps:1/7.5", 1, 10)
	for _, v := range contenders() {
		l, err := v.New(&env)
		if err != nil {
			t.Fatal(err)
		}
		for _, ids := range [][]uint64{{5, 5}, {5, 4}, {1, 2, 3, 1}} {
			if err := l.Build(ids); err == nil {
				t.Errorf("%s builds a list of %v", v.Name, ids)
			}
		}
	}
}
