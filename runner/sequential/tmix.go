package sequential

import "math"

// defaultPrior is the mixture's c: standardised effects of about 1/sqrt(c) = 2
// are expected, since benchmark effects that matter are large against the
// spread of restarts. In simulation (alpha .01, at most 40 observations) c = 1
// finds an effect of .5 sd in 33 % instead of 27 %, and .25 is quicker from 1.5
// sd on, where whole runs are saved: 11.4 observations instead of 11.7, and
// 14.2 at c = 4. Below .25 both get worse.
const defaultPrior = .25

// TMix is the t-mixture e-process: with S = sum(x-m), V = sum(x-m)² it is
//
//	E = sqrt(c/(n+c)) · ((n+c)V / ((n+c)V - S²))^(n/2)
//
// the likelihood ratio of a normal mixture over mean/sd, N(0, 1/c), against
// mean m, invariant to scale, so no variance needs to be known (Wang and
// Ramdas 2023, "Anytime-valid t-tests and confidence sequences for Gaussian
// means with unknown variance", after Lai 1976). Only the running mean and the
// centred sum of squares are kept, so any m may be asked at any time: S =
// n(mean-m) and V = Q + n(mean-m)², which also avoids the cancellation of the
// raw sums. The zero value is ready to use. Its methods allocate nothing.
type TMix struct {
	// Prior is c > 0, set before the first look and never changed after:
	// choosing it by the data voids the guarantee. Zero means .25.
	Prior float64

	n       int
	mean, q float64 // Welford's running mean and centred sum of squares
}

// Add takes one observation. A NaN or an infinity poisons the process: LogE is
// NaN from then on, the interval infinite and every verdict Undecided, because
// dropping an observation quietly would be choosing the data.
func (t *TMix) Add(x float64) {
	t.n++
	if t.n == 1 {
		t.mean, t.q = x, x-x // NaN unless x is finite
		return
	}
	d := x - t.mean
	t.mean += d / float64(t.n)
	t.q += d * (x - t.mean)
}

// N is the number of observations so far.
func (t *TMix) N() int { return t.n }

// Estimate is the mean; NaN before the first observation.
func (t *TMix) Estimate() float64 {
	if t.n == 0 || math.IsNaN(t.q) {
		return math.NaN()
	}
	return t.mean
}

// SD is the sample standard deviation; NaN below two observations.
func (t *TMix) SD() float64 {
	if t.n < 2 {
		return math.NaN()
	}
	return math.Sqrt(t.q / float64(t.n-1))
}

// LogE is the log evidence against mean m. It is 0 before any observation.
func (t *TMix) LogE(m float64) float64 {
	return logMix(float64(t.n), t.q, t.mean-m, t.prior())
}

// Interval is the confidence sequence at alpha, symmetric about the mean: the
// inequality E(m) < 1/alpha is quadratic in m. At alpha .01 and the default
// prior it is infinite below 5 observations.
func (t *TMix) Interval(alpha float64) (lo, hi float64) {
	n, c := float64(t.n), t.prior()
	// E < 1/alpha  <=>  (Q + n·d²) / (Q + n·d²·c/(n+c)) < r
	r := math.Exp((2*math.Log(1/alpha) + math.Log((n+c)/c)) / n)
	room := 1 - r*c/(n+c)
	if t.n < 2 || !(alpha > 0 && alpha < 1) || !(room > 0) || math.IsNaN(t.q) {
		return math.Inf(-1), math.Inf(1)
	}
	half := math.Sqrt((r - 1) * t.q / (n * room))
	return t.mean - half, t.mean + half
}

func (t *TMix) prior() float64 {
	if t.Prior == 0 {
		return defaultPrior
	}
	return t.Prior
}

// logMix is the log of E for n observations with centred sum of squares q and
// mean d away from the hypothesis.
//
// When every observation equals the hypothesis (q = d = 0) the ratio is 0/0.
// It counts as 1, the value for d = 0 at every other q, so E falls as
// 1/sqrt(n): no evidence against, and growing reluctance. Equal observations
// off the hypothesis reach the largest E the n allows, ((n+c)/c)^((n-1)/2).
func logMix(n, q, d, c float64) float64 {
	if n == 0 {
		return 0
	}
	logPrior := math.Log(c/(n+c)) / 2
	if d == 0 {
		return logPrior
	}
	// Scaled by d, so that tiny and huge units do not underflow.
	spread := q / d / d
	explained := n * n / (n + c) / (spread + n*c/(n+c))
	return logPrior + n/2*math.Log1p(explained)
}
