package page

import (
	"cmp"
	"iter"
	"slices"
)

// Table names the 15 pairs of sizes that [OffsetNibble] encodes in a slot. Key and Value are in bytes, 0 to 8; a pair
// with a larger size, or a repeated one, is never used.
type Table [15]struct{ Key, Value uint8 }

// TopPairs returns the 15 most frequent pairs of sizes among entries, the most frequent first. Among equals, also
// among pairs not seen, the one with the smaller key, then the smaller value, comes first.
func TopPairs(entries iter.Seq2[uint64, uint64]) Table {
	return train(entries, func(keyLen, valueLen int) bool { return true })
}

// ParityPairs returns the 15 pairs of sizes that save the most bytes among entries, the best first, ties as in
// [TopPairs].
//
// Entries begin at even offsets. One of an odd total length has a byte of padding, and naming its sizes beside it
// costs nothing; one of an even length would grow by two bytes, whatever its sizes. So every even pair saves the same
// two bytes, no odd pair saves any, nor does the empty pair, and the best table is the most frequent pairs of even,
// positive length.
func ParityPairs(entries iter.Seq2[uint64, uint64]) Table {
	return train(entries, func(keyLen, valueLen int) bool {
		n := keyLen + valueLen
		return n > 0 && n&1 == 0
	})
}

func train(entries iter.Seq2[uint64, uint64], useful func(keyLen, valueLen int) bool) Table {
	var seen [81]int
	for key, value := range entries {
		seen[9*byteLen(key)+byteLen(value)]++
	}
	var pairs []int
	for pair := range seen {
		if useful(pair/9, pair%9) {
			pairs = append(pairs, pair)
		}
	}
	slices.SortStableFunc(pairs, func(a, b int) int { return cmp.Compare(seen[b], seen[a]) })
	var t Table
	for code := range t {
		t[code].Key, t[code].Value = uint8(pairs[code]/9), uint8(pairs[code]%9)
	}
	return t
}

// pairCodes is a Table in the forms that encoding and decoding look up. A size byte is keyLen<<4 | valueLen.
type pairCodes struct {
	size [16]byte  // by code; the escape has none
	code [256]byte // by size byte
}

// escape is the code of a slot whose entry begins with its size byte.
const escape = 15

// noSize is no entry's size byte: it stands for the pairs of a Table that are never used.
const noSize = 0xff

func newPairCodes(t Table) *pairCodes {
	c := &pairCodes{}
	for i := range c.code {
		c.code[i] = escape
	}
	for code, pair := range t {
		size := pair.Key<<4 | pair.Value
		if pair.Key > 8 || pair.Value > 8 || c.code[size] != escape {
			c.size[code] = noSize
			continue
		}
		c.size[code], c.code[size] = size, byte(code)
	}
	return c
}
