package sequential

import (
	"math"
	"slices"
	"sort"
)

// Sign is the sign e-process about the median: of the observations not equal
// to m, k lie above and the rest below, each way with chance one half if m is
// the median, and
//
//	E = 2^n · B(k+½, n-k+½) / B(½, ½)
//
// is what a gambler on the next sign wins whose bets follow the signs so far
// (Krichevsky and Trofimov 1981; a Beta(½, ½) mixture of likelihood ratios).
// It needs no shape, no mean and no variance, only independent signs, so it
// suits wall time under load; in return ten observations on one side are the
// least that reach alpha .01. The prior ½ puts weight on lopsided signs, which
// is what a real difference of paired arms looks like.
//
// Observations are kept in order, so that any m may be asked: Add costs one
// insertion, LogE a binary search. The zero value is ready to use.
type Sign struct {
	sorted   []float64
	poisoned bool
}

// Add takes one observation. Infinities have a sign and are welcome; a NaN
// poisons the process, as in [TMix.Add].
func (s *Sign) Add(x float64) {
	if math.IsNaN(x) {
		s.poisoned = true
	}
	at, _ := slices.BinarySearch(s.sorted, x)
	s.sorted = slices.Insert(s.sorted, at, x)
}

// N is the number of observations so far.
func (s *Sign) N() int { return len(s.sorted) }

// Estimate is the median; NaN before the first observation.
func (s *Sign) Estimate() float64 {
	n := len(s.sorted)
	if n == 0 || s.poisoned {
		return math.NaN()
	}
	lo, hi := s.sorted[(n-1)/2], s.sorted[n/2]
	if lo == hi { // also keeps equal infinities from Inf-Inf
		return lo
	}
	return lo + (hi-lo)/2
}

// LogE is the log evidence against median m. It is 0 before any observation.
// Observations equal to m are left out: a tie speaks for neither side.
func (s *Sign) LogE(m float64) float64 {
	if s.poisoned || math.IsNaN(m) {
		return math.NaN()
	}
	below := sort.SearchFloat64s(s.sorted, m)
	above := sort.Search(len(s.sorted), func(i int) bool { return s.sorted[i] > m })
	return logKT(below, len(s.sorted)-above)
}

// Interval is the confidence sequence at alpha, between two observations. It
// is closed: a centre equal to its end counts as not rejected, even where LogE,
// which leaves out the ties there, would reject it.
func (s *Sign) Interval(alpha float64) (lo, hi float64) {
	n, limit := len(s.sorted), math.Log(1/alpha)
	// Medians with at most j observations on one side are rejected; the
	// evidence falls as j grows to n/2.
	rejected := sort.Search(n/2, func(j int) bool { return logKT(j, n-j) < limit })
	if rejected == 0 || !(alpha > 0 && alpha < 1) || s.poisoned {
		return math.Inf(-1), math.Inf(1)
	}
	return s.sorted[rejected-1], s.sorted[n-rejected]
}

// logKT is the log of the evidence of a observations on one side and b on the
// other.
func logKT(a, b int) float64 {
	n := float64(a + b)
	la, _ := math.Lgamma(float64(a) + .5)
	lb, _ := math.Lgamma(float64(b) + .5)
	ln, _ := math.Lgamma(n + 1)
	return n*math.Ln2 + la + lb - ln - math.Log(math.Pi) // B(½, ½) is pi
}
