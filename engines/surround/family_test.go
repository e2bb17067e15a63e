package surround

import (
	"flag"
	"os"
	"slices"
	"testing"

	"assay/engines/internal/conform"
	"assay/runner/lab"
)

var rewrite = flag.Bool("update", false, "rewrite the golden files in testdata")

// TestMain has the files in memory where the system has a place for that: bbolt
// waits for the disk whenever it makes one, and these tests make thousands.
func TestMain(m *testing.M) {
	const place = "/dev/shm"
	if info, err := os.Stat(place); err == nil && info.IsDir() {
		os.Setenv("TMPDIR", place) //nolint:errcheck // then they take longer
	}
	os.Exit(m.Run())
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open builds a variant in a folder, as a run does.
func open(t testing.TB, variant, dir string) History {
	t.Helper()
	i := slices.IndexFunc(Family.Variants, func(v lab.Variant[History]) bool { return v.Name == variant })
	h, err := Family.Variants[i].New(&lab.Env{Dir: dir})
	must(t, err)
	t.Cleanup(func() { h.Close() }) //nolint:errcheck // closed twice where a test reopens it
	return h
}

// each runs a test on every variant that does something.
func each(t *testing.T, test func(t *testing.T, variant string)) {
	t.Helper()
	for _, v := range Family.Variants {
		if !v.Null {
			t.Run(v.Name, func(t *testing.T) { t.Parallel(); test(t, v.Name) })
		}
	}
}

func of(validator uint32, votes ...Vote) []Record {
	records := make([]Record, len(votes))
	for i, v := range votes {
		records[i] = Record{validator, v}
	}
	return records
}

func TestEveryOperationOfEveryVariantAnswersAsTheModel(t *testing.T) {
	t.Parallel()
	conform.Names(t, Family.Erase())
	for _, s := range []conform.Size{
		{Workload: "sequential,count=700", Length: 64, Batches: 3, Seed: 1},
		{Workload: "sequential,count=1", Length: 8, Batches: 2, Seed: 2},
		{Workload: "uniform:0-2999,count=4000", Length: 32, Batches: 3, Seed: 3},
		{Workload: "loguniform:16,count=900", Length: 32, Batches: 3, Seed: 4},
		{Workload: "hotspot:0.01/0.99,universe=5000,count=3000,access=zipf:1.1", Length: 16, Batches: 2, Seed: 5},
	} {
		t.Run(s.Workload, func(t *testing.T) { t.Parallel(); conform.Variants(t, Family.Erase(), s) })
	}
}

// counted is the mean of a unit in the counting pass.
func counted(t *testing.T, op, variant, workload, unit string) float64 {
	t.Helper()
	room := Family.Erase()
	o, err := conform.Count(t, room, conform.Case(t, room, op, variant), conform.Size{Workload: workload, Batches: 2, Seed: 1})
	must(t, err)
	seen, sum := o.Units[unit], 0.0
	if len(seen) == 0 {
		t.Fatalf("%s/%s under %s: no %s", op, variant, workload, unit)
	}
	for _, x := range seen {
		sum += x
	}
	return sum / float64(len(seen))
}

func TestVisitsGrowWithTheHistoryOnlyWhereTheyMust(t *testing.T) {
	t.Parallel()
	const n = 5400
	long, short := "sequential,count=5400", "sequential,count=100"
	for _, x := range []struct {
		op, variant string
		lo, hi      float64
	}{
		{"next", "scan", n, n},
		{"tip", "scan", n, n},
		{"uniform", "scan", n, n},
		{"old", "scan", n, n},
		{"next", "two-buckets", 1, 2},
		{"next", "one-bucket", 1, 1},
		{"next", "seek", 1, 2},
		{"next", "seek-target", 1, 2},
		{"old", "two-buckets", 1.99 * n, 2 * n},
		{"old", "one-bucket", .99 * n, n},
		{"old", "seek", 1, 2},
		{"uniform", "seek", 1, 2},
		{"slashable", "seek", 1, 2},
		{"slashable", "seek-target", 1, 2},
		{"next", "seek-block", 1, 7},
		{"old", "seek-block", 7, 7},
		{"uniform", "seek-block", 1, 7},
		{"slashable", "seek-block", 1, 7},
		{"uniform", "search", 1, 13},
		{"old", "spans", 1, 1},
	} {
		t.Run(x.op+"/"+x.variant, func(t *testing.T) {
			t.Parallel()
			if got := counted(t, x.op, x.variant, long, "visited/op"); got < x.lo || got > x.hi {
				t.Errorf("%v votes visited of %d, want %v to %v", got, n, x.lo, x.hi)
			}
		})
	}
	if grown := counted(t, "next", "two-buckets", long, "visited/op") / counted(t, "next", "two-buckets", short, "visited/op"); grown > 3 {
		t.Errorf("the early exit visits %v times as many votes of a history 54 times as long", grown)
	}
	if grown := counted(t, "next", "scan", "sequential,count=54000", "visited/op") / counted(t, "next", "scan", short, "visited/op"); grown != 540 {
		t.Errorf("the scan visits %v times as many votes, want 540", grown)
	}
}

// TestASeekLooksAtTwoVotesHoweverLongASourceStands: for one source, all targets
// are in one list; the search must not walk it.
func TestASeekLooksAtTwoVotesHoweverLongASourceStands(t *testing.T) {
	t.Parallel()
	for _, variant := range []string{"seek", "seek-target", "spans"} {
		h := open(t, variant, t.TempDir())
		var votes []Vote
		for i := range uint64(3000) {
			votes = append(votes, Vote{10 + i/1000*10, 100 + i})
		}
		must(t, h.Append(of(1, votes...), false))
		for source := uint64(0); source < 50; source++ {
			for _, target := range []uint64{60, 100, 1099, 1100, 2000, 3099, 4000} {
				if _, visited, err := h.Check(1, Vote{source, target}); err != nil || visited > 2 {
					t.Fatalf("%s: vote %d>%d: %d votes visited, %v", variant, source, target, visited, err)
				}
			}
		}
	}
}

func TestAPackedFileIsSmallerAndOneBucketIsHalfOfTwo(t *testing.T) {
	t.Parallel()
	w := "sequential,count=5400"
	two, one := counted(t, "next", "two-buckets", w, "bytes/entry"), counted(t, "next", "seek", w, "bytes/entry")
	packed := counted(t, "next", "seek-target", w, "bytes/entry")
	blocks := counted(t, "next", "seek-block", w, "bytes/entry")
	if two < 1.7*one || packed > one || blocks > packed/4 {
		t.Errorf("bytes for each vote: two buckets %v, one %v, packed %v, in blocks %v", two, one, packed, blocks)
	}
	for _, variant := range []string{"two-buckets", "seek", "seek-target", "seek-block"} {
		least := 1.0
		if variant == "seek-block" {
			least = 2.0 / 16 // a block takes two bytes for each vote of this history
		}
		if x := counted(t, "append", variant, w, "write-amplification"); x < least {
			t.Errorf("%s: %v bytes written for each byte of votes", variant, x)
		}
		if few, spread := counted(t, "append", variant, w, "write-amplification"), counted(t, "append-many", variant, w, "write-amplification"); spread < few {
			t.Errorf("%s: a batch of one validator takes %v, of as many as records %v", variant, few, spread)
		}
	}
}

func TestCheckingInMemoryAllocatesNothing(t *testing.T) { // not parallel: it counts the whole process
	for _, variant := range []string{"search", "spans"} {
		h := open(t, variant, t.TempDir())
		must(t, h.Append(of(0, Vote{1, 4}, Vote{2, 5}, Vote{9, 12}), false))
		if n := testing.AllocsPerRun(100, func() {
			if _, _, err := h.Check(0, Vote{3, 6}); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", variant, n)
		}
	}
}
