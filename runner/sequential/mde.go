package sequential

import "math"

// upperFifth is the standard normal quantile at .8, the customary power.
const upperFifth = 0.84

// MDE is the minimum detectable effect: the smallest true centre that evidence
// like this finds at alpha four times in five, in the unit of the observations.
// An effect is found when the confidence sequence excludes zero, so it must be
// half the sequence's width and .84 standard errors more. (A fixed-sample t test
// on as many observations would boast of 1.3 times less.) It is infinite while
// the sequence has no bounds.
func MDE(p *Both, alpha float64) float64 {
	lo, hi := p.Interval(alpha)
	return (hi-lo)/2 + upperFifth*p.SD()/math.Sqrt(float64(p.N()))
}
