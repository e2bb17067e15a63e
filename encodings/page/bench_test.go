package page

import (
	"math/rand/v2"
	"testing"
)

// benchFormats has the offset-nibble layout with the table trained on the data, unlike subjects.
func benchFormats() []subject {
	table := TopPairs(realistic.entries(7, 100_000))
	return []subject{
		{name: "raw", f: Raw()},
		{name: "varint", f: Varint()},
		{name: "nibble", f: Nibble()},
		{name: "elias-fano", f: EliasFano()},
		{name: "offset-nibble-switch", f: OffsetNibble(table, Switch)},
		{name: "offset-nibble-table", f: OffsetNibble(table, TableDriven)},
		{name: "offset-nibble-branchfree", f: OffsetNibble(table, BranchFree)},
	}
}

// BenchmarkSet is the cost of one of the Sets that fill a page, Init included.
func BenchmarkSet(b *testing.B) {
	for _, s := range benchFormats() {
		b.Run(s.name, func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			entries := make([][2]uint64, 1<<16)
			for i := range entries {
				entries[i] = [2]uint64{realistic.draw(r), realistic.draw(r)}
			}
			var p Buf
			s.f.Init(&p)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				e := &entries[i%len(entries)]
				if !s.f.Set(&p, e[0], e[1]) {
					s.f.Init(&p)
				}
			}
		})
	}
}

// BenchmarkGet finds present keys in random order in 16 full pages (128 KiB).
func BenchmarkGet(b *testing.B) {
	for _, s := range benchFormats() {
		b.Run(s.name, func(b *testing.B) {
			type query struct {
				page int
				key  uint64
			}
			r := rand.New(rand.NewPCG(1, 2))
			pages := make([]Buf, 16)
			var queries []query
			for i := range pages {
				realistic.fill(s.f, &pages[i], r)
				s.f.Scan(&pages[i], func(key, _ uint64) bool {
					queries = append(queries, query{i, key})
					return true
				})
			}
			r.Shuffle(len(queries), func(i, j int) { queries[i], queries[j] = queries[j], queries[i] })
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				q := &queries[i%len(queries)]
				if _, ok := s.f.Get(&pages[q.page], q.key); !ok {
					b.Fatal("a present key was not found")
				}
			}
		})
	}
}

// BenchmarkScan reads all entries of a full page; the figure is per page.
func BenchmarkScan(b *testing.B) {
	for _, s := range benchFormats()[:5] {
		b.Run(s.name, func(b *testing.B) {
			var p Buf
			realistic.fill(s.f, &p, rand.New(rand.NewPCG(1, 2)))
			for b.Loop() {
				var sum uint64
				s.f.Scan(&p, func(key, value uint64) bool {
					sum += key ^ value
					return true
				})
			}
		})
	}
}
