package bloom

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// constructors lists every way to make a filter of the family.
func constructors() map[string]func(int, float64) (Filter, error) {
	return map[string]func(int, float64) (Filter, error){
		"naive": NewNaive, "independent": NewIndependent, "double": NewDouble, "double bits": newDoubleBits,
		"remix": NewRemix, "blocked": newBlocked, "bits-and-blooms": newBitsAndBlooms, "blobloom": newBlob, "fuse": newFuse,
		"split":       func(n int, r float64) (Filter, error) { return NewSplitBlock(n, r) },
		"split plain": func(n int, r float64) (Filter, error) { return newSplitPlain(n, r) },
	}
}

// TestSizesThatMakeNoFilterAreRefused covers numbers no memory is taken for:
// the test would not survive an attempt.
func TestSizesThatMakeNoFilterAreRefused(t *testing.T) {
	t.Parallel()
	for name, make := range constructors() {
		for _, x := range []struct {
			keys int
			rate float64
			want string
		}{
			{0, .01, "at least 1"},
			{-5, .01, "at least 1"},
			{10, 0, "above 0 and below 1"},
			{10, 1, "above 0 and below 1"},
			{10, math.NaN(), "above 0 and below 1"},
			{1 << 40, .01, "more than the"},
			{math.MaxInt, 1e-300, "more than the"},
		} {
			if _, err := make(x.keys, x.rate); err == nil || !strings.Contains(err.Error(), x.want) {
				t.Errorf("%s of %d keys at %g: %v, want an error with %q", name, x.keys, x.rate, err, x.want)
			}
		}
	}
}

// TestFourBillionSlotsAreRefusedWhereTheArithmeticEnds: as published, the
// modulus would be 0 at 2^32 slots, and small numbers above.
func TestFourBillionSlotsAreRefusedWhereTheArithmeticEnds(t *testing.T) {
	t.Parallel()
	for _, slots := range []uint64{1 << 32, 1<<32 + 1, 1 << 33} {
		if m, err := doubleModulus(slots); err == nil || !strings.Contains(err.Error(), "double-hash-bits") {
			t.Errorf("%d slots: modulus %d, error %v; want an error that names the way out", slots, m, err)
		}
	}
	if m, err := doubleModulus(1<<32 - 1); err != nil || m != math.MaxUint32 {
		t.Errorf("2^32-1 slots: modulus %d, error %v", m, err)
	}
	if _, err := NewDouble(500_000_000, .01); err == nil {
		t.Error("half a billion keys take 4.8 billion slots, and the 32-bit filter accepts them")
	}
	if _, err := newFlags(maxBytes + 1); err == nil {
		t.Error("a table beyond the limit is not refused")
	}
	if _, err := newBitset(8*maxBytes + 1); err == nil {
		t.Error("a bit table beyond the limit is not refused")
	}
}

// TestSlotsBeyondFourBillionAreAllReached runs the index functions at sizes
// that no test may allocate: every eighth of the table gets its share.
func TestSlotsBeyondFourBillionAreAllReached(t *testing.T) {
	t.Parallel()
	const draws = 80_000
	for _, slots := range []uint64{1 << 32, 1<<32 + 12345, 1 << 33, 3 << 32, 1 << 36} {
		for name, index := range map[string]func(h uint64, i int) uint64{
			"remix":            func(h uint64, _ int) uint64 { return reduce(next(h), slots) },
			"double-hash-bits": func(h uint64, i int) uint64 { return reduce(h+uint64(i)*(h<<32|h>>32), slots) },
			"naive": func(h uint64, i int) uint64 {
				return naiveSlot([]byte{byte(h), byte(h >> 8), byte(h >> 16), byte(h >> 24)}, i, slots)
			},
			"split": func(h uint64, _ int) uint64 { return reduce(h, slots/256) * 256 },
		} {
			rng := rand.New(rand.NewPCG(slots, 9))
			var shares [8]int
			for i := range draws {
				slot := index(rng.Uint64(), i%7)
				if slot >= slots {
					t.Fatalf("%s: slot %d of %d", name, slot, slots)
				}
				shares[reduceShare(slot, slots)]++
			}
			for i, n := range shares {
				if math.Abs(float64(n)/(draws/8)-1) > .06 {
					t.Errorf("%s: eighth %d of %d slots has %d of %d probes", name, i, slots, n, draws)
				}
			}
		}
	}
}

func reduceShare(slot, slots uint64) uint64 { return slot / (slots/8 + 1) }

// TestTextbookSizes pins what everybody expects at 1 % and .1 %.
func TestTextbookSizes(t *testing.T) {
	t.Parallel()
	for rate, want := range map[float64]size{.01: {9_585_059, 7}, .001: {14_377_588, 10}} {
		if got, err := sizeFor(1_000_000, rate); err != nil || got != want {
			t.Errorf("a million keys at %g: %+v (%v), want %+v", rate, got, err, want)
		}
	}
}
