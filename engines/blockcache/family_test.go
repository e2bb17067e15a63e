package blockcache

import (
	"flag"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"assay/engines/internal/conform"
	"assay/engines/internal/golden"
)

var rewrite = flag.Bool("update", false, "rewrite the golden files in testdata")

// tiny blocks make a million operations quick.
const tiny = 64

// caches are the contenders, of a geometry the tests choose.
func caches() map[string]func(geometry) Cache {
	return map[string]func(geometry) Cache{
		"stale":          func(g geometry) Cache { return makeStale(g) },
		"key-on-reserve": func(g geometry) Cache { return makeKeyed(g) },
		"swap":           func(g geometry) Cache { return makeSwap(g) },
		"map-lru":        func(g geometry) Cache { return makeLRU(g) },
	}
}

func mistaken(name string) bool { return name == "stale" }

func each(t *testing.T, test func(*testing.T, string, func(geometry) Cache)) {
	t.Helper()
	made := caches()
	for _, v := range Family.Variants {
		if v.Null {
			continue
		}
		if made[v.Name] == nil {
			t.Fatalf("variant %s is not tested: add it to the list of caches", v.Name)
		}
		t.Run(v.Name, func(t *testing.T) { t.Parallel(); test(t, v.Name, made[v.Name]) })
	}
	t.Run("model", func(t *testing.T) {
		t.Parallel()
		test(t, "model", func(geometry) Cache {
			m, _ := newModel(nil)
			return m
		})
	})
}

func TestEveryVariantAnswersAsTheModelDoes(t *testing.T) {
	t.Parallel()
	conform.Names(t, Family.Erase())
	for _, s := range []conform.Size{
		{Workload: skewed, Count: blocks, Batches: 9, Seed: 1},
		{Workload: "uniform:0-500", Count: 400, Batches: 5, Seed: 2},
	} {
		t.Run(s.Workload, func(t *testing.T) { t.Parallel(); conform.Variants(t, Family.Erase(), s) })
	}
}

// TestTheCollisionShowsTheStaleOneWrongAndTheOthersRight is the script: a block
// torn, a block read twice, and a version that was overwritten.
func TestTheCollisionShowsTheStaleOneWrongAndTheOthersRight(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, name string, make func(geometry) Cache) {
		for _, sets := range []int{1, 2, 16} {
			g := geometry{sets, tiny}
			_, got, err := findCollision(g).play(make(g), blockOf(0, 0))
			want := faults{}
			if mistaken(name) {
				want = faults{torn: 1, double: 1, old: 1}
			}
			if err != nil || got != want {
				t.Errorf("%d sets: %+v, %v; want %+v", sets, got, err, want)
			}
		}
	})
}

func blockOf(address, version uint64) []byte {
	b := make([]byte, tiny)
	stamp(b, address, version)
	return b
}

// TestTheCollisionIsOne: its addresses share a set, and two of them a tag.
func TestTheCollisionIsOne(t *testing.T) {
	t.Parallel()
	for _, sets := range []int{1, 4, 64} {
		g := geometry{sets, tiny}
		c := findCollision(g)
		distinct := map[uint64]bool{c.b: true}
		_, tagOfB := g.home(c.b)
		for i, address := range c.loaded {
			distinct[address] = true
			at, tag := g.home(address)
			if at != 0 || (tag == tagOfB) != (i == ways-1) {
				t.Errorf("%d sets: address %d is in set %d with tag %d, B's is %d", sets, address, at, tag, tagOfB)
			}
		}
		if len(distinct) != ways+1 {
			t.Errorf("%d sets: %d addresses", sets, len(distinct))
		}
	}
}

// crowded are addresses of which many share a set and a tag.
func crowded(g geometry, n int) []uint64 {
	var all []uint64
	for address := uint64(0); len(all) < n; address++ {
		if _, tag := g.home(address); tag < 6 {
			all = append(all, address)
		}
	}
	return all
}

// storm runs random lookups and writes with reads in flight, ends them in any
// order, and counts what was answered wrongly.
func storm(c Cache, g geometry, operations int, seed uint64) faults {
	addresses := crowded(g, 3*g.sets*ways)
	f := newFlight(&disk{cache: c, versions: make([]uint64, len(addresses))}, g.size)
	r := rand.New(rand.NewPCG(seed, 1))
	for range operations {
		n := int(float64(len(addresses)) * r.Float64() * r.Float64()) // some are hotter
		switch dice := r.IntN(16); {
		case dice < 2:
			f.versions[n]++
			f.write(addresses[n], f.versions[n])
		case dice < 5 && len(f.queue) > 1: // another than the oldest comes first
			other := r.IntN(len(f.queue))
			f.queue[0], f.queue[other] = f.queue[other], f.queue[0]
			f.land()
		default:
			f.look(addresses[n], f.versions[n])
		}
	}
	return f.faults
}

// TestAMillionOperationsWithReadsInFlightAreNeverWrong: but for the one that is
// wrong on purpose, which shows that the storm is fierce enough.
func TestAMillionOperationsWithReadsInFlightAreNeverWrong(t *testing.T) {
	t.Parallel()
	operations := 1_000_000
	if testing.Short() {
		operations = 100_000
	}
	each(t, func(t *testing.T, name string, make func(geometry) Cache) {
		g := geometry{2, tiny}
		got := storm(make(g), g, operations, 1)
		if !mistaken(name) && got != (faults{}) {
			t.Errorf("%+v", got)
		}
		if mistaken(name) && (got.torn < 10 || got.double < 10 || got.old < 10) {
			t.Errorf("the stale one is hardly ever wrong: %+v", got)
		}
	})
}

// TestShortStormsOfManySeeds also varies the number of sets.
func TestShortStormsOfManySeeds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, name string, make func(geometry) Cache) {
		if mistaken(name) {
			t.Skip("wrong on purpose")
		}
		rapid.Check(t, func(r *rapid.T) {
			g := geometry{1 << rapid.IntRange(0, 2).Draw(r, "sets"), tiny}
			if got := storm(make(g), g, 2000, rapid.Uint64().Draw(r, "seed")); got != (faults{}) {
				r.Fatalf("%+v", got)
			}
		})
	})
}

func TestAFullSetOfReadsRefusesAnotherAndRecovers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, name string, make func(geometry) Cache) {
		if name == "model" {
			t.Skip("has no room to run out of")
		}
		g := geometry{1, tiny}
		c := make(g)
		var reads []Read
		for address := range uint64(mostReads) {
			r, ok := c.Begin(address)
			if !ok {
				t.Fatalf("read %d is refused", address)
			}
			reads = append(reads, r)
		}
		if _, ok := c.Begin(99); ok {
			t.Fatal("a read too many is taken")
		}
		scratch := c.Write(99, blockOf(99, 1)) // kept or not, it must not be lost on the way
		for _, r := range reads {
			stamp(r.Block, r.Address, 1)
			c.End(r)
		}
		if block, ok := c.Get(99); ok {
			if address, version, err := decode(block); address != 99 || version != 1 || err != nil {
				t.Errorf("block %d, version %d, %v", address, version, err)
			}
		}
		stamp(scratch, 99, 2)
		c.Write(99, scratch)
		block, ok := c.Get(99)
		if !ok || versionOf(block) != 2 {
			t.Errorf("the block written last is not there")
		}
	})
}

func TestAReadThatAWriteOvertookIsDropped(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, name string, make func(geometry) Cache) {
		if mistaken(name) {
			t.Skip("wrong on purpose")
		}
		c := make(geometry{1, tiny})
		r, _ := c.Begin(7)
		stampTail(r.Block, 7, 1)
		c.Write(7, blockOf(7, 2))
		if _, ok := c.Begin(7); ok {
			t.Error("a block that was just written is read again")
		}
		stampHead(r.Block, 7, 1)
		c.End(r)
		block, ok := c.Get(7)
		if _, version, err := decode(block); !ok || version != 2 || err != nil {
			t.Errorf("version %d, %v, %v", version, ok, err)
		}
	})
}

func TestTheMeasuredPathAllocatesNothing(t *testing.T) { //nolint:paralleltest // it counts allocations
	for name, make := range caches() {
		g := geometry{4, tiny}
		c, scratch, next := make(g), blockOf(0, 0), uint64(0)
		step := func() {
			next++
			if _, ok := c.Get(next % 100); !ok {
				if r, ok := c.Begin(next % 100); ok {
					stamp(r.Block, next%100, 1)
					c.End(r)
				}
			}
			scratch = c.Write(next%90, scratch)
		}
		for range 1000 {
			step()
		}
		if n := testing.AllocsPerRun(1000, step); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func TestMatchingEightTagsAtATimeIsMatchingEach(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		var s set
		tags := rapid.SliceOfN(rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte{0, 1, 0x7f, 0x80, 0xff})), ways, ways).Draw(r, "tags")
		for way, tag := range tags {
			s.occupy(way, tag)
		}
		s.used = rapid.Uint16().Draw(r, "used")
		asked := rapid.OneOf(rapid.Byte(), rapid.SampledFrom(tags)).Draw(r, "asked")
		want := uint16(0)
		for way, tag := range tags {
			if tag == asked {
				want |= 1 << way
			}
		}
		if got := s.match(asked); got != want&s.used {
			r.Fatalf("match(%d) of %v = %016b, want %016b", asked, tags, got, want&s.used)
		}
	})
}

// TestTheClockSparesWhatWasAskedForAndWhatIsLocked walks the hand by hand.
func TestTheClockSparesWhatWasAskedForAndWhatIsLocked(t *testing.T) {
	t.Parallel()
	var s set
	for want := range ways { // free ways first, in order
		way, ok := s.victim()
		if !ok || way != want {
			t.Fatalf("way %d, %v; want %d", way, ok, want)
		}
		s.occupy(way, uint8(way))
	}
	for way := range ways {
		for range 5 - way { // way 0 three times, for it saturates; way 4 once; the others never
			s.touch(way)
		}
	}
	s.locked = 1 << 6
	var order []int
	for range ways - 1 {
		way, ok := s.victim()
		if !ok {
			t.Fatal("no victim")
		}
		order = append(order, way)
		s.locked |= 1 << way // taken, so that each comes once
	}
	if want := []int{5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 4, 0, 1, 2, 3}; !slices.Equal(order, want) {
		t.Errorf("order %v, want %v", order, want)
	}
	if _, ok := s.victim(); ok {
		t.Error("a victim among locked ways")
	}
}

func TestABlockIsLaidOutAsAnnotated(t *testing.T) {
	t.Parallel()
	b := make([]byte, 48)
	stamp(b, 258, 3)
	golden.Compare(t, "testdata/block.golden", *rewrite, []golden.Field{
		{Bytes: b[0:8], Note: "address 258"},
		{Bytes: b[8:16], Note: "version 3"},
		{Bytes: b[16:32], Note: "the caller's: 64 KiB less 32 bytes in a whole block"},
		{Bytes: b[32:40], Note: "version 3 again"},
		{Bytes: b[40:48], Note: "seal of both"},
	})
}

// FuzzDecodeOfGarbageIsAnErrorOrTheBlock: what decodes is what would be written.
func FuzzDecodeOfGarbageIsAnErrorOrTheBlock(f *testing.F) {
	f.Add(blockOf(1, 2))
	f.Add(blockOf(1, 2)[:31])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		address, version, err := decode(b)
		if err != nil {
			return
		}
		again := slices.Clone(b)
		stamp(again, address, version)
		if !slices.Equal(again, b) {
			t.Fatalf("address %d, version %d from bytes that do not say so", address, version)
		}
	})
}

// TestUnitsAreCounted runs the operations as a run does.
func TestUnitsAreCounted(t *testing.T) {
	t.Parallel()
	room := Family.Erase()
	for _, v := range Family.Variants {
		if v.Null {
			continue
		}
		want := map[string]bool{"stale-reads/op": mistaken(v.Name), "double-reads/op": mistaken(v.Name)}
		for _, op := range []string{"collision", "in-flight"} {
			got, err := conform.Count(t, room, conform.Case(t, room, op, v.Name), conform.Size{Workload: skewed, Count: blocks, Batches: 200, Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			for unit, some := range want {
				sum := 0.0
				for _, x := range got.Units[unit] {
					sum += x
				}
				if len(got.Units[unit]) == 0 || (sum > 0) != some {
					t.Errorf("%s/%s: %s sums to %v", op, v.Name, unit, sum)
				}
			}
		}
		got, err := conform.Count(t, room, conform.Case(t, room, "hit", v.Name), conform.Size{Workload: skewed, Count: blocks, Batches: 9, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, rate := range got.Units["hit-rate"] {
			if rate != 1 {
				t.Errorf("%s: a hit rate of %v where all are there", v.Name, rate)
			}
		}
	}
}
