package postings_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"assay/engines/internal/conform"
	"assay/engines/postings"
	"assay/runner/lab"
	"assay/workloads"
)

// run takes a case through so many slices of a batch; length 0 is the case's own.
func run(env lab.Env, c lab.Case, slices, length int, counting bool) (*conform.Pass, error) {
	p := &conform.Pass{Left: slices, Answering: !counting, Counting: counting}
	_, err := p.Run(env, c, postings.Family.Units, length)
	if err == nil && len(p.Digests) != slices {
		err = fmt.Errorf("%d of %d slices were run", len(p.Digests), slices)
	}
	return p, err
}

// find returns the case of an operation and variant, or the model's.
func find(t testing.TB, room lab.Room, op, variant string) lab.Case {
	t.Helper()
	for _, c := range append(slices.Clone(room.Cases), room.Models...) {
		if c.Op == op && c.Variant == variant {
			return c
		}
	}
	t.Fatalf("no case %s/%s", op, variant)
	return lab.Case{}
}

// TestEveryCaseRunsAndAnswersAsTheModel is the catalog test: each case runs at
// a small size, once with its answers compared one by one, once being counted.
func TestEveryCaseRunsAndAnswersAsTheModel(t *testing.T) {
	t.Parallel()
	room := postings.Family.Erase()
	for _, workload := range append(slices.Clone(postings.Family.Workloads), "realistic", "uniform:0-9000,values=uniform:0-1023", "sequential,count=70000") {
		count := 1500
		if testing.Short() { // under the race detector, which has little to find in a list for one goroutine
			count = 300
		}
		if strings.HasPrefix(workload, "sequential") {
			count = 0 // more than a page may count
		}
		env := environment(t, workload, 9, count)
		for _, op := range room.Models {
			t.Run(op.Op+"/"+workload, func(t *testing.T) {
				t.Parallel()
				length, batches := 1, 300
				if op.Shape.Batches > 0 { // a one-shot is one answer
					length, batches = 1024, 2
				}
				want, err := run(env, op, batches, length, false)
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range room.Cases {
					if c.Op != op.Op {
						continue
					}
					got, err := run(env, c, batches, length, false)
					if err != nil {
						t.Fatalf("%s: %v", c.Variant, err)
					}
					if !c.Null && !slices.Equal(got.Digests, want.Digests) {
						t.Errorf("%s answers otherwise than the model", c.Variant)
					}
					got, err = run(env, c, 2, 1024, true)
					if err != nil {
						t.Fatalf("%s: %v", c.Variant, err)
					}
					unit := "bytes/entry"
					if c.Op == "insert" || c.Op == "churn" {
						unit = "compressions/op"
					}
					if (len(got.Units[unit]) > 0) == c.Null {
						t.Errorf("%s: units %v", c.Variant, got.Units)
					}
				}
			})
		}
	}
}

// TestPagesArePackedAsOftenAsThePolicySays counts for 1024 new ids in one page:
// N, N/256 and 1, and what the list believes to hold meanwhile.
func TestPagesArePackedAsOftenAsThePolicySays(t *testing.T) {
	t.Parallel()
	room := postings.Family.Erase()
	env := environment(t, "gaps:1/7.5", 9, 4096)
	for variant, want := range map[string]float64{"pfor64-at-once": 1024, "pfor64-section": 4, "pfor64": 1, "columns": 1} {
		got, err := run(env, find(t, room, "insert", variant), 3, 0, true)
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range got.Units["compressions/op"] {
			if x*1024 != want || got.Units["count-error"][i] != 0 {
				t.Errorf("%s: %v pages packed for 1024 ids, count off by %v, want %v and 0", variant, x*1024, got.Units["count-error"][i], want)
			}
		}
		got, err = run(env, find(t, room, "churn", variant), 1, 0, true)
		if err != nil {
			t.Fatal(err)
		}
		if off := got.Units["count-error"][0]; (off != 0) != (variant == "pfor64-section") {
			t.Errorf("%s: the count is off by %v after duplicates and removals", variant, off)
		}
	}
}

// TestALiarIsCaught plants wrong answers in a copy of a good variant, one kind at a time.
func TestALiarIsCaught(t *testing.T) {
	t.Parallel()
	env := environment(t, "gaps:1/7.5", 9, 3000)
	for _, op := range []string{"build", "scan", "seek", "intersect", "insert", "churn"} {
		family := postings.Family
		family.Ops = slices.Clone(family.Ops)
		for i := range family.Ops {
			family.Ops[i].Variants = nil
		}
		family.Variants = append(slices.Clone(family.Variants), lab.Variant[postings.List]{
			Name: "liar", New: func(env *lab.Env) (postings.List, error) {
				l, err := postings.Family.Model(env)
				return liar{l}, err
			},
		})
		room := family.Erase()
		want, err := run(env, find(t, room, op, "model"), 1, 0, false)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := run(env, find(t, room, op, "liar"), 1, 0, false); err != nil || got.Digests[0] == want.Digests[0] {
			t.Errorf("%s: a wrong answer passes (%v)", op, err)
		}
	}
}

// liar hands out every id with its lowest bit turned.
type liar struct{ postings.List }

func (l liar) Cursor() postings.Cursor { return lying{l.List.Cursor()} }

type lying struct{ postings.Cursor }

func (l lying) Next() []uint64 {
	ids := slices.Clone(l.Cursor.Next())
	if len(ids) > 0 {
		ids[0] ^= 1
	}
	return ids
}

func (l lying) Seek(id uint64) (uint64, bool) {
	found, ok := l.Cursor.Seek(id)
	return found ^ 1, ok
}

func TestATagOrAKeyThatDoesNotFitIsAnError(t *testing.T) {
	t.Parallel()
	room := postings.Family.Erase()
	for spec, word := range map[string]string{
		"gaps:1/7.5,values=uniform:0-1024":                             "tags have 10 bits",
		"uniform:18014398509481984-18014398509481990,values=full":      "room for 54",
		"uniform:18014398509481984-18446744073709551615,values=zipf:2": "room for 54",
	} {
		if _, err := run(environment(t, spec, 1, 2000), find(t, room, "scan", "pfor64"), 1, 1, false); err == nil || !strings.Contains(err.Error(), "tag") && !strings.Contains(err.Error(), word) {
			t.Errorf("%s: %v", spec, err)
		}
	}
	if _, err := run(environment(t, "uniform:18014398509481984-18446744073709551615", 1, 200), find(t, room, "scan", "pfor32-reserved"), 1, 1, false); err == nil {
		t.Error("ids of 64 bits leave ten to be reserved")
	}
}

// TestReadingAllocatesNothing holds scans and seeks of our own lists to that.
func TestReadingAllocatesNothing(t *testing.T) { // not parallel: AllocsPerRun counts the whole process
	env := environment(t, "gaps:64/400,values=uniform:0-15", 9, 9000)
	for _, v := range contenders() {
		if v.Peer {
			continue
		}
		l, err := v.New(&env)
		if err != nil {
			t.Fatal(err)
		}
		var ids []uint64
		for _, e := range env.Data.Entries {
			ids = append(ids, e.Key<<10|e.Value)
		}
		if err := l.Build(ids); err != nil {
			t.Fatal(err)
		}
		c := l.Cursor()
		if n := testing.AllocsPerRun(10, func() {
			for range 40 {
				c.Next()
			}
			for i := range ids[:500] {
				c.Seek(ids[(i*977)%len(ids)] + 1)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", v.Name, n)
		}
	}
}

// TestTheFamilyDoesNotContradictItself checks what a literal can get wrong.
func TestTheFamilyDoesNotContradictItself(t *testing.T) {
	t.Parallel()
	room := postings.Family.Erase()
	known := map[string]bool{"ns/op": true}
	for _, u := range room.Units {
		known[u.Name] = true
	}
	for _, r := range room.Standard {
		if _, err := workloads.Parse(r.Workload); err != nil {
			t.Errorf("headline row %+v: %v", r, err)
		}
		for _, v := range r.Variants {
			find(t, room, r.Op, v)
		}
	}
	for _, c := range room.Claims {
		find(t, room, c.Op, c.Variant)
		if spec, err := workloads.Parse(c.Workload); err != nil || spec.String() != c.Workload || c.Lo > c.Hi || !known[c.Unit] || math.IsNaN(c.Published) {
			t.Errorf("claim %+v: %v", c, err)
		}
	}
}
