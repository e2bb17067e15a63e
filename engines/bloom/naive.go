package bloom

// The parameters of the 64-bit FNV-1a hash (Fowler, Noll and Vo).
const (
	fnvBasis = 0xcbf29ce484222325
	fnvPrime = 0x100000001b3
)

func fnv(h uint64, key []byte) uint64 {
	for _, c := range key {
		h = (h ^ uint64(c)) * fnvPrime
	}
	return h
}

// naive is the filter as its author published it: the key is hashed again for
// every probe, with the probe's number as one more byte at the end. The slots
// of one key then differ by one multiplication only, and its rate is many
// times the one it was sized for.
type naive struct {
	flags
	probes int
}

// NewNaive returns the published filter with k FNV hashes of key and number,
// and a byte per slot. Its rate is far above the one asked for: it is here to
// be compared with.
func NewNaive(keys int, rate float64) (Filter, error) {
	s, err := sizeFor(keys, rate)
	if err != nil {
		return nil, err
	}
	table, err := newFlags(s.slots)
	return &naive{table, s.probes}, err
}

// naiveSlot is |int| mod slots. The smallest integer has no absolute value; as
// unsigned numbers its negation is right all the same.
func naiveSlot(key []byte, probe int, slots uint64) uint64 {
	n := int64((fnv(fnvBasis, key) ^ uint64(byte(probe))) * fnvPrime)
	if n < 0 {
		n = -n
	}
	return uint64(n) % slots
}

func (f *naive) Add(key []byte) {
	for i := range f.probes {
		f.flags[naiveSlot(key, i, uint64(len(f.flags)))] = true
	}
}

func (f *naive) Contains(key []byte) bool {
	for i := range f.probes {
		if !f.flags[naiveSlot(key, i, uint64(len(f.flags)))] {
			return false
		}
	}
	return true
}

// independent is the naive filter made correct at the same price: k passes over
// the key, each from a basis of its own and with all bits mixed at the end. It
// separates what slow hashing costs from what false positives cost.
type independent struct {
	flags
	bases []uint64
}

// NewIndependent returns the naive filter with hashes that are independent: as
// slow, and with the rate asked for.
func NewIndependent(keys int, rate float64) (Filter, error) {
	s, err := sizeFor(keys, rate)
	if err != nil {
		return nil, err
	}
	table, err := newFlags(s.slots)
	f := &independent{flags: table}
	for i := range s.probes {
		f.bases = append(f.bases, mix(fnvBasis+uint64(i)*spread))
	}
	return f, err
}

func (f *independent) slot(key []byte, probe int) uint64 {
	return mix(fnv(f.bases[probe], key)) % uint64(len(f.flags))
}

func (f *independent) Add(key []byte) {
	for i := range f.bases {
		f.flags[f.slot(key, i)] = true
	}
}

func (f *independent) Contains(key []byte) bool {
	for i := range f.bases {
		if !f.flags[f.slot(key, i)] {
			return false
		}
	}
	return true
}
