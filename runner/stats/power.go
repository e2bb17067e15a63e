package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat/distuv"
)

// MDE returns the minimum detectable effect: the smallest true mean, in the
// unit of sd, that a two-sided one-sample t test at alpha on n observations
// with standard deviation sd finds with the given power (.8 is customary). It
// uses the noncentral t distribution, so it holds for small n too. It is +Inf
// below two observations and for an alpha or power outside (0, 1), and 0 when
// power is not above alpha, since chance alone then finds that much.
//
// sd is taken as the truth. Plugging in a sample's own sd gives the effect
// that sample could have shown, give or take the error of sd itself (about
// 1/sqrt(2n) of it).
func MDE(sd float64, n int, alpha, power float64) float64 {
	if n < 2 || !validLevel(alpha) || !validLevel(power) || math.IsNaN(sd) || sd < 0 {
		return math.Inf(1)
	}
	if sd == 0 || power <= alpha {
		return 0
	}
	df := float64(n - 1)
	critical := -tQuantile(alpha/2, df) // the lower tail keeps its digits when alpha is tiny
	lo, hi := 0.0, 1.0
	for tPower(critical, df, hi) < power {
		if hi > 1e9 { // two or three observations cannot meet such an alpha
			return math.Inf(1)
		}
		lo, hi = hi, 2*hi
	}
	for range 45 {
		mid := (lo + hi) / 2
		if tPower(critical, df, mid) < power {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi * sd / math.Sqrt(float64(n))
}

// tPower returns the chance that a noncentral t variate with df degrees of
// freedom and the given shift lies outside ±critical, by integrating over its
// normal part: E[P(chi² < df·(z+shift)²/critical²)].
//
// Not the library's NoncentralT: its series (AS 243) underflows at few degrees
// of freedom (n = 2 at alpha .01 needs a shift of 82, and exp(-shift²/2) is
// zero). Where the series works, the two agree to 8 digits.
func tPower(critical, df, shift float64) float64 {
	spread := distuv.ChiSquared{K: df}
	found := func(z float64) float64 {
		edge := (z + shift) / critical
		return spread.CDF(df*edge*edge) * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
	}
	// The chi² rises from 0 to 1 within this of each critical value, and the
	// integrand has a kink where z+shift changes sign: cut there.
	rise := 12 * critical / math.Sqrt(2*df)
	cuts := []float64{-9, -critical - rise - shift, -critical + rise - shift, -shift, critical - rise - shift, critical + rise - shift, 9}
	for i := range cuts {
		cuts[i] = min(max(cuts[i], -9), 9)
	}
	slices.Sort(cuts)
	power := 0.0
	for i := 1; i < len(cuts); i++ {
		if cuts[i] > cuts[i-1] {
			power += quad.Fixed(found, cuts[i-1], cuts[i], 80, quad.Legendre{}, 0)
		}
	}
	return power
}
