package ids

import (
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"assay/engines/internal/conform"
	"assay/engines/internal/golden"
)

var rewrite = flag.Bool("update", false, "rewrite the golden files in testdata")

func schemes() map[string]scheme {
	return map[string]scheme{"sequential": sequential(), "reversed": reversed(), "random": random(), "time-ordered": timed()}
}

func each(t *testing.T, test func(*testing.T, string, scheme)) {
	t.Helper()
	made := schemes()
	for _, v := range Family.Variants {
		if v.Null {
			continue
		}
		s, ok := made[v.Name]
		if !ok {
			t.Fatalf("variant %s is not tested: add it to the list of schemes", v.Name)
		}
		t.Run(v.Name, func(t *testing.T) { t.Parallel(); test(t, v.Name, s) })
	}
}

func TestEveryVariantAnswersAsTheModelDoes(t *testing.T) {
	t.Parallel()
	conform.Names(t, Family.Erase())
	for _, s := range []conform.Size{
		{Workload: inOrder, Count: 3000, Length: 1 << 13, Batches: 3, Seed: 1},
		{Workload: "uniform:0-100000", Count: 2500, Length: 1 << 12, Batches: 3, Seed: 2},
		{Workload: "zipf:1.1,universe=5000", Count: 2600, Length: 1 << 12, Batches: 3, Seed: 3},
	} {
		t.Run(s.Workload, func(t *testing.T) { t.Parallel(); conform.Variants(t, Family.Erase(), s) })
	}
}

// TestEveryRoundTripPasses is the test that everybody writes, and that is blind:
// reversed passes it as well.
func TestEveryRoundTripPasses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ string, s scheme) {
		rapid.Check(t, func(r *rapid.T) {
			id := rapid.OneOf(rapid.Uint64Range(0, 1000), rapid.Uint64Range(0, math.MaxUint64)).Draw(r, "id")
			key := s.append(nil, id)
			if len(key) != keyBytes || s.number(key) != id {
				r.Fatalf("id %d comes back as %d from % x", id, s.number(key), key)
			}
		})
	})
}

// goldenIDs are the ids of the golden bytes.
var goldenIDs = []uint64{0, 1, 255, 256, 258, 66051, 1<<40 + 2}

func keysOf(s scheme) []golden.Field {
	var fields []golden.Field
	for _, id := range goldenIDs {
		fields = append(fields, golden.Field{Bytes: s.append(nil, id), Note: "id " + decimal(id)})
	}
	return fields
}

func decimal(id uint64) string {
	var b []byte
	for {
		b = append(b, byte('0'+id%10))
		if id /= 10; id == 0 {
			slices.Reverse(b)
			return string(b)
		}
	}
}

func TestKeysAreTheGoldenBytes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, name string, s scheme) {
		golden.Compare(t, "testdata/"+name+".golden", *rewrite, keysOf(s))
	})
}

// catcher takes the place of a test that should fail.
type catcher struct {
	testing.TB
	failed bool
}

func (*catcher) Helper()                 {}
func (c *catcher) Fatalf(string, ...any) { c.failed = true }

// TestGoldenBytesSeeTheSlipThatARoundTripDoesNot: a store that means to write
// ids in order and writes them reversed passes every round trip, and fails here
// at the first id that is not zero.
func TestGoldenBytesSeeTheSlipThatARoundTripDoesNot(t *testing.T) {
	t.Parallel()
	if *rewrite {
		t.Skip("the files are being rewritten")
	}
	for name, s := range map[string]scheme{"as meant": sequential(), "slipped": reversed()} {
		for _, id := range goldenIDs {
			if back := s.number(s.append(nil, id)); back != id {
				t.Fatalf("%s: id %d comes back as %d", name, id, back)
			}
		}
		c := &catcher{TB: t}
		golden.Compare(c, "testdata/sequential.golden", false, keysOf(s))
		if slipped := name == "slipped"; c.failed != slipped {
			t.Errorf("%s: the golden bytes differ: %v", name, c.failed)
		}
	}
	text, err := os.ReadFile("testdata/sequential.golden")
	if err != nil || !strings.Contains(string(text), "00 00 00 00 00 00 01 02                         | id 258") {
		t.Errorf("the golden file does not say how id 258 is written: %v", err)
	}
}

func TestOnlyTheReversedAndTheRandomAreOutOfOrder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, name string, s scheme) {
		var keys [][]byte
		for id := range uint64(2048) {
			keys = append(keys, s.append(nil, id<<8)) // an instant each
		}
		inOrder := slices.IsSortedFunc(keys, bytes.Compare)
		if want := name == "sequential" || name == "time-ordered"; inOrder != want && name != "reversed" {
			t.Errorf("in order: %v", inOrder)
		}
		keys = keys[:0]
		for id := range uint64(2048) {
			keys = append(keys, s.append(nil, id))
		}
		if slices.IsSortedFunc(keys, bytes.Compare) != (name == "sequential") {
			t.Errorf("ids in a row are in order: %v", name != "sequential")
		}
	})
}

// TestCompactionRewritesNothingOfIdsInOrderAndAllOfThemReversed counts as a run does.
func TestCompactionRewritesNothingOfIdsInOrderAndAllOfThemReversed(t *testing.T) {
	t.Parallel()
	room := Family.Erase()
	got := map[string]float64{}
	for _, v := range []string{"sequential", "time-ordered", "random", "reversed"} {
		o, err := conform.Count(t, room, conform.Case(t, room, "insert", v), conform.Size{Workload: inOrder, Count: 1 << 14, Length: 1 << 14, Batches: 1, Seed: 1})
		if err != nil || len(o.Units["rewritten-bytes/entry"]) == 0 {
			t.Fatalf("%s: units %v, %v", v, o.Units, err)
		}
		got[v] = o.Units["rewritten-bytes/entry"][0]
		if amplified := o.Units["write-amplification"][0]; math.Abs(amplified-1-got[v]/entryBytes) > 1e-9 {
			t.Errorf("%s: %v bytes rewritten per entry, and %v times written", v, got[v], amplified)
		}
	}
	if got["sequential"] != 0 || got["random"] < 3*entryBytes || got["reversed"] < 0.8*got["random"] || got["time-ordered"] > 0.5*got["random"] {
		t.Errorf("bytes rewritten per entry: %v", got)
	}
}

var errDamaged = errors.New("damaged table")

// check holds a table to what a flush or a compaction writes.
func (t *table) check() error {
	if n := len(t.bytes); n == 0 || n%entryBytes != 0 || n > tableEntries*entryBytes {
		return fmt.Errorf("%w: %d bytes are not 1 to %d entries of %d", errDamaged, n, tableEntries, entryBytes)
	}
	for i := 1; i < t.len(); i++ {
		if t.at(i-1).order() >= t.at(i).order() {
			return fmt.Errorf("%w: entry %d does not come after the one before", errDamaged, i)
		}
	}
	return nil
}

// holds checks the shape of a tree: no level too full, tables sound, in order
// and without overlap.
func holds(r interface{ Fatalf(string, ...any) }, x *tree) {
	room := growth
	for i, l := range x.levels {
		if len(l) > room && i < levels-1 {
			r.Fatalf("level %d has %d tables", i, len(l))
		}
		room *= growth
		for j, table := range l {
			if err := table.check(); err != nil {
				r.Fatalf("level %d, table %d: %v", i, j, err)
			}
			if table.first != table.at(0).order() || table.last != table.at(table.len()-1).order() || j > 0 && l[j-1].last >= table.first {
				r.Fatalf("level %d, table %d: its keys, %x to %x, are not as it says or not behind the table before", i, j, table.first, table.last)
			}
		}
	}
}

func TestTheTreeIsAMapWhateverTheOrder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ string, s scheme) {
		rapid.Check(t, func(r *rapid.T) {
			x, want := makeTree(s), model{}
			ids := rapid.OneOf(rapid.Uint64Range(0, 3000), rapid.Uint64Range(math.MaxUint64-50, math.MaxUint64))
			for range rapid.IntRange(1, 8).Draw(r, "rounds") {
				first, n := ids.Draw(r, "first"), rapid.IntRange(1, 1200).Draw(r, "n")
				step := rapid.SampledFrom([]uint64{1, 7, 1 << 56, math.MaxUint64}).Draw(r, "step")
				for i := range uint64(n) {
					x.Insert(first+i*step, first+i)
					want.Insert(first+i*step, first+i)
				}
				if rapid.Bool().Draw(r, "flush") {
					x.Flush()
				}
				if rapid.IntRange(0, 5).Draw(r, "reset") == 0 {
					x.Reset()
					want.Reset()
				}
				holds(r, x)
			}
			for id, w := range want {
				if got, ok := x.Get(id); !ok || got != w {
					r.Fatalf("Get(%d) = %d, %v; want %d", id, got, ok, w)
				}
			}
			for id := range uint64(200) {
				if _, have := want[id*31]; !have {
					if got, ok := x.Get(id * 31); ok {
						r.Fatalf("Get(%d) = %d, and it was never inserted", id*31, got)
					}
				}
			}
		})
	})
}

func TestATreeThatIsUsedAgainAllocatesNothing(t *testing.T) { //nolint:paralleltest // it counts allocations
	x := makeTree(random())
	fillAgain := func() {
		x.Reset()
		for id := range uint64(20 * tableEntries) {
			x.Insert(id, id)
		}
		x.Get(5)
	}
	fillAgain()
	fillAgain()
	if n := testing.AllocsPerRun(5, fillAgain); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestATableIsLaidOutAsAnnotated(t *testing.T) {
	t.Parallel()
	x := makeTree(sequential())
	x.Insert(258, 3)
	x.Insert(1, 1<<40)
	x.Flush()
	b := x.levels[0][0].bytes
	golden.Compare(t, "testdata/table.golden", *rewrite, []golden.Field{
		{Bytes: b[0:8], Note: "id 1, though inserted second"},
		{Bytes: b[8:16], Note: "value 2^40"},
		{Bytes: b[16:128], Note: "the rest of a record"},
		{Bytes: b[128:136], Note: "id 258"},
		{Bytes: b[136:144], Note: "value 3"},
		{Bytes: b[144:], Note: "the rest"},
	})
}

// FuzzDamagedTablesAreErrorsAndSearchesStayInside: check refuses what no flush
// writes, and a search of what it accepts finds every entry.
func FuzzDamagedTablesAreErrorsAndSearchesStayInside(f *testing.F) {
	good := append(binary.BigEndian.AppendUint64(nil, 1), make([]byte, entryBytes-8)...)
	f.Add(append(slices.Clone(good), append(binary.BigEndian.AppendUint64(nil, 2), make([]byte, entryBytes-8)...)...), uint64(2))
	f.Add(append(slices.Clone(good), good...), uint64(1))
	f.Add(good[:100], uint64(1))
	f.Add([]byte{}, uint64(0))
	f.Fuzz(func(t *testing.T, b []byte, k uint64) {
		x := &table{bytes: b}
		if err := x.check(); err != nil {
			if !errors.Is(err, errDamaged) {
				t.Fatal(err)
			}
			x.find(k) // no panic
			return
		}
		for i := range x.len() {
			if at, ok := x.find(x.at(i).order()); !ok || at != i {
				t.Fatalf("entry %d is found at %d, %v", i, at, ok)
			}
		}
		if at, ok := x.find(k); ok && x.at(at).order() != k {
			t.Fatalf("key %d is found where %d is", k, x.at(at).order())
		}
	})
}
