package bloom

// flags is the table of the published filters: one bool, so one byte, per slot.
type flags []bool

func newFlags(slots uint64) (flags, error) {
	if slots > maxBytes {
		return nil, tooLarge(float64(slots))
	}
	return make(flags, slots), nil
}

func (f flags) SizeBytes() int { return len(f) }
func (f flags) Reset()         { clear(f) }
func (f flags) slots() uint64  { return uint64(len(f)) }

// bitset is a table of one bit per slot.
type bitset struct {
	words []uint64
	n     uint64 // slots
}

func newBitset(slots uint64) (bitset, error) {
	if slots > 8*maxBytes {
		return bitset{}, tooLarge(float64(slots) / 8)
	}
	return bitset{words: make([]uint64, (slots+63)/64), n: slots}, nil
}

func (b *bitset) set(slot uint64)      { b.words[slot>>6] |= 1 << (slot & 63) }
func (b *bitset) has(slot uint64) bool { return b.words[slot>>6]>>(slot&63)&1 != 0 }

func (b *bitset) SizeBytes() int { return 8 * len(b.words) }
func (b *bitset) Reset()         { clear(b.words) }
func (b *bitset) slots() uint64  { return b.n }
