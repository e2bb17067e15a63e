// Package sweep finds what a run counted over the values of a swept field:
// entries, rates, bits, where package digest has one value at a time.
package sweep

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"assay/runner/result"
)

// Table is an exact unit of one operation over the values of a swept field.
type Table struct {
	result.Key // without the swept field
	Unit       string
	Better     string
	Field      string
	At         []float64 // values of the field, ascending
	Rows       []Row
}

// Row is one variant of a Table; NaN where a value was not measured.
type Row struct {
	Variant string
	Means   []float64 // as long as At
}

// constant is the relative change over a sweep up to which a unit does not
// depend on the swept field.
const constant = 0.01

// Tables finds what was counted at every value of a sweep. A unit that is the
// same at all of them, for all variants, is left out: it has no curve.
func Tables(r result.Result) []Table {
	out := []Table{}
	for _, c := range r.Curves {
		for _, p := range c.Points {
			for _, x := range r.Cases {
				if x.Family != c.Family || x.Op != c.Op || x.Variant != c.Variant || x.Scenario != "" || !at(x.Workload, c, p.N) {
					continue
				}
				out = collect(out, axis(r, c), c, x, p.N)
			}
		}
	}
	out = slices.DeleteFunc(out, func(s Table) bool {
		return !slices.ContainsFunc(s.Rows, func(r Row) bool { return varies(r.Means) })
	})
	slices.SortStableFunc(out, func(a, b Table) int { return strings.Compare(a.Unit, b.Unit) })
	return out
}

// at says that a workload is that of a curve at one value of its field.
func at(workload string, c result.Curve, n float64) bool {
	rest, ok := strings.CutPrefix(workload, fmt.Sprintf("%s,%s=%.0f", c.Workload, c.Field, n))
	return ok && (rest == "" || rest[0] == ',')
}

// axis is every value of the field at which some variant was measured.
func axis(r result.Result, like result.Curve) []float64 {
	var all []float64
	for _, c := range r.Curves {
		for _, p := range c.Points {
			if c.Family == like.Family && c.Op == like.Op && c.Workload == like.Workload && c.Field == like.Field {
				all = append(all, p.N)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// collect adds the exact units of a case as the point of its curve at n.
func collect(all []Table, axis []float64, c result.Curve, x result.Case, n float64) []Table {
	for unit, u := range x.Units {
		if !u.Exact {
			continue
		}
		k := result.Key{Family: c.Family, Op: c.Op, Workload: c.Workload}
		t := slices.IndexFunc(all, func(s Table) bool { return s.Key == k && s.Unit == unit && s.Field == c.Field })
		if t < 0 {
			t = len(all)
			all = append(all, Table{Key: k, Unit: unit, Better: u.Better, Field: c.Field, At: axis})
		}
		s := &all[t]
		v := slices.IndexFunc(s.Rows, func(r Row) bool { return r.Variant == c.Variant })
		if v < 0 {
			v = len(s.Rows)
			s.Rows = append(s.Rows, Row{Variant: c.Variant, Means: slices.Repeat([]float64{math.NaN()}, len(s.At))})
		}
		s.Rows[v].Means[slices.Index(s.At, n)] = u.Value()
	}
	return all
}

func varies(means []float64) bool {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, m := range means {
		if !math.IsNaN(m) {
			lo, hi = math.Min(lo, m), math.Max(hi, m)
		}
	}
	return hi > lo && hi-lo > constant*math.Max(math.Abs(hi), math.Abs(lo))
}
