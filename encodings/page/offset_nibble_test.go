package page

import (
	"math/rand/v2"
	"testing"
)

func TestTopPairsOfTheMixturesAreThePublishedOnes(t *testing.T) {
	t.Parallel()
	// The order of pairs of equal probability (34 and 43) depends on the draw, so the sets are compared.
	common := []int{44, 43, 34, 54, 45, 33, 53, 35, 55, 42, 24, 32, 23}
	for _, data := range []struct {
		name string
		mix  mixture
		last []int
	}{{"realistic", realistic, []int{52, 25}}, {"full", full, []int{64, 46}}} {
		got := map[int]bool{}
		for _, pair := range TopPairs(data.mix.entries(3, 300_000)) {
			got[int(pair.Key)*10+int(pair.Value)] = true
		}
		for _, want := range append(common[:len(common):len(common)], data.last...) {
			if !got[want] {
				t.Errorf("%s: pair %d is missing from %v", data.name, want, got)
			}
		}
	}
}

func TestParityPairsAreTheMostFrequentOfEvenPositiveLength(t *testing.T) {
	t.Parallel()
	// (0,0) and (1,2) lead, and gain nothing; then (3,3), (1,1), and pairs not seen in order of size.
	entries := func(yield func(key, value uint64) bool) {
		for i := range 100 {
			_ = yield(0, 0) && yield(1, 1<<8) && (i > 50 || yield(1<<16, 1<<16)) && (i > 20 || yield(1, 1))
		}
	}
	want := Table{
		{3, 3}, {1, 1}, {0, 2}, {0, 4}, {0, 6}, {0, 8}, {1, 3}, {1, 5}, {1, 7}, {2, 0}, {2, 2}, {2, 4}, {2, 6}, {2, 8}, {3, 1},
	}
	if got := ParityPairs(entries); got != want {
		t.Errorf("ParityPairs = %v; want %v", got, want)
	}
	top := Table{{0, 0}, {1, 2}, {3, 3}, {1, 1}}
	if got := TopPairs(entries); [4]struct{ Key, Value uint8 }(got[:4]) != [4]struct{ Key, Value uint8 }(top[:4]) {
		t.Errorf("TopPairs = %v; want it to begin with %v", got, top[:4])
	}
}

func TestTheThreeEncodersMakeIdenticalPages(t *testing.T) {
	t.Parallel()
	tables := map[string]Table{
		"top":     TopPairs(full.entries(3, 50_000)),
		"parity":  ParityPairs(full.entries(3, 50_000)),
		"small":   smallTable,
		"zero":    {},
		"useless": {{9, 9}, {255, 16}, {1, 1}, {1, 1}},
	}
	for name, table := range tables {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(5, 5))
			formats := []Format{OffsetNibble(table, Switch), OffsetNibble(table, TableDriven), OffsetNibble(table, BranchFree)}
			for range 30 {
				var pages [3]Buf
				for i, f := range formats {
					f.Init(&pages[i])
				}
				model := map[uint64]uint64{}
				for step := range 1500 { // well past full
					key, value := full.draw(r), full.draw(r)
					if step%3 == 0 {
						key &= 31 // updates, of the same and of other sizes
					}
					ok := formats[0].Set(&pages[0], key, value)
					for i := 1; i < 3; i++ {
						if formats[i].Set(&pages[i], key, value) != ok || pages[i] != pages[0] {
							t.Fatalf("step %d: Set(%d, %d) by encoder %d differs from encoder 0", step, key, value, i)
						}
					}
					if ok {
						model[key] = value
					}
				}
				verify(t, formats[0], &pages[0], model)
			}
		})
	}
}

func TestBlendWritesTheFieldAndNothingElse(t *testing.T) {
	t.Parallel()
	for n := range 9 {
		for _, at := range []int{0, 1, 7, 8, 9, 4093, Size - 9 - n, Size - 8, Size - 7, Size - n - 1, Size - n} {
			if at+n > Size {
				continue
			}
			var got Buf
			for i := range got {
				got[i] = byte(i*7 + 1)
			}
			want := got
			v := uint64(0xf1e2d3c4b5a69788) & lenMask[n]
			for i := range n {
				want[at+i] = byte(v >> (8 * i))
			}
			blend(&got, at, v, lenMask[n])
			if got != want {
				t.Fatalf("blend of %d bytes at %d wrote elsewhere or otherwise", n, at)
			}
			if n > 0 && load(&got, at)&lenMask[n] != v {
				t.Fatalf("load of %d bytes at %d = %#x; want %#x", n, at, load(&got, at)&lenMask[n], v)
			}
		}
	}
}
