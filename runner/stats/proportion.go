package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Wilson returns the share k/n with Wilson's score interval (1927): coverage
// near the confidence on average, inside [0, 1] and useful at k = 0. Use it to
// show a rate. With n < 1, k outside [0, n] or a bad confidence the bounds are
// 0 and 1.
func Wilson(k, n int, confidence float64) Interval {
	if !validShare(k, n, confidence) {
		return noShare(k, n)
	}
	z := zQuantile((1 + confidence) / 2)
	share, size := float64(k)/float64(n), float64(n)
	shrink := 1 / (1 + z*z/size)
	centre := shrink * (share + z*z/(2*size))
	half := shrink * z * math.Sqrt(share*(1-share)/size+z*z/(4*size*size))
	in := Interval{Est: share, Lo: centre - half, Hi: centre + half, N: n}
	if k == 0 {
		in.Lo = 0 // exactly, not within rounding
	}
	if k == n {
		in.Hi = 1
	}
	return in
}

// ClopperPearson returns the share k/n with the exact interval of Clopper and
// Pearson (1934): coverage is at least the confidence for every true share,
// usually more. Use it to test a promise, such as "at most 1 % false alarms".
// With n < 1, k outside [0, n] or a bad confidence the bounds are 0 and 1.
func ClopperPearson(k, n int, confidence float64) Interval {
	if !validShare(k, n, confidence) {
		return noShare(k, n)
	}
	tail := (1 - confidence) / 2
	hits, misses := float64(k), float64(n-k)
	in := Interval{Est: hits / float64(n), Lo: 0, Hi: 1, N: n}
	if k > 0 {
		in.Lo = distuv.Beta{Alpha: hits, Beta: misses + 1}.Quantile(tail)
	}
	if k < n {
		in.Hi = distuv.Beta{Alpha: hits + 1, Beta: misses}.Quantile(1 - tail)
	}
	return in
}

func validShare(k, n int, confidence float64) bool {
	return n > 0 && k >= 0 && k <= n && validLevel(confidence)
}

// noShare is the interval of a share about which nothing is known.
func noShare(k, n int) Interval {
	est := math.NaN()
	if n > 0 && k >= 0 && k <= n {
		est = float64(k) / float64(n)
	}
	return Interval{Est: est, Lo: 0, Hi: 1, N: n}
}
