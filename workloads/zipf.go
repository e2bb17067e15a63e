package workloads

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
)

// zipf draws rank k of 1..n with probability proportional to k^-exponent and
// returns k-1. It is the rejection-inversion of Hormann and Derflinger
// ("Rejection-inversion to generate variates from monotone discrete
// distributions", ACM TOMACS 6(3), 1996): invert the integral of the density
// x^-exponent, round, and reject the sliver by which the integral over
// [k-1/2, k+1/2] exceeds the term. At most one draw in a few is rejected,
// whatever n, and no table is kept. math/rand/v2.Zipf needs an exponent above
// 1, while the skews seen in practice are just below.
//
// Ranks are not scrambled: the frequent keys are the small numbers, as ids
// handed out in order would be if the oldest were the most used. (Picking
// among loaded entries does scatter the hot ones, see picker.)
type zipf struct {
	exponent float64
	n        float64
	first    float64 // integral at the left end: 1.5, less the first term
	last     float64 // integral at n + 1/2
	sure     float64 // rounding up by no more than this is never rejected
}

func newZipf(exponent float64, n uint64) zipf {
	z := zipf{exponent: exponent, n: float64(n)}
	z.first = z.integral(1.5) - 1
	z.last = z.integral(z.n + .5)
	z.sure = 2 - z.inverse(z.integral(2.5)-z.term(2))
	return z
}

func (z zipf) next(g *rand.PCG) uint64 {
	for {
		u := z.last + unit(g)*(z.first-z.last)
		x := z.inverse(u)
		k := min(max(math.Floor(x+.5), 1), z.n)
		if k-x <= z.sure || u >= z.integral(k+.5)-z.term(k) {
			return uint64(k) - 1
		}
	}
}

// term is x^-exponent.
func (z zipf) term(x float64) float64 { return math.Exp(-z.exponent * math.Log(x)) }

// integral is (x^(1-exponent) - 1) / (1-exponent), and log x at exponent 1,
// written so that nothing cancels near 1.
func (z zipf) integral(x float64) float64 {
	l := math.Log(x)
	return expm1Over((1-z.exponent)*l) * l
}

// inverse undoes integral.
func (z zipf) inverse(y float64) float64 {
	t := max(y*(1-z.exponent), -1) // below -1 only by rounding
	return math.Exp(log1pOver(t) * y)
}

// expm1Over is (e^x - 1) / x, continued through 0.
func expm1Over(x float64) float64 {
	if math.Abs(x) > 1e-8 {
		return math.Expm1(x) / x
	}
	return 1 + x/2
}

// log1pOver is log(1 + x) / x, continued through 0.
func log1pOver(x float64) float64 {
	if math.Abs(x) > 1e-8 {
		return math.Log1p(x) / x
	}
	return 1 - x/2
}

// maxExponent bounds S: above it nearly every draw is the first rank.
const maxExponent = 100

func parseZipf(arg string) (shape, error) {
	s, err := strconv.ParseFloat(arg, 64)
	if err != nil || !(s > 0 && s <= maxExponent) {
		return shape{}, fmt.Errorf("exponent S %q is not a number above 0, at most %d", arg, maxExponent)
	}
	return shape{
		text:     "zipf:" + formatFloat(s),
		universe: true,
		start:    func(o origin) law { return newZipf(s, o.universe) },
	}, nil
}

// formatFloat writes the shortest text that reads back as f.
func formatFloat(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
