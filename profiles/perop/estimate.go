package perop

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"assay/runner/stats"
)

// priorDF is how much the scatter of all functions together counts in the
// variance of one, in degrees of freedom. A pass of 50 ms has ten samples, whose
// scatter is chance and the same for all; with hundreds of samples a pass there
// are restarts enough to outweigh it.
const priorDF = 20

// estimate is a cost per operation with its moderated variance.
type estimate struct {
	value, variance, df float64
	n                   int
}

// meanOf is the mean of one number per restart.
func meanOf(xs []float64) estimate {
	n := float64(len(xs))
	e := estimate{value: sum(xs) / n, variance: math.Inf(1), df: 1, n: len(xs)}
	if n < 2 {
		return e
	}
	var squares float64
	for _, x := range xs {
		squares += (x - e.value) * (x - e.value)
	}
	e.variance, e.df = squares/(n-1)/n, n-1
	return e
}

// estimate is what a function with these samples per restart costs: its share of
// the samples times the cost of the operation. The variance of the share is that
// of the linearised ratio over restarts, drawn towards chance's.
func (t *counts) estimate(x []float64) estimate {
	n := float64(len(t.volume))
	if t.sum == 0 && t.whole.variance == 0 {
		return t.whole
	}
	if t.sum == 0 || math.IsInf(t.whole.variance, 1) {
		return estimate{n: len(t.volume), variance: math.Inf(1), df: 1}
	}
	p := sum(x) / t.sum
	var squares float64
	for r, v := range t.volume {
		u := -p * v
		if x != nil {
			u += x[r]
		}
		squares += u * u
	}
	seen := squares * n / math.Max(1, n-1) / (t.sum * t.sum)
	df := priorDF + n - 1
	shares := (priorDF*t.spread*t.chance(p) + (n-1)*seen) / df
	of := estimate{value: p * t.whole.value, variance: t.whole.value * t.whole.value * shares, df: df, n: t.whole.n}
	return of.plus(0, p*p*t.whole.variance, t.whole.df)
}

// chance is the variance of a function's share that comes from the number of
// samples alone. One sample more on either side keeps a function that was never
// seen from being known to cost nothing (Agresti and Caffo 2000).
func (t *counts) chance(p float64) float64 {
	n := t.sum / t.quantum
	p = (p*n + 1) / (n + 2)
	return p * (1 - p) / (n + 2)
}

// scatter compares how the samples of all functions scatter over restarts with
// what chance would do (Pearson's statistic over its degrees of freedom), at
// least 1: fewer is luck.
func (t *counts) scatter() float64 {
	if t.sum == 0 || len(t.volume) < 2 {
		return 1
	}
	var chi float64
	functions := 0
	for _, x := range t.own {
		p := sum(x) / t.sum
		functions++
		for r, v := range t.volume {
			if expected := p * v; expected > 0 {
				chi += (x[r] - expected) * (x[r] - expected) / (expected * t.quantum)
			}
		}
	}
	df := float64((functions - 1) * (len(t.volume) - 1))
	if df <= 0 {
		return 1
	}
	return math.Max(1, chi/df)
}

func (e estimate) interval() stats.Interval { return e.at(confidence) }

func (e estimate) at(level float64) stats.Interval {
	if math.IsInf(e.variance, 1) {
		return stats.Interval{Est: e.value, Lo: math.Inf(-1), Hi: math.Inf(1), N: e.n}
	}
	half := math.Sqrt(e.variance) * distuv.StudentsT{Sigma: 1, Nu: e.df}.Quantile(1-(1-level)/2)
	return stats.Interval{Est: e.value, Lo: e.value - half, Hi: e.value + half, N: e.n}
}

// minus is b - a.
func (b estimate) minus(a estimate) estimate { //nolint:revive // reads as the formula does
	d := b.plus(-a.value, a.variance, a.df)
	d.n = min(a.n, b.n)
	return d
}

// plus adds an independent estimate, with Welch's and Satterthwaite's degrees of
// freedom.
func (e estimate) plus(value, variance, df float64) estimate {
	sum := estimate{value: e.value + value, variance: e.variance + variance, df: max(e.df, df), n: e.n}
	if w := e.variance*e.variance/e.df + variance*variance/df; w > 0 && !math.IsInf(w, 1) {
		sum.df = sum.variance * sum.variance / w
	}
	return sum
}

// chanceOf is the two-sided probability of a difference at least as large where
// there is none.
func (e estimate) chanceOf() float64 {
	switch {
	case math.IsInf(e.variance, 1) || math.IsNaN(e.variance):
		return 1
	case e.variance == 0 && e.value == 0:
		return 1
	case e.variance == 0:
		return 0
	}
	return 2 * distuv.StudentsT{Sigma: 1, Nu: e.df}.CDF(-math.Abs(e.value)/math.Sqrt(e.variance))
}
