package workloads

import (
	"math"
	"math/rand/v2"
)

// A picker draws positions of the population, under the law of access=.
type picker struct {
	law    law
	n      uint64
	stride uint64
}

// newPicker makes the picker for n positions; access is "" or canonical.
func newPicker(access string, n uint64) picker {
	switch access {
	case "", "uniform":
		return picker{uniform{0, n}, n, 1}
	case "sequential":
		return picker{&sequential{}, n, 1}
	}
	ranked, err := parseShape(access)
	if err != nil {
		panic("workloads: access was not checked by Parse: " + err.Error())
	}
	return picker{ranked.start(origin{universe: n}), n, scatter(n)}
}

// next turns a rank into a position. Positions step by a stride that shares
// no factor with n, a bijection: the hot ranks lie evenly over the whole
// population. Rank for position was rejected: what is loaded first shares the
// first page or the first flushed table, so all the heat would land there.
// Position 0 is the hottest for every seed.
func (p *picker) next(g *rand.PCG) uint64 {
	return p.law.next(g) * p.stride % p.n
}

// scatter returns the stride nearest below n divided by the golden ratio,
// whose multiples are the most evenly spread, that shares no factor with n.
// n is at most 2^30, so that products fit.
func scatter(n uint64) uint64 {
	stride := max(uint64(float64(n)/math.Phi), 1)
	for gcd(stride, n) != 1 {
		stride--
	}
	return stride
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
