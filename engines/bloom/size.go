package bloom

import (
	"fmt"
	"math"
)

// maxBytes bounds a table. Go cannot recover from an allocation that fails, so
// a size nobody has memory for is refused beforehand.
const maxBytes = 1 << 33

// size is the shape of a plain filter.
type size struct {
	slots  uint64 // bits of information, whatever a slot takes in memory
	probes int
}

// sizeFor returns the slots and probes at which a plain filter of so many keys
// has the rate (Bloom, "Space/time trade-offs in hash coding with allowable
// errors", 1970): -log2(rate)/ln 2 slots per key, ln 2 times as many probes.
func sizeFor(keys int, rate float64) (size, error) {
	if keys < 1 {
		return size{}, fmt.Errorf("bloom: a filter for %d keys: ask for at least 1", keys)
	}
	if !(rate > 0 && rate < 1) { // also refuses NaN
		return size{}, fmt.Errorf("bloom: a false-positive rate of %g: give one above 0 and below 1", rate)
	}
	perKey := -math.Log(rate) / (math.Ln2 * math.Ln2)
	slots := math.Ceil(float64(keys) * perKey)
	if slots > 8*maxBytes {
		return size{}, tooLarge(slots / 8)
	}
	return size{slots: uint64(slots), probes: max(1, int(math.Round(perKey*math.Ln2)))}, nil
}

func tooLarge(bytes float64) error {
	return fmt.Errorf("bloom: the filter would take %.3g bytes, more than the %d allowed: divide the keys among several filters", bytes, uint64(maxBytes))
}

// idealRate is the expected rate of a filter whose probes are independent and
// uniform, with the best number of probes for its slots and keys.
func idealRate(slots uint64, keys int) float64 {
	best := math.Inf(1)
	for k := 1; k <= 64; k++ {
		r := rateOf(float64(slots), float64(keys), float64(k))
		if r > best {
			break
		}
		best = r
	}
	return best
}

// rateOf is the expected rate for k probes, E[f^k], where f is the share of
// slots set. The textbook formula E[f]^k is 5 % too low at 128 slots, because f
// varies from filter to filter; the second term of the expansion around E[f],
// with the variance of the occupancy problem, brings that to .1 % (Bose and
// others, "On the false-positive rate of Bloom filters", 2008, show the gap).
func rateOf(slots, keys, k float64) float64 {
	empty := math.Exp(k * keys * math.Log1p(-1/slots))
	pair := math.Exp(k * keys * math.Log1p(-2/slots)) // two given slots both empty
	if slots < 2 {
		return 1
	}
	variance := max(0, empty/slots+(1-1/slots)*pair-empty*empty)
	set := 1 - empty
	return min(1, math.Pow(set, k)*(1+k*(k-1)/2*variance/(set*set)))
}

// splitRate is the expected rate of a split-block filter with so many bits per
// key: a block holds a Poisson number of keys, and each sets one of the 32 bits
// of every lane (Putze, Sanders and Singler, "Cache-, hash- and space-efficient
// Bloom filters", 2009).
func splitRate(bitsPerKey float64) float64 {
	mean := 32 * lanes / bitsPerKey
	likely, clear := math.Exp(-mean), 1.0
	rate := 0.0
	for held := 0.0; held < mean+20*math.Sqrt(mean)+20; held++ {
		set := 1 - clear // the chance that a given bit of a lane is set
		two := set * set
		rate += likely * two * two * two * two
		likely *= mean / (held + 1)
		clear *= 31.0 / 32
	}
	return rate
}

// splitBits is the number of bits per key at which a split-block filter has the
// rate: 10.5 for 1 %, where a plain filter needs 9.6.
func splitBits(rate float64) float64 {
	low, high := 0.25, 256.0 // at 256 bits per key the rate is 1e-8
	for range 40 {
		if middle := (low + high) / 2; splitRate(middle) > rate {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}
