package page_test

import (
	"fmt"
	"slices"
	"testing"

	enc "assay/encodings/page"
	"assay/engines/internal/conform"
	"assay/engines/page"
	"assay/runner/lab"
)

// run takes a case through so many batches of so many operations; 0 is the case's own length.
func run(env lab.Env, c lab.Case, batches, length int, counting bool) (*conform.Pass, error) {
	p := &conform.Pass{Left: batches, Answering: !counting, Counting: counting}
	_, err := p.Run(env, c, page.Family.Units, length)
	if err == nil && len(p.Digests) != batches {
		err = fmt.Errorf("%d of %d batches were run", len(p.Digests), batches)
	}
	return p, err
}

// find returns the case of an operation and variant, or the model's.
func find(t *testing.T, room lab.Room, op, variant string) lab.Case {
	t.Helper()
	for _, c := range append(slices.Clone(room.Cases), room.Models...) {
		if c.Op == op && c.Variant == variant {
			return c
		}
	}
	t.Fatalf("no case %s/%s", op, variant)
	return lab.Case{}
}

// answers is how many answers are compared one by one: a scan is long.
func answers(op string) int {
	if op == "scan" {
		return 20
	}
	return 2000
}

// TestEveryCaseRunsAndAnswersAsTheModel is the catalog test: each case runs at
// smoke size, once with its answers compared one by one, once being counted.
func TestEveryCaseRunsAndAnswersAsTheModel(t *testing.T) {
	t.Parallel()
	for _, workload := range page.Family.Workloads {
		env := environment(t, workload, 9, 2000)
		room := built(t, env)
		for _, op := range page.Family.Ops {
			t.Run(op.Name+"/"+workload, func(t *testing.T) {
				t.Parallel()
				want, err := run(env, find(t, room, op.Name, "model"), answers(op.Name), 1, false)
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range page.Family.Variants {
					c := find(t, room, op.Name, v.Name)
					got, err := run(env, c, answers(op.Name), 1, false)
					if err != nil {
						t.Fatalf("%s: %v", v.Name, err)
					}
					if !v.Null && !slices.Equal(got.Digests, want.Digests) {
						t.Errorf("%s answers otherwise than the model", v.Name)
					}
					got, err = run(env, c, 8, 0, true)
					if err != nil {
						t.Fatalf("%s: %v", v.Name, err)
					}
					if full := op.Name == "fill" && !v.Null; (len(got.Units["entries/page"]) > 0) != full || (len(got.Units["bytes/entry"]) > 0) != full {
						t.Errorf("%s: units %v", v.Name, got.Units)
					}
				}
			})
		}
	}
}

// built is the family with each variant built once for env: to train a table of
// sizes takes longer than all the cases that use it, and a format has no state.
func built(t *testing.T, env lab.Env) lab.Room {
	t.Helper()
	family := page.Family
	family.Variants = slices.Clone(family.Variants)
	for i := range family.Variants {
		f, err := family.Variants[i].New(&env)
		if err != nil {
			t.Fatal(err)
		}
		family.Variants[i].New = func(*lab.Env) (enc.Format, error) { return f, nil }
	}
	return family.Erase()
}

// TestTheCensusOfAFillSeesTwoHundredPages counts the plainest page, whose
// numbers are known to the last entry, as often as a run does.
func TestTheCensusOfAFillSeesTwoHundredPages(t *testing.T) {
	t.Parallel()
	room := page.Family.Erase()
	for _, variant := range []string{"raw", "offset-nibble"} {
		c := find(t, room, "fill", variant)
		got, err := run(environment(t, "realistic", 9, 2000), c, c.Census/c.Shape.Length, 0, true)
		if err != nil {
			t.Fatal(err)
		}
		entries, bytes := got.Units["entries/page"], got.Units["bytes/entry"]
		if len(entries) < 200 || len(bytes) != len(entries) {
			t.Errorf("%s: %d pages, %d sizes of entries", variant, len(entries), len(bytes))
		}
		for i, n := range entries {
			if variant == "raw" && n != 511 || bytes[i] != 8192/n {
				t.Fatalf("%s: page %d holds %v entries of %v bytes", variant, i, n, bytes[i])
			}
		}
	}
}

// TestALiarIsCaught plants wrong answers in a copy of a good variant, one kind at a time.
func TestALiarIsCaught(t *testing.T) {
	t.Parallel()
	env := environment(t, "realistic", 9, 2000)
	for op, l := range map[string]liar{
		"get-hit":       {off: 1, honest: true},
		"get-dependent": {off: 1, honest: true},
		"get-miss":      {},
		"scan":          {honest: true, scanned: 1},
		"fill":          {off: 1, honest: true},
	} {
		l.Format = enc.Nibble()
		family := page.Family
		family.Variants = append(slices.Clone(family.Variants), lab.Variant[enc.Format]{
			Name: "liar", New: func(*lab.Env) (enc.Format, error) { return l, nil },
		})
		room := family.Erase()
		want, err := run(env, find(t, room, op, "model"), 4, 1, false)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := run(env, find(t, room, op, "liar"), 4, 1, false); err != nil || got.Digests[0] == want.Digests[0] {
			t.Errorf("%s: the first wrong answer passes (%v)", op, err)
		}
	}
}

// liar adds to the values of Get and Scan, or finds every key.
type liar struct {
	enc.Format
	off     uint64
	honest  bool
	scanned uint64
}

func (l liar) Get(p *enc.Buf, key uint64) (uint64, bool) {
	value, ok := l.Format.Get(p, key)
	return value + l.off, ok || !l.honest
}

func (l liar) Scan(p *enc.Buf, yield func(key, value uint64) bool) {
	l.Format.Scan(p, func(key, value uint64) bool { return yield(key, value+l.scanned) })
}
