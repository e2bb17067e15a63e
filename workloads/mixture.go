package workloads

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"strings"
)

// maxBuckets bounds a mixture, so that a draw stays a short loop.
const maxBuckets = 64

// mixture picks a bucket by weight and draws uniformly below a power of two.
type mixture struct {
	// until[i] is where bucket i ends on the scale [0, 2^64), rounded down;
	// the last bucket has none, it takes the rest. Rounding moves a
	// probability by at most 2^-64.
	until []uint64
	shift []uint8 // 64 - BITS
}

// next counts the ends at or below a draw without branching: the buckets are
// in random order by nature, and a mispredicted branch costs more than the
// few additions.
func (m mixture) next(g *rand.PCG) uint64 {
	x, bucket := g.Uint64(), uint64(0)
	for _, end := range m.until {
		_, less := bits.Sub64(x, end, 0)
		bucket += 1 - less
	}
	return g.Uint64() >> m.shift[bucket]
}

func parseMixture(arg string) (shape, error) {
	parts := strings.Split(arg, "+")
	if len(parts) > maxBuckets {
		return shape{}, fmt.Errorf("%d buckets, at most %d", len(parts), maxBuckets)
	}
	var m mixture
	var weights []uint64
	var canonical []string
	largest, total := uint64(0), uint64(0)
	for _, part := range parts {
		weight, width, err := parseBucket(part)
		if err != nil {
			return shape{}, err
		}
		total += weight
		weights = append(weights, weight)
		m.shift = append(m.shift, uint8(64-width))
		largest = max(largest, math.MaxUint64>>(64-width))
		canonical = append(canonical, fmt.Sprintf("%d@%d", weight, width))
	}
	m.until = ends(weights, total)
	return shape{
		text:    "mixture:" + strings.Join(canonical, "+"),
		largest: largest,
		start:   func(origin) law { return m },
	}, nil
}

// parseBucket reads W@BITS.
func parseBucket(text string) (weight, width uint64, err error) {
	w, b, ok := strings.Cut(text, "@")
	if !ok {
		return 0, 0, fmt.Errorf("%q has no \"@\" between W and BITS", text)
	}
	weight, err = parseNumber(w)
	if err != nil || weight < 1 || weight > math.MaxUint32 {
		return 0, 0, fmt.Errorf("weight W %q is not a number from 1 to 4294967295", w)
	}
	width, err = parseBits(b)
	if err != nil {
		return 0, 0, err
	}
	return weight, width, nil
}

// ends returns floor(2^64 * (w[0]+...+w[i]) / total) for all but the last,
// as a 128-bit division whose low word is 0.
func ends(weights []uint64, total uint64) []uint64 {
	var until []uint64
	sum := uint64(0)
	for _, w := range weights[:len(weights)-1] {
		sum += w
		end, _ := bits.Div64(sum, 0, total)
		until = append(until, end)
	}
	return until
}
