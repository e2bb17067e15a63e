package workloads

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// load parses and loads, or fails t.
func load(t testing.TB, text string, count int) *Data {
	t.Helper()
	s, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	d, err := s.Load(1, count)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// stream starts a stream, or fails t.
func stream(t testing.TB, d *Data, p Population, seed uint64) *Stream {
	t.Helper()
	s, err := d.Stream(p, seed)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// batch draws n entries.
func batch(s *Stream, n int) []Entry {
	b := make([]Entry, n)
	s.Next(b)
	return b
}

// integerLaws are one workload of each law whose keys are numbers.
func integerLaws() []string {
	laws := []string{"keys=zipf:1.2,universe=30000", "hotspot:0.01/0.9,access=zipf:0.99", "uniform:0-20000"}
	for _, n := range Names() {
		if n.Example != "" && n.Name != "go-identifiers" {
			laws = append(laws, n.Example)
		}
	}
	return laws
}

func TestWindowsOfThePopulationHoldDistinctKeys(t *testing.T) {
	t.Parallel()
	for _, text := range append(integerLaws(), "go-identifiers", "uniform:0-2500") {
		d := load(t, text, 15_000)
		last := make(map[uint64]int)
		for i, e := range d.Entries {
			if before, ok := last[e.Key]; ok && i-before < window {
				t.Fatalf("%s: key %d at %d and again at %d", text, e.Key, before, i)
			}
			last[e.Key] = i
			if int(e.Index) != i || e.Place != 0 {
				t.Fatalf("%s: entry %d has index %d and place %d", text, i, e.Index, e.Place)
			}
		}
		if len(d.Entries) != 15_000 {
			t.Errorf("%s: %d entries, want 15000", text, len(d.Entries))
		}
	}
}

func TestAKeyReturnsAsSoonAsTheWindowLetsIt(t *testing.T) {
	t.Parallel()
	d := load(t, "uniform:0-2047", 4000) // exactly a window of keys
	if len(d.Entries) < window+20 {
		t.Fatalf("%d entries: no key returned", len(d.Entries))
	}
	for i := window; i < len(d.Entries); i++ {
		if d.Entries[i].Key != d.Entries[i-window].Key {
			t.Fatalf("entry %d is not the only key that the window allows", i)
		}
	}
}

func TestANarrowLawGivesFewerEntriesAndStops(t *testing.T) {
	t.Parallel()
	d := load(t, "uniform:0-99", 5000)
	if len(d.Entries) != 100 || d.drawn != 100*5000 {
		t.Errorf("%d entries after %d draws, want 100 after 500000", len(d.Entries), d.drawn)
	}
}

func TestPositionIsTheLastHolder(t *testing.T) {
	t.Parallel()
	d := load(t, "uniform:0-5000", 20_000)
	last := make(map[uint64]uint32)
	for i, e := range d.Entries {
		last[e.Key] = uint32(i)
	}
	for key := range uint64(6000) {
		want, held := last[key]
		if got, ok := d.Position(key); ok != held || ok && got != want {
			t.Fatalf("key %d: position %d, %v; want %d, %v", key, got, ok, want, held)
		}
	}
}

func TestPresentDrawsLoadedEntries(t *testing.T) {
	t.Parallel()
	for _, text := range integerLaws() {
		d := load(t, text, 5000)
		for _, e := range batch(stream(t, d, Present, 1), 20_000) {
			if e != d.Entries[e.Index] {
				t.Fatalf("%s: drew %+v, position %d holds %+v", text, e, e.Index, d.Entries[e.Index])
			}
		}
	}
}

func TestAbsentKeysAreInNoPosition(t *testing.T) {
	t.Parallel()
	for _, text := range integerLaws() {
		d := load(t, text, 10_000)
		loaded := make(map[uint64]bool)
		for _, e := range d.Entries {
			loaded[e.Key] = true
		}
		for _, e := range batch(stream(t, d, Absent, 1), 20_000) {
			if loaded[e.Key] || e.Index != nowhere {
				t.Fatalf("%s: %+v is not absent", text, e)
			}
		}
	}
}

// The law of Absent is the law of keys without the loaded ones: here uniform
// over the numbers that loading left out.
func TestAbsentFollowsTheLaw(t *testing.T) {
	t.Parallel()
	d := load(t, "uniform:0-299", 100)
	cells := make(map[uint64]int)
	for key := range uint64(300) {
		if _, ok := d.Position(key); !ok {
			cells[key] = len(cells)
		}
	}
	counts := make([]int, len(cells))
	for _, e := range batch(stream(t, d, Absent, 1), 100_000) {
		counts[cells[e.Key]]++
	}
	holdsLaw(t, counts, func(int) float64 { return 1 / float64(len(counts)) })
}

func TestRareAbsentKeysAreRepeatedNotSearchedForever(t *testing.T) {
	t.Parallel()
	d := load(t, "uniform:0-2000", 200_000) // 2001 keys: nearly all loaded after 2001 entries
	if _, err := d.Stream(Absent, 1); err == nil || !strings.Contains(err.Error(), "no absent key") {
		t.Errorf("every key is loaded, yet the error is %v", err)
	}
	rare := load(t, "mixture:2000@10+1@62", 1024) // one draw in 2000 is absent
	keys := make(map[uint64]bool)
	s := stream(t, rare, Absent, 1)
	for _, e := range batch(s, 50_000) {
		if _, ok := rare.Position(e.Key); ok {
			t.Fatalf("%d is loaded", e.Key)
		}
		keys[e.Key] = true
	}
	if len(keys) < reserve/2 || s.served < 40_000 {
		t.Errorf("%d keys, %d from the spare ones", len(keys), s.served)
	}
}

func TestAbsentOfAReplayedFileAreTheRowsNotLoaded(t *testing.T) {
	t.Parallel()
	d := load(t, "zip-entries", 20_600) // nine rows are left
	got := batch(stream(t, d, Absent, 1), 20)
	for i, e := range got {
		if want := d.keyTrace.keys[20_600+i%9]; e.Key != want {
			t.Fatalf("absent key %d is %d, want %d", i, e.Key, want)
		}
	}
	if _, err := load(t, "zip-entries", 0).Stream(Absent, 1); err == nil {
		t.Error("the whole file is loaded, yet there is an absent key")
	}
}

func TestPresentIsUniformOverPositionsByDefault(t *testing.T) {
	t.Parallel()
	holdsLaw(t, positions(t, load(t, "uniform:0-999999", 1000)), func(int) float64 { return 1. / 1000 })
}

// positions tallies the positions that Present draws.
func positions(t *testing.T, d *Data) []int {
	t.Helper()
	counts := make([]int, len(d.Entries))
	for _, e := range batch(stream(t, d, Present, 3), draws) {
		counts[e.Index]++
	}
	return counts
}

func TestAccessByZipfSkewsPositionsAndScattersTheHotOnes(t *testing.T) {
	t.Parallel()
	const n = 1000
	counts := positions(t, load(t, "uniform:0-999999,access=zipf:0.9", n))
	norm, rank := zipfMass(.9, 1, n), make([]int, n)
	for r := range n {
		rank[uint64(r)*scatter(n)%n] = r
	}
	holdsLaw(t, counts, func(i int) float64 { return math.Pow(float64(rank[i]+1), -.9) / norm })
	for r := range 20 {
		if r > 0 && slices.Index(rank, r) < 20 {
			t.Errorf("rank %d lies among the first 20 positions, beside rank 0", r)
		}
	}
}

func TestAccessByHotspotGivesTheHotPositionsTheirProbability(t *testing.T) {
	t.Parallel()
	counts := positions(t, load(t, "uniform:0-999999,access=hotspot:0.1/0.8", 500))
	slices.Sort(counts)
	hot := 0
	for _, c := range counts[450:] {
		hot += c
	}
	if bound := z2 * math.Sqrt(.8*.2*draws); math.Abs(float64(hot)-.8*draws) > bound {
		t.Errorf("the hot tenth took %d of %d draws, want %d within %.0f", hot, draws, draws*8/10, bound)
	}
}

func TestAccessSequentialVisitsPositionsInOrder(t *testing.T) {
	t.Parallel()
	d := load(t, "uniform:0-999999,access=sequential", 7)
	for i, e := range batch(stream(t, d, Present, 1), 20) {
		if int(e.Index) != i%7 {
			t.Fatalf("draw %d is of position %d", i, e.Index)
		}
	}
}

func TestScatterIsABijection(t *testing.T) {
	t.Parallel()
	for n := uint64(1); n <= 600; n++ {
		seen := make(map[uint64]bool)
		for r := range n {
			seen[r*scatter(n)%n] = true
		}
		if uint64(len(seen)) != n {
			t.Fatalf("n = %d: %d positions", n, len(seen))
		}
	}
}

func TestFreshDrawsTheLawRepeatsIncluded(t *testing.T) {
	t.Parallel()
	counts := make([]int, 50)
	for _, e := range batch(stream(t, load(t, "uniform:0-49", 20), Fresh, 1), draws) {
		counts[e.Key]++
	}
	holdsLaw(t, counts, func(int) float64 { return 1. / 50 })
}

// Cells are pairs: any dependence between a key and its value shows.
func TestKeyAndValueAreIndependentDrawsOfOneLaw(t *testing.T) {
	t.Parallel()
	counts := make([]int, 64)
	for _, e := range batch(stream(t, load(t, "uniform:0-7", 8), Fresh, 1), draws) {
		counts[e.Key*8+e.Value]++
	}
	holdsLaw(t, counts, func(int) float64 { return 1. / 64 })
}

func TestSequentialLoadsFromZeroAndContinuesBeyond(t *testing.T) {
	t.Parallel()
	d := load(t, "sequential,values=uniform:5-5", 1000)
	for i, e := range d.Entries {
		if e.Key != uint64(i) || e.Value != 5 {
			t.Fatalf("entry %d is %+v", i, e)
		}
	}
	for _, p := range []Population{Absent, Fresh} {
		for i, e := range batch(stream(t, d, p, 9), 3000) {
			if e.Key != uint64(1000+i) {
				t.Fatalf("%v draw %d is %d, want %d", p, i, e.Key, 1000+i)
			}
		}
	}
	if e := load(t, "sequential", 10).Entries[7]; e.Value != 7 {
		t.Errorf("the value of key 7 is %d, want 7", e.Value)
	}
}

func TestReplayDrawsRowsInOrderAndStartsOver(t *testing.T) {
	t.Parallel()
	d := load(t, "zip-entries", 20_000)
	rows := len(d.keyTrace.keys)
	for i, e := range batch(stream(t, d, Fresh, 1), 2*rows) {
		row := (20_000 + i) % rows
		if e.Key != d.keyTrace.keys[row] || e.Value != d.keyTrace.values[row] {
			t.Fatalf("draw %d is %+v, want row %d", i, e, row)
		}
	}
}

func TestStreamsAreAFunctionOfSpecSeedAndPopulation(t *testing.T) {
	t.Parallel()
	for _, text := range integerLaws() {
		a, b := load(t, text, 3000), load(t, text, 3000)
		if diff := cmp.Diff(a.Entries, b.Entries); diff != "" {
			t.Fatalf("%s: two loads differ: %s", text, diff)
		}
		for _, p := range []Population{Present, Absent, Fresh} {
			whole := batch(stream(t, a, p, 5), 1000)
			s := stream(t, b, p, 5)
			pieces := append(batch(s, 1), append(batch(s, 699), batch(s, 300)...)...)
			if diff := cmp.Diff(whole, pieces); diff != "" {
				t.Errorf("%s %v: the batches' lengths change the stream: %s", text, p, diff)
			}
		}
	}
}

func TestSeedsChangeRandomStreams(t *testing.T) {
	t.Parallel()
	d := load(t, "realistic", 3000)
	for _, p := range []Population{Present, Absent, Fresh} {
		if cmp.Equal(batch(stream(t, d, p, 1), 50), batch(stream(t, d, p, 2), 50)) {
			t.Errorf("%v: seeds 1 and 2 draw the same", p)
		}
	}
	if fresh := batch(stream(t, d, Fresh, 1), 50); cmp.Equal(fresh[0].Key, d.Entries[0].Key) {
		t.Error("Fresh of seed 1 repeats the population of seed 1")
	}
}

func TestStreamsAndLoadsRefuseWhatTheyCannotDraw(t *testing.T) {
	t.Parallel()
	if _, err := load(t, "go-identifiers", 10).Stream(Present, 1); err == nil || !strings.Contains(err.Error(), "draw Records") {
		t.Errorf("integers of string keys: %v", err)
	}
	if _, err := load(t, "realistic", 10).Stream(Population(7), 1); err == nil || !strings.Contains(err.Error(), "Population(7)") {
		t.Errorf("population 7: %v", err)
	}
	for text, want := range map[string]string{
		"realistic":                       "add count=N",
		"replay:testdata/none.csv":        "no such file",
		"realistic,values=go-identifiers": "values are numbers",
	} {
		s, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Load(1, 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if _, err := (Spec{}).Load(1, 10); err == nil {
		t.Error("the zero Spec loads")
	}
}

// 1000 keys, 12,000 repeats of them, and one more key at the very end.
func TestAbsentLooksThroughAWholeReplayedFile(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for row := range 13_000 {
		fmt.Fprintln(&text, row%1000)
	}
	text.WriteString("5000\n")
	path := filepath.Join(t.TempDir(), "keys.txt")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, e := range batch(stream(t, load(t, "replay:"+path, 1000), Absent, 1), 2000) {
		if e.Key != 5000 {
			t.Fatalf("%d is loaded", e.Key)
		}
	}
}
