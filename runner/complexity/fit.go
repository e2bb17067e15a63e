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
// work shrinks with size; a class whose best b is 0 is the constant over again
// and weighs nothing. The errors of a point are its own and, added in squares,
// one common misfit: the least that makes the best class agree with the data.
// Without it the certainties would be absurd, because no machine follows a
// textbook curve to the per mille its clock resolves.
//
// The classes are ranked by the Akaike criterion, turned into weights (Burnham
// and Anderson 2002, section 2.9). While the points' own errors explain the
// best fit, it is chi² + 2k. Once the misfit had to be estimated it is
// (n-2)·ln chi² + 2k, the likelihood with the unknown scale integrated out:
// less sure, as it should be of an error guessed from a handful of points.
//
// Rejected, by simulation with 5 % noise at four sizes from 1000 to 3000: the
// small-sample correction (AICc), which is for errors estimated separately in
// each class and here called a logarithmic cost constant with weight over .95
// in 35 to 50 % of runs (this: 1 %); chi² + 2k throughout, sure and wrong about
// a line in 6 % (this: 1 %). Leave-one-out: with geometric sizes the largest,
// when left out, decides alone.
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
		m, chi2 := fitClass(c, points, misfit)
		m.AIC = criterion(chi2, parameters(c), len(points), misfit > 0)
		r.Models = append(r.Models, m)
	}
	weigh(r.Models)
	r.Slope, r.SlopeLo, r.SlopeHi = slope(points)
	return r, nil
}

// weigh fills in the Akaike weights and puts the models in their order.
func weigh(models []Model) {
	best, total := math.Inf(1), 0.0
	for _, m := range models {
		best = math.Min(best, m.AIC)
	}
	for i := range models {
		if m := &models[i]; m.Class == Constant || m.B > 0 {
			m.Weight = math.Exp((best - m.AIC) / 2)
			total += m.Weight
		}
	}
	for i := range models {
		models[i].Weight /= total
	}
	slices.SortStableFunc(models, func(a, b Model) int { return cmp.Compare(b.Weight, a.Weight) })
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

// criterion is the AIC of k coefficients on n points, up to a constant that all
// classes share; estimated says that the scale of the errors came from the
// same points.
func criterion(chi2 float64, k, n int, estimated bool) float64 {
	if estimated {
		return float64(n-2)*math.Log(chi2) + 2*float64(k)
	}
	return chi2 + 2*float64(k)
}

// sigma is the absolute standard error of a point given the common misfit.
func (p Point) sigma(misfit float64) float64 {
	return p.Time * math.Sqrt(p.RelSE*p.RelSE+least*least+misfit*misfit)
}

// fitClass fits one class and returns it with its chi-squared.
func fitClass(c Class, points []Point, misfit float64) (m Model, chi2 float64) {
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
	// ft²/ff is what b takes off chi²; less than a millionth is rounding.
	if ft > 0 && ft*ft > 1e-6*ff {
		m.B = ft / ff
	}
	m.A = meanT - m.B*meanF
	for _, p := range points {
		z := (p.Time - m.Predict(p.N)) / p.sigma(misfit)
		chi2 += z * z
	}
	return m, chi2
}

// misfitOf is the least common relative error that brings the chi-squared of a
// class down to its degrees of freedom; 0 if the points' own errors suffice.
func misfitOf(c Class, points []Point) float64 {
	freedom := float64(len(points) - parameters(c))
	tooGood := func(misfit float64) bool {
		_, chi2 := fitClass(c, points, misfit)
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
