package page

import (
	"maps"
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// anyNumber favours the ends of the range and the limits of every length in bytes and in varint bytes.
func anyNumber() *rapid.Generator[uint64] {
	limit := rapid.Custom(func(t *rapid.T) uint64 {
		bits := rapid.SampledFrom([]uint{0, 7, 8, 14, 16, 21, 24, 28, 32, 35, 40, 42, 48, 49, 56, 63}).Draw(t, "bits")
		return uint64(1)<<bits + rapid.Uint64Range(0, 2).Draw(t, "near") - 1
	})
	return rapid.OneOf(
		rapid.SampledFrom([]uint64{0, 1, math.MaxInt64, math.MaxUint64}),
		limit, rapid.Uint64Range(0, 40), rapid.Uint64(),
	)
}

func TestSetAndGetAgreeWithAMapUnderRandomUpdates(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		rapid.Check(t, func(t *rapid.T) {
			var p Buf
			model := map[uint64]uint64{}
			s.f.Init(&p)
			if rapid.Bool().Draw(t, "nearly full") {
				r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
				for s.free(&p) > 100 {
					key, value := full.draw(r), full.draw(r)
					s.set(t, &p, model, key, value)
				}
			}
			for range rapid.IntRange(1, 60).Draw(t, "sets") {
				s.set(t, &p, model, anyNumber().Draw(t, "key"), anyNumber().Draw(t, "value"))
			}
			verify(t, s.f, &p, model)
		})
	})
}

// set does one Set and holds it to the model, of contents and of space.
func (s subject) set(t *rapid.T, p *Buf, model map[uint64]uint64, key, value uint64) {
	t.Helper()
	before, free := *p, s.free(p)
	old, update := model[key]
	need, ok := s.need(key, value, old, update), s.f.Set(p, key, value)
	if !s.blocks() && ok != (need <= free) {
		t.Fatalf("Set(%d, %d) = %v with %d bytes free and %d needed", key, value, ok, free, need)
	}
	if !ok {
		if *p != before {
			t.Fatalf("a refused Set(%d, %d) changed the page", key, value)
		}
		return
	}
	model[key] = value
	if used := free - s.free(p); !s.blocks() && used != need {
		t.Fatalf("Set(%d, %d) used %d bytes; want %d", key, value, used, need)
	}
	if got, ok := s.f.Get(p, key); !ok || got != value {
		t.Fatalf("Get(%d) after Set = %d, %v; want %d, true", key, got, ok, value)
	}
}

func TestPageFilledToTheLastByteStillReadsAndUpdates(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		var p Buf
		model := fillExactly(t, s, &p)
		verify(t, s.f, &p, model)
		before := p
		if s.f.Set(&p, 1<<63+12345, 1) || p != before {
			t.Fatal("a full page took an entry, or changed when it refused one")
		}
		for key, value := range model {
			if value > 0 {
				// Flipping the lowest bit of a number above 1 keeps its length.
				value ^= uint64(min(1, value-1))
			}
			if !s.f.Set(&p, key, value) {
				t.Fatalf("a full page refused an update of key %d that keeps its size", key)
			}
			model[key] = value
		}
		verify(t, s.f, &p, model)
	})
}

// fillExactly fills a page until not one byte is free (for raw: until 511 entries).
func fillExactly(t *testing.T, s subject, p *Buf) map[uint64]uint64 {
	t.Helper()
	for seed := range uint64(200) {
		model := full.fill(s.f, p, rand.New(rand.NewPCG(seed, 1)))
		if s.name == "raw" {
			return model
		}
		for length := range 128 {
			try, grown := *p, maps.Clone(model)
			key, value := uint64(1)<<(length/8*4+3)+seed, uint64(1)<<(length%8*8)
			if s.f.Set(&try, key, value) && s.free(&try) == 0 {
				grown[key] = value
				*p = try
				return grown
			}
		}
	}
	t.Fatal("no page came out exactly full")
	return nil
}

func TestInitForgetsAllAndZeroes(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		var p, fresh Buf
		realistic.fill(s.f, &p, rand.New(rand.NewPCG(1, 1)))
		s.f.Init(&p)
		s.f.Init(&fresh)
		if p != fresh {
			t.Fatal("Init left bytes of the page's past")
		}
		verify(t, s.f, &p, map[uint64]uint64{})
		if _, ok := s.f.Get(&p, 0); ok {
			t.Fatal("an empty page has key 0")
		}
	})
}

func TestScanStopsWhenToldTo(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		var p Buf
		realistic.fill(s.f, &p, rand.New(rand.NewPCG(1, 1)))
		calls := 0
		s.f.Scan(&p, func(_, _ uint64) bool {
			calls++
			return calls < 3
		})
		if calls != 3 {
			t.Fatalf("Scan called yield %d times; want 3", calls)
		}
	})
}

func TestSetGetAndScanAllocateNothing(t *testing.T) {
	for _, s := range subjects() { // not parallel: AllocsPerRun counts the whole process
		var p Buf
		s.f.Init(&p)
		key := uint64(0)
		allocs := testing.AllocsPerRun(1000, func() {
			key = key*6364136223846793005 + 1442695040888963407
			s.f.Set(&p, key>>(key&63), key)
			s.f.Get(&p, key>>(key&63))
			if key&15 == 0 {
				s.f.Scan(&p, func(k, v uint64) bool { return k <= v })
			}
			if s.f.Check(&p) != nil {
				panic("damaged")
			}
		})
		if allocs != 0 {
			t.Errorf("%s: %v allocations per Set, Get, Scan and Check; want 0", s.name, allocs)
		}
	}
}

// TestPagesOfOtherDataAgreeWithAMap fills pages in orders and from ranges that the random tests do not dwell on.
func TestPagesOfOtherDataAgreeWithAMap(t *testing.T) {
	t.Parallel()
	sources := map[string]func(r *rand.Rand, i uint64) (key, value uint64){
		"ascending":      func(_ *rand.Rand, i uint64) (uint64, uint64) { return i, i },
		"descending":     func(_ *rand.Rand, i uint64) (uint64, uint64) { return 1<<64 - 1 - i, i << 30 },
		"bytes reversed": func(_ *rand.Rand, i uint64) (uint64, uint64) { return bits.ReverseBytes64(i), 0 },
		"any":            func(r *rand.Rand, _ uint64) (uint64, uint64) { return r.Uint64(), r.Uint64() },
		"any length": func(r *rand.Rand, _ uint64) (uint64, uint64) {
			return r.Uint64() >> r.UintN(64), r.Uint64() >> r.UintN(64)
		},
		"dense":             func(r *rand.Rand, _ uint64) (uint64, uint64) { return r.Uint64N(3000), r.Uint64N(9) },
		"far clusters":      func(r *rand.Rand, _ uint64) (uint64, uint64) { return r.Uint64()&^(1<<60-1) + r.Uint64N(500), 1 << 24 },
		"growing on update": func(r *rand.Rand, i uint64) (uint64, uint64) { return r.Uint64N(300) << 20, i * i * i * i },
	}
	for name, draw := range sources {
		for _, s := range subjects() {
			t.Run(name+"/"+s.name, func(t *testing.T) {
				t.Parallel()
				for seed := range uint64(5) {
					r := rand.New(rand.NewPCG(seed, 8))
					var p Buf
					s.f.Init(&p)
					model := map[uint64]uint64{}
					for i := range uint64(3000) { // past full, where refusals and repacks are
						key, value := draw(r, i)
						if s.f.Set(&p, key, value) {
							model[key] = value
						}
						if i%500 == 0 {
							verify(t, s.f, &p, model)
						}
					}
					verify(t, s.f, &p, model)
				}
			})
		}
	}
}
