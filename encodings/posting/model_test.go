package posting

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"

	"pgregory.net/rapid"
)

// layout is a format with what a test must know of it.
type layout struct {
	name   string
	format Format
	idBits int    // ids have no more
	window uint64 // of ids in one page, 0 for none
}

func layouts() []layout {
	return []layout{
		{"raw", Raw(), 64, 0},
		{"uvarint", Uvarint(), 64, 0},
		{"pfor32", PFOR32(0), 64, 1 << 31},
		{"pfor32-10", PFOR32(10), 54, 1 << 21},
		{"pfor32-anchored", PFOR32Anchored(0), 64, 1 << 31},
		{"pfor32-anchored-10", PFOR32Anchored(10), 54, 1 << 21},
		{"pfor64", PFOR64(), 64, 0},
		{"columns-0", Columns(0), 64, 0},
		{"columns-10", Columns(10), 64, 0},
	}
}

// tester is what testing and rapid have in common.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

// packAll packs ids into as many pages as they need.
func packAll(t tester, f Format, ids []uint64) []*Page {
	t.Helper()
	var pages []*Page
	for len(ids) > 0 {
		p := new(Page)
		for i := range p { // what a page held before does not matter
			p[i] = 0xa5
		}
		n, err := f.Pack(p, ids)
		if err != nil || n < 1 || n > len(ids) {
			t.Fatalf("Pack returns %d, %v of %d ids", n, err, len(ids))
		}
		pages, ids = append(pages, p), ids[n:]
	}
	return pages
}

// unpackPage returns the ids of a page.
func unpackPage(f Format, p *Page) []uint64 {
	var ids []uint64
	var block [BlockLen]uint64
	for k := 0; ; k++ {
		n := f.Block(p, k, &block)
		if n == 0 {
			return ids
		}
		ids = append(ids, block[:n]...)
	}
}

// holdTo compares pages with the ids packed, block by block and search by search.
func holdTo(t tester, l layout, pages []*Page, ids []uint64) {
	t.Helper()
	at := 0
	for number, p := range pages {
		if err := l.format.Check(p); err != nil {
			t.Fatalf("%s: page %d: %v", l.name, number, err)
		}
		got := unpackPage(l.format, p)
		if len(got) != l.format.Count(p) || !slices.Equal(got, ids[at:min(len(ids), at+len(got))]) {
			t.Fatalf("%s: page %d has %d ids, which are not those packed", l.name, number, l.format.Count(p))
		}
		if l.window > 0 && got[len(got)-1]-got[0] >= l.window {
			t.Fatalf("%s: page %d covers %d to %d", l.name, number, got[0], got[len(got)-1])
		}
		at += len(got)
		for i := 0; i < len(got); i += 1 + len(got)/50 {
			for _, id := range []uint64{got[i], got[i] + 1, got[i] - 1} {
				search(t, l, p, got, id)
			}
		}
		search(t, l, p, got, 0)
		search(t, l, p, got, 1<<64-1)
	}
	if at != len(ids) {
		t.Fatalf("%s: %d ids in the pages, %d were packed", l.name, at, len(ids))
	}
}

// search holds Find to its word.
func search(t tester, l layout, p *Page, ids []uint64, id uint64) {
	t.Helper()
	i := sort.Search(len(ids), func(i int) bool { return ids[i] >= id })
	k := l.format.Find(p, id)
	if i == len(ids) {
		if last := (len(ids) - 1) / BlockLen; k != last {
			t.Fatalf("%s: Find(%d) = %d, above all ids, which end in block %d", l.name, id, k, last)
		}
		return
	}
	if i < k*BlockLen || i > (k+1)*BlockLen {
		t.Fatalf("%s: Find(%d) = %d, it is at place %d", l.name, id, k, i)
	}
}

// drawIDs are ids with steps of all lengths, in stretches of one kind.
func drawIDs(t *rapid.T, idBits int) []uint64 {
	g := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	limit := uint64(1)<<(idBits-1)<<1 - 1
	id := rapid.Uint64Range(0, limit).Draw(t, "first") >> rapid.IntRange(0, 63).Draw(t, "shift")
	ids := []uint64{id}
	for range rapid.IntRange(1, 6).Draw(t, "stretches") {
		width := rapid.IntRange(0, 60).Draw(t, "width")
		rare := rapid.IntRange(0, 63).Draw(t, "rare")
		for range rapid.IntRange(1, 1500).Draw(t, "length") {
			step := g.Uint64()>>(63-width)>>1 + 1
			if g.IntN(50) == 0 {
				step += g.Uint64() >> rare >> 1
			}
			if step > limit-id {
				return ids
			}
			id += step
			ids = append(ids, id)
		}
	}
	return ids
}

func TestPagesHoldWhatWasPacked(t *testing.T) {
	t.Parallel()
	for _, l := range layouts() {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				ids := drawIDs(t, l.idBits)
				if len(ids) > 300 && l.window > 0 && ids[len(ids)-1]-ids[0] > 300*l.window {
					ids = ids[:300] // a page each: the others are packed whole
				}
				holdTo(t, l, packAll(t, l.format, ids), ids)
			})
		})
	}
}

func TestPagesHoldTheEdges(t *testing.T) {
	t.Parallel()
	consecutive := make([]uint64, 140_000) // more than a page may count
	for i := range consecutive {
		consecutive[i] = uint64(i)
	}
	for _, l := range layouts() {
		top := uint64(1)<<(l.idBits-1)<<1 - 1
		for _, ids := range [][]uint64{
			{0},
			{top},
			{0, top},
			{0, 1, top - 1, top},
			{top - 300, top - 299, top - 2, top - 1, top},
			consecutive[:255], consecutive[:256], consecutive[:257], consecutive[1:513],
			consecutive,
		} {
			holdTo(t, l, packAll(t, l.format, ids), ids)
		}
	}
}

// TestEveryWidthIsUnpackedAsItIsWritten compares the generated functions with a
// reader of single bits.
func TestEveryWidthIsUnpackedAsItIsWritten(t *testing.T) {
	t.Parallel()
	g := rand.New(rand.NewPCG(1, 2))
	for width := range uint(65) {
		from := make([]byte, 32*width+slack)
		for i := range from {
			from[i] = byte(g.Uint64())
		}
		var added, tags [BlockLen]uint64
		last := uint64(1000)
		if size := addUp(from, packed{width: width, n: BlockLen}, &added, last); size != 32*int(width) {
			t.Fatalf("width %d: %d bytes", width, size)
		}
		unpackTags(width, &tags, from, BlockLen)
		for i, got := range added {
			number := uint64(0)
			for b := range width {
				at := uint(i)*width + b
				number |= uint64(from[at/8]>>(at%8)&1) << b
			}
			if last += number + 1; got != last {
				t.Fatalf("width %d: sum %d is %x, want %x", width, i, got, last)
			}
			if width <= maxTag && tags[i] != number {
				t.Fatalf("width %d: tag %d is %x, want %x", width, i, tags[i], number)
			}
		}
	}
}

func TestThePackingChosenIsTheSmallest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) uint64 {
			return rapid.Uint64().Draw(t, "x") >> rapid.IntRange(0, 63).Draw(t, "shift")
		}), 1, BlockLen).Draw(t, "numbers")
		least, best := 1<<30, packing{}
		for width := range uint(65) { // the bits of each way, exceptions a little dearer than they are
			k := packing{width: width}
			for _, x := range numbers {
				if n := bits.Len64(x); n > int(width) {
					k.high, k.exceptions = max(k.high, uint(n)-width), k.exceptions+1
				}
			}
			cost := (len(numbers) + 7) / 8 * 8 * int(width)
			if k.exceptions > 0 {
				cost += 8 + k.exceptions*(8+int(k.high)+patchBits)
			}
			if cost <= least && k.exceptions < 256 {
				least, best = cost, k
			}
		}
		if got := choose(numbers); got != best {
			t.Fatalf("%+v is chosen, %+v is cheaper", got, best)
		}
	})
}

func TestPackRefusesWhatIsNoSortedSet(t *testing.T) {
	t.Parallel()
	for _, l := range layouts() {
		top := uint64(1)<<(l.idBits-1)<<1 - 1
		bad := [][]uint64{{}, {5, 5}, {5, 4}, {1, 2, 3, 3}, {top, 0}}
		long := make([]uint64, 700)
		for i := range long {
			long[i] = uint64(i)
		}
		long[600] = 599
		bad = append(bad, long)
		if l.idBits < 64 {
			bad = append(bad, []uint64{top + 1}, []uint64{1<<64 - 1})
		}
		for _, ids := range bad {
			var p Page
			if n, err := l.format.Pack(&p, ids); err == nil {
				t.Errorf("%s: %d of %d ids %v are packed", l.name, n, len(ids), ids[:min(len(ids), 4)])
			}
		}
		if l.idBits < 64 { // the second page meets the id that is too large
			var p Page
			if n, err := l.format.Pack(&p, []uint64{top - 1, top + 1}); n != 1 || err != nil {
				t.Errorf("%s: %d, %v", l.name, n, err)
			}
		}
	}
}

func TestNothingAllocates(t *testing.T) { // not parallel: AllocsPerRun counts the whole process
	ids := make([]uint64, 3000)
	for i := range ids {
		ids[i] = uint64(i*i) << 3
	}
	for _, l := range layouts() {
		var p Page
		var block [BlockLen]uint64
		if n := testing.AllocsPerRun(20, func() {
			if _, err := l.format.Pack(&p, ids); err != nil {
				t.Fatal(err)
			}
			for k := range (l.format.Count(&p) + BlockLen - 1) / BlockLen {
				l.format.Block(&p, k, &block)
			}
			l.format.Find(&p, 77)
			if err := l.format.Check(&p); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", l.name, n)
		}
	}
}

func BenchmarkBlock(b *testing.B) {
	g := rand.New(rand.NewPCG(1, 2))
	for _, mean := range []float64{7, 336 * 1024} {
		ids := make([]uint64, 4000)
		id := uint64(0)
		for i := range ids {
			id += 1 + uint64(g.ExpFloat64()*mean)
			ids[i] = id
		}
		for _, l := range layouts() {
			b.Run(fmt.Sprintf("%s/%.0f", l.name, mean), func(b *testing.B) {
				pages := packAll(b, l.format, ids)
				var block [BlockLen]uint64
				n := 0
				for b.Loop() {
					for _, p := range pages {
						for k := 0; ; k++ {
							m := l.format.Block(p, k, &block)
							if m == 0 {
								break
							}
							n += m
						}
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/id")
				b.ReportMetric(float64(len(pages)*Size)/float64(len(ids)), "bytes/id")
			})
		}
	}
}
