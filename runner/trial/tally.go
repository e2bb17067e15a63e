package trial

import "math"

// Tally summarises the observations of one unit in constant space (Welford 1962).
type Tally struct {
	N      int     `json:"n"`
	Mean   float64 `json:"mean"`
	M2     float64 `json:"m2"` // sum of squared deviations from the mean
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Better string  `json:"better,omitempty"`
}

func (t *Tally) add(x float64) {
	if t.N == 0 {
		t.Min, t.Max = x, x
	}
	t.N++
	d := x - t.Mean
	t.Mean += d / float64(t.N)
	t.M2 += d * (x - t.Mean)
	t.Min, t.Max = math.Min(t.Min, x), math.Max(t.Max, x)
}

// SD is the standard deviation of a sample; 0 below two observations.
func (t Tally) SD() float64 {
	if t.N < 2 {
		return 0
	}
	return math.Sqrt(t.M2 / float64(t.N-1))
}
