package bloom

import "github.com/cespare/xxhash/v2"

// line is a block of 512 bits, one cache line: all probes of a key fall into
// one, so that a key costs one miss and not one per probe.
type line [8]uint64

// blocked sets its probes anywhere in one line.
type blocked struct {
	lines  []line
	probes int
}

func newBlocked(keys int, rate float64) (Filter, error) {
	s, err := sizeFor(keys, rate)
	if err != nil {
		return nil, err
	}
	return &blocked{make([]line, (s.slots+511)/512), s.probes}, nil
}

// probesPerWord is how many 9-bit positions one word of hash gives.
const probesPerWord = 7

func (f *blocked) Add(key []byte) {
	h := xxhash.Sum64(key)
	l := &f.lines[reduce(h, uint64(len(f.lines)))]
	for left := f.probes; left > 0; left -= probesPerWord {
		h *= spread
		x := h
		for range min(left, probesPerWord) {
			l[x>>61] |= 1 << (x >> 55 & 63)
			x <<= 9
		}
	}
}

// Contains reads all positions without a branch, as splitBlock.holds does.
func (f *blocked) Contains(key []byte) bool {
	h := xxhash.Sum64(key)
	l := &f.lines[reduce(h, uint64(len(f.lines)))]
	r := uint64(1)
	for left := f.probes; left > 0; left -= probesPerWord {
		h *= spread
		x := h
		for range min(left, probesPerWord) {
			r &= l[x>>61] >> (x >> 55 & 63)
			x <<= 9
		}
	}
	return r != 0
}

func (f *blocked) SizeBytes() int { return 64 * len(f.lines) }
func (f *blocked) Reset()         { clear(f.lines) }
