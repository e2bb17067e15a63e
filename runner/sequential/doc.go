// Package sequential decides while a measurement is still running: evidence
// that may be looked at after every observation, at no cost in false alarms.
//
// A fixed-sample test looked at again and again alarms far more often than its
// alpha. The processes here are e-processes: non-negative, and of expectation
// at most one at any stopping time when the hypothesis is true. By Ville's
// inequality the chance that one ever reaches 1/alpha is then at most alpha,
// however often and with whatever intent it is looked at.
//
// Three processes share one contract, [Process]. [TMix] tests the mean of near
// normal observations of unknown variance. [Sign] tests the median and assumes
// no shape, for wall time under load. [Both] is their average, for the log
// ratios of CPU time, one per restart, which are near normal until a neighbour
// wakes up. A [Rule] turns either into a [Verdict], a [Watch] keeps
// a verdict over a whole run, and [Remaining] forecasts the wait.
//
// Limits. Observations must be independent given the past: one per restart or
// per long batch, never one per slice, or the evidence is an illusion. TMix is
// exact for normal data; symmetric heavy tails make it cautious, and strong
// skew makes it alarm above alpha (7 % instead of 1 % for the exponential).
// Paired arms in random order save it: when nothing changed, their log ratio
// is symmetric however skewed the arms. Alpha is per row: the caller divides
// the alpha of the run by its number of rows. Observations are logarithms of
// time ratios, variant over base, so positive means slower.
package sequential

// Process is running evidence about the centre of a stream of observations.
type Process interface {
	// N is the number of observations so far.
	N() int
	// Estimate is the centre of the observations; NaN before the first.
	Estimate() float64
	// LogE is the natural logarithm of the evidence against the hypothesis
	// that the centre is m; NaN once an observation was NaN or infinite.
	LogE(m float64) float64
	// Interval is the confidence sequence at alpha: all centres against which
	// the evidence is below 1/alpha. Bounds are infinite while there are none.
	Interval(alpha float64) (lo, hi float64)
}

var (
	_ Process = (*TMix)(nil)
	_ Process = (*Sign)(nil)
	_ Process = (*Both)(nil)
)
