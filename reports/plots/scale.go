package plots

import (
	"math"
	"strconv"
	"strings"

	"assay/reports/words"
)

// scale maps values to points along one axis. A logarithmic scale holds only
// positive values; fit refuses to make another.
type scale struct {
	lo, hi   float64 // values at the ends
	from, to float64 // points
	log      bool
}

// fit makes a scale that holds all finite values (positive ones, if
// logarithmic) with a margin of its length on both sides; ok is false where
// there is none.
func fit(log bool, margin float64, values ...float64) (s scale, ok bool) {
	s = scale{lo: math.Inf(1), hi: math.Inf(-1), log: log}
	for _, v := range values {
		if good(v) && (!log || loggable(v)) {
			s.lo, s.hi = math.Min(s.lo, v), math.Max(s.hi, v)
		}
	}
	if s.lo > s.hi {
		return scale{}, false
	}
	if !log {
		d := s.hi - s.lo
		if d == 0 {
			d = math.Max(math.Abs(s.hi), 1) * 0.1
		}
		s.lo, s.hi = s.lo-margin*d, s.hi+margin*d
		return s, true
	}
	d := math.Max(s.hi/s.lo, 1.02)
	f := math.Pow(d, margin)
	s.lo, s.hi = s.lo/f, s.hi*f
	return s, true
}

// good says whether a value can be drawn. The limit of 1e30 is beyond anything
// measured and keeps ratios of two values, and powers of ten, finite.
func good(v float64) bool { return !math.IsNaN(v) && math.Abs(v) < 1e30 }

// loggable says whether a value can be drawn on a logarithmic scale.
func loggable(v float64) bool { return v > 1e-30 && good(v) }

// at is the point of a value; values outside stand on the border.
func (s scale) at(v float64) float64 {
	v = math.Max(s.lo, math.Min(s.hi, v))
	f := (v - s.lo) / (s.hi - s.lo)
	if s.log {
		f = math.Log(v/s.lo) / math.Log(s.hi/s.lo)
	}
	return s.from + f*(s.to-s.from)
}

// holds says whether a value lies on the scale.
func (s scale) holds(v float64) bool { return v >= s.lo && v <= s.hi }

// marks chooses round values no closer than gap points. A logarithmic scale
// takes the coarsest of 1-2-5, 1-1.5-2-3-5-7 and plain steps that gives four.
func (s scale) marks(gap float64) []float64 {
	if s.log {
		for _, set := range [][]float64{{1}, {1, 2, 5}, {1, 1.5, 2, 3, 5, 7}} {
			if m := s.apart(s.decades(set), gap); len(m) >= 4 {
				return m
			}
		}
	}
	room := math.Max(2, math.Abs(s.to-s.from)/gap)
	for ; s.log && room > 2; room-- { // equal steps crowd towards the high end: widen them until all fit
		if m := s.steps(room); len(s.apart(m, gap)) == len(m) {
			return m
		}
	}
	return s.apart(s.steps(room), gap)
}

func (s scale) decades(set []float64) []float64 {
	out := []float64{}
	for e := math.Floor(math.Log10(s.lo)); e <= math.Ceil(math.Log10(s.hi)); e++ {
		for _, m := range set {
			if v := m * math.Pow(10, e); s.holds(v) {
				out = append(out, v)
			}
		}
	}
	return out
}

// steps are multiples of 1, 2 or 5 times a power of ten, at most room of them.
func (s scale) steps(room float64) []float64 {
	raw := (s.hi - s.lo) / room
	unit := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * unit
	for _, m := range []float64{1, 2, 5} {
		if m*unit >= raw {
			step = m * unit
			break
		}
	}
	out := []float64{}
	for i := math.Ceil(s.lo / step); i*step <= s.hi && len(out) < 100; i++ {
		out = append(out, i*step)
	}
	return out
}

// apart drops values whose points are closer than gap to the one before.
func (s scale) apart(values []float64, gap float64) []float64 {
	out := []float64{}
	for _, v := range values {
		if len(out) == 0 || math.Abs(s.at(v)-s.at(out[len(out)-1])) >= gap {
			out = append(out, v)
		}
	}
	return out
}

// plain prints a tick: 0.8, 1500, 20k.
func plain(v float64) string {
	a := math.Abs(v)
	switch {
	case a >= 1e6:
		return short(v/1e6) + "M"
	case a >= 1e4:
		return short(v/1e3) + "k"
	}
	return short(v)
}

func short(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }

// nanos prints a time tick: "20 ns", "1.5 ms".
func nanos(v float64) string {
	c := words.NewColumn("ns/x", false, []float64{v})
	factor := map[string]float64{"ns/x": 1, "µs/x": 1e3, "ms/x": 1e6, "s/x": 1e9}[c.Title]
	if factor == 0 {
		return short(v) + " ns"
	}
	return short(v/factor) + " " + strings.TrimSuffix(c.Title, "/x")
}
