package block

import "encoding/binary"

// filter is a split-block Bloom filter (Putze, Sanders and Singler 2007, as
// Parquet and Impala have it): a key sets one bit in each of eight words that
// lie side by side, so that asking costs one cache miss.
type filter []words

type words [8]uint32

const (
	wordsBytes = 32
	// filterBits for each key give a rate of about 0.15 %. Each of up to 49
	// tables is asked, and a lie costs a whole read: at 10 bits and 1.2 % the
	// lies would cost more than the filters do.
	filterBits = 16
)

// newFilter sizes a filter for n keys.
func newFilter(n int) filter { return make(filter, max(1, (n*filterBits+255)/256)) }

// at is the block of a hash: its upper half scaled to the number of blocks
// (Lemire's fastrange), for which there are never 2^32.
func (f filter) at(hash uint64) *words {
	return &f[(hash>>32)*uint64(len(f))>>32]
}

// The odd constants that spread the lower half of the hash over the words.
const (
	salt0 = 0x47b6137b
	salt1 = 0x44974d91
	salt2 = 0x8824ad5b
	salt3 = 0xa2b7289d
	salt4 = 0x705495c7
	salt5 = 0x2df1424b
	salt6 = 0x9efc4947
	salt7 = 0x5c6bfb31
)

func (f filter) add(hash uint64) {
	w, h := f.at(hash), uint32(hash)
	w[0] |= 1 << (h * salt0 >> 27)
	w[1] |= 1 << (h * salt1 >> 27)
	w[2] |= 1 << (h * salt2 >> 27)
	w[3] |= 1 << (h * salt3 >> 27)
	w[4] |= 1 << (h * salt4 >> 27)
	w[5] |= 1 << (h * salt5 >> 27)
	w[6] |= 1 << (h * salt6 >> 27)
	w[7] |= 1 << (h * salt7 >> 27)
}

// has joins all eight answers before the one branch: a miss is found early or
// late at random, and a mispredicted branch costs more than the eight probes.
func (f filter) has(hash uint64) bool {
	w, h := f.at(hash), uint32(hash)
	all := w[0] >> (h * salt0 >> 27 & 31) & (w[1] >> (h * salt1 >> 27 & 31)) &
		(w[2] >> (h * salt2 >> 27 & 31)) & (w[3] >> (h * salt3 >> 27 & 31)) &
		(w[4] >> (h * salt4 >> 27 & 31)) & (w[5] >> (h * salt5 >> 27 & 31)) &
		(w[6] >> (h * salt6 >> 27 & 31)) & (w[7] >> (h * salt7 >> 27 & 31))
	return all&1 != 0
}

func (f filter) append(to []byte) []byte {
	for i := range f {
		for _, w := range f[i] {
			to = binary.LittleEndian.AppendUint32(to, w)
		}
	}
	return to
}

// parseFilter reads what append wrote; false where that cannot be.
func parseFilter(b []byte) (filter, bool) {
	if len(b) == 0 || len(b)%wordsBytes != 0 {
		return nil, false
	}
	f := make(filter, len(b)/wordsBytes)
	for i := range f {
		for j := range f[i] {
			f[i][j] = binary.LittleEndian.Uint32(b[wordsBytes*i+4*j:])
		}
	}
	return f, true
}
