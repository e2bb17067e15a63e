package complexity

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// least is the relative error no point is believed to beat: without it one
// point with a lucky error of almost zero would dictate the curve.
const least = 1e-3

// Fit ranks the five classes on points at four or more distinct sizes. It
// errors on fewer, and on a point with a size outside 1 to 1e18, a time outside
// 1e-60 to 1e60, a relative error outside 0 to 1e6, or a NaN among them.
//
// Every class is fitted by weighted least squares with the points' relative
// errors, since the spread of a time grows with the time, and b >= 0, since no
// work shrinks with size. The errors of a point are its own and, added in squares,
// one common misfit, because no machine follows a textbook curve to the per
// mille its clock resolves. The coefficients are those at the least misfit that
// makes the best class agree with the data.
//
// The weights are chances, given that one of the classes is true: the likelihood
// of the points, averaged over the misfits that machines have (see typicalMisfit),
// a factor e off for every coefficient (as in Akaike's criterion), with the
// scale integrated out. The average is what a handful of points needs: two of
// three curves that happen to pass close to four points say little about how
// far from its curve the next point will lie.
//
// Rejected, by simulation at 4 to 8 sizes over a half to three decades with 2 to
// 10 % of noise: weights that take the scale from the points alone, which at four
// sizes over one decade were sure (.95) of the wrong one of n and n log n in 3 of
// 10 claims, and sure of a constant whose growth the noise had hidden; the
// small-sample correction (AICc), which is for errors estimated separately in
// each class, and called a logarithmic cost constant with weight over .95 in 35
// to 50 % of runs; leave-one-out: with geometric sizes the largest, when left
// out, decides alone.
//
// a may be negative: a cost that grows with the logarithm of n/64 is
// logarithmic too.
func Fit(points []Point) (Result, error) {
	if err := check(points); err != nil {
		return Result{}, err
	}
	classes := []Class{Constant, Logarithmic, Linear, Linearithmic, Quadratic}
	misfit := math.Inf(1)
	for _, c := range classes {
		misfit = math.Min(misfit, misfitOf(c, points))
	}
	r := Result{Misfit: misfit}
	for _, c := range classes {
		m, _, _ := fitClass(c, points, misfit)
		r.Models = append(r.Models, m)
	}
	weigh(r.Models, points)
	r.Slope, r.SlopeLo, r.SlopeHi = slope(points)
	return r, nil
}

// weigh fills in the weights and puts the models in their order.
func weigh(models []Model, points []Point) {
	logs, best, total := make([]float64, len(models)), math.Inf(-1), 0.0
	for i, m := range models {
		logs[i] = evidence(m.Class, points)
		best = math.Max(best, logs[i])
	}
	for i := range models {
		models[i].Weight = math.Exp(logs[i] - best)
		total += models[i].Weight
	}
	for i := range models {
		models[i].Weight /= total
	}
	slices.SortStableFunc(models, func(a, b Model) int { return cmp.Compare(b.Weight, a.Weight) })
}

// The misfits that are averaged over, as standard deviations of the logarithm
// around the typical one: two thirds of all lie within a factor of two of 8 %.
// A machine can be closer to a curve, but four points cannot show that it is.
const (
	typicalMisfit = .08
	misfitSpread  = math.Ln2
	misfitReach   = 3.5 // standard deviations to either side
	misfitSteps   = 20
)

// evidence is the logarithm of the likelihood of a class, averaged over the
// misfits, up to a constant that all classes share.
func evidence(c Class, points []Point) float64 {
	logs, best := make([]float64, misfitSteps+1), math.Inf(-1)
	for i := range logs {
		z := misfitReach * (2*float64(i)/misfitSteps - 1)
		misfit := typicalMisfit * math.Exp(misfitSpread*z)
		_, chi2, t := fitClass(c, points, misfit)
		scale := 0.0 // mean logarithm of the errors
		for _, p := range points {
			scale += math.Log(p.sigma(misfit)/p.Time) / float64(len(points))
		}
		logs[i] = -z*z/2 - chi2/2 - float64(len(points)-2)*scale - float64(parameters(c))
		if c != Constant {
			logs[i] += share(t)
		}
		best = math.Max(best, logs[i])
	}
	sum := 0.0
	for _, l := range logs {
		sum += math.Exp(l - best)
	}
	return best + math.Log(sum)
}

// check returns what keeps points from being fitted, if anything.
func check(points []Point) error {
	sizes := make(map[float64]bool)
	for i, p := range points {
		if !(p.N >= 1 && p.N <= 1e18) || !(p.Time >= 1e-60 && p.Time <= 1e60) || !(p.RelSE >= 0 && p.RelSE <= 1e6) {
			// Wider values overflow when squared; no clock and no memory has them.
			return fmt.Errorf("complexity: point %d has size %v, time %v, relative error %v: want a size from 1 to 1e18, "+
				"a time from 1e-60 to 1e60 and an error from 0 to 1e6; drop the point", i, p.N, p.Time, p.RelSE)
		}
		sizes[p.N] = true
	}
	if len(sizes) < 4 {
		return fmt.Errorf("complexity: %d distinct sizes: measure at least 4, better 6 over three decades", len(sizes))
	}
	return nil
}

// growth is f(n) of the class.
func (c Class) growth(n float64) float64 {
	switch c {
	case Logarithmic:
		return math.Log(n)
	case Linear:
		return n
	case Linearithmic:
		return n * math.Log(n)
	case Quadratic:
		return n * n
	}
	return 0
}

// Predict is the model's time at size n >= 1, in the unit of the points.
func (m Model) Predict(n float64) float64 {
	if m.B == 0 {
		return m.A
	}
	return m.A + m.B*m.Class.growth(n)
}

// parameters counts the coefficients of a class.
func parameters(c Class) int {
	if c == Constant {
		return 1
	}
	return 2
}

// sigma is the absolute standard error of a point given the common misfit.
func (p Point) sigma(misfit float64) float64 {
	return p.Time * math.Sqrt(p.RelSE*p.RelSE+least*least+misfit*misfit)
}

// fitClass fits one class with b >= 0 and returns it with its chi-squared, and
// with what b is in its standard errors, below 0 where the best b would be.
func fitClass(c Class, points []Point, misfit float64) (m Model, chi2, z float64) {
	m = Model{Class: c}
	var w, wf, wt float64
	for _, p := range points {
		weight := 1 / (p.sigma(misfit) * p.sigma(misfit))
		w += weight
		wf += weight * c.growth(p.N)
		wt += weight * p.Time
	}
	meanF, meanT := wf/w, wt/w
	var ff, ft float64
	for _, p := range points {
		z := (c.growth(p.N) - meanF) / p.sigma(misfit)
		ff += z * z
		ft += z * (p.Time - meanT) / p.sigma(misfit)
	}
	if ff > 0 {
		z = ft / math.Sqrt(ff)
	}
	if z > 1e-3 { // z² is what b takes off chi²; less than a millionth is rounding
		m.B = ft / ff
	}
	m.A = meanT - m.B*meanF
	for _, p := range points {
		d := (p.Time - m.Predict(p.N)) / p.sigma(misfit)
		chi2 += d * d
	}
	return m, chi2, z
}

// share is the logarithm of what the bound b >= 0 leaves of the likelihood when
// b would be z standard errors from 0: all of it far above, half at 0. Below,
// chi² is that of b = 0, and what remains falls off as 1/z.
func share(z float64) float64 {
	if z > 0 {
		return math.Log(math.Erfc(-z/math.Sqrt2) / 2)
	}
	return math.Log(erfcx(-z/math.Sqrt2) / 2)
}

// erfcx is exp(x²)·erfc(x) for x >= 0, by its asymptote where erfc vanishes.
func erfcx(x float64) float64 {
	if x > 20 {
		return 1 / (x * math.Sqrt(math.Pi))
	}
	return math.Exp(x*x) * math.Erfc(x)
}

// misfitOf is the least common relative error that brings the chi-squared of a
// class down to its degrees of freedom; 0 if the points' own errors suffice.
func misfitOf(c Class, points []Point) float64 {
	freedom := float64(len(points) - parameters(c))
	tooGood := func(misfit float64) bool {
		_, chi2, _ := fitClass(c, points, misfit)
		return chi2 <= freedom
	}
	if tooGood(0) {
		return 0
	}
	lo, hi := 0.0, least
	for !tooGood(hi) {
		lo, hi = hi, 2*hi
	}
	for range 50 {
		mid := (lo + hi) / 2
		if tooGood(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

// slope is the weighted regression of log Time on log N with its 95 % t
// interval; the points' errors are scaled up, never down, to what they scatter.
func slope(points []Point) (est, lo, hi float64) {
	var w, wx, wy float64
	for _, p := range points {
		rel := p.sigma(0) / p.Time
		w += 1 / (rel * rel)
		wx += math.Log(p.N) / (rel * rel)
		wy += math.Log(p.Time) / (rel * rel)
	}
	var xx, xy, chi2 float64
	for _, p := range points {
		rel := p.sigma(0) / p.Time
		x := (math.Log(p.N) - wx/w) / rel
		xx += x * x
		xy += x * (math.Log(p.Time) - wy/w) / rel
	}
	est = xy / xx
	for _, p := range points {
		z := (math.Log(p.Time) - wy/w - est*(math.Log(p.N)-wx/w)) * p.Time / p.sigma(0)
		chi2 += z * z
	}
	freedom := float64(len(points) - 2)
	t := distuv.StudentsT{Sigma: 1, Nu: freedom}.Quantile(.975)
	half := t * math.Sqrt(math.Max(1, chi2/freedom)/xx)
	return est, est - half, est + half
}
