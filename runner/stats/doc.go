// Package stats holds the fixed-sample statistics of a measurement: location,
// intervals, variance components and the budget they call for.
//
// Everything here is a pure function of its arguments: no input, clock or
// randomness, and no argument is modified. Values carry whatever unit the
// caller's samples have; the runner passes logarithms of time ratios, one per
// restart, so a difference of .01 reads as about one per cent.
//
// Limits first. The t intervals assume independent observations: one number
// per restart, never one per slice of the same process. No function here may
// be looked at again after every new observation until it pleases; package
// sequential exists for that. Samples holding a NaN give NaN estimates and
// infinite bounds, and too small samples give infinite bounds, so that a
// careless caller sees "nothing known" and never a false certainty.
// encoding/json refuses infinities: writers must map them.
package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Interval is an estimate with its two-sided confidence bounds, all in the
// unit of the sample, and the number of observations behind it. Bounds are
// infinite where the sample is too small to give any.
type Interval struct {
	Est, Lo, Hi float64
	N           int
}

// unbounded returns the interval that claims nothing but its estimate.
func unbounded(est float64, n int) Interval {
	return Interval{Est: est, Lo: math.Inf(-1), Hi: math.Inf(1), N: n}
}

// around returns est ± t·se with df degrees of freedom. A zero se needs no
// quantile: every observation agreed, and Inf·0 would be a NaN.
func around(est, se, df, confidence float64, n int) Interval {
	switch {
	case !validLevel(confidence) || !(df > 0) && se != 0:
		return unbounded(est, n)
	case math.IsNaN(est) || math.IsInf(est, 0) || math.IsNaN(se) || math.IsInf(se, 0):
		return unbounded(math.NaN(), n)
	case se == 0:
		return Interval{Est: est, Lo: est, Hi: est, N: n}
	}
	half := se * -tQuantile((1-confidence)/2, df) // the lower tail keeps its digits near confidence 1
	return Interval{Est: est, Lo: est - half, Hi: est + half, N: n}
}

// validLevel reports whether a confidence, alpha or power lies inside (0, 1).
func validLevel(p float64) bool { return p > 0 && p < 1 }

// tQuantile is Student's t quantile at p with df degrees of freedom.
//
// Many degrees of freedom use the expansion about the normal quantile
// (Abramowitz and Stegun 26.7.5), exact to 7 digits there: the library's
// inverse of the incomplete beta fails on far tails (-258 for -6.1 at df 10⁶
// and p = 5·10⁻¹⁰).
func tQuantile(p, df float64) float64 {
	if df <= 1000 {
		return distuv.StudentsT{Sigma: 1, Nu: df}.Quantile(p)
	}
	z := zQuantile(p)
	z2 := z * z
	first := (z2 + 1) / 4
	second := ((5*z2+16)*z2 + 3) / 96
	third := (((3*z2+19)*z2+17)*z2 - 15) / 384
	return z * (1 + (first+(second+third/df)/df)/df)
}

// zQuantile is the standard normal quantile at p.
func zQuantile(p float64) float64 { return distuv.UnitNormal.Quantile(p) }
