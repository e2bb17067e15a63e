package sequential

import "math"

// hopeless is the number of observations past which a wait counts as endless.
const hopeless = 1e12

// Remaining forecasts how many further observations a [TMix] with the default
// prior needs until a [Rule] with this alpha and threshold decides, if the mean
// and standard deviation stay exactly as they are after n observations. It is
// 0 when the evidence suffices now and +Inf when it will not decide: below two
// observations, with a mean exactly on nothing (zero mean and threshold), or
// beyond 1e12.
//
// It is a forecast by plugging in, not a promise: near zero or near the
// threshold the real wait scatters widely. Compare it with the budget to give
// up early on rows that cannot be decided in it; giving up never makes a false
// alarm.
func Remaining(mean, sd float64, n int, alpha, threshold float64) float64 {
	// Reaching the threshold, zero must be rejected; within it, the nearer of
	// the two thresholds, whose rejection implies the other's.
	distance := math.Abs(mean)
	if distance < threshold {
		distance = threshold - distance
	}
	if n < 2 || !(alpha > 0 && alpha < 1) || !(sd >= 0) || !(distance > 0) || !(threshold >= 0) ||
		math.IsInf(sd, 0) || math.IsInf(distance, 0) {
		return math.Inf(1)
	}
	limit := math.Log(1 / alpha)
	enough := func(n float64) bool {
		return logMix(n, (n-1)*sd*sd, distance, defaultPrior) >= limit
	}
	// The evidence first falls, then rises for good, and it is below the limit
	// now: so it crosses once.
	if enough(float64(n)) {
		return 0
	}
	lo, hi := float64(n), 2*float64(n)
	for !enough(hi) {
		if hi > hopeless {
			return math.Inf(1)
		}
		lo, hi = hi, 2*hi
	}
	for hi-lo > 1 {
		mid := math.Floor((lo + hi) / 2)
		if enough(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi - float64(n)
}
