package why

import (
	"math"
	"slices"

	"assay/profiles/perop"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/samples"
)

// Explain fills in Why of every decided comparison that the run's profiles
// explain, and what profiling cost.
func Explain(run *samples.Run, r *result.Result) error {
	s := Open(run, *r)
	for i := range r.Comparisons {
		c := &r.Comparisons[i]
		m, kinds := explains(*c)
		group := slices.IndexFunc(run.Plan.Groups, func(g plan.Group) bool { return !g.Control && keyOf(g) == c.Key })
		if group < 0 {
			continue
		}
		for _, kind := range kinds {
			if len(s.Passes(group, c.Base, kind)) == 0 || len(s.Passes(group, c.Variant, kind)) == 0 {
				continue
			}
			d, err := s.diff(group, c.Base, c.Variant, kind, m)
			if err != nil {
				return err
			}
			text := sentence(d, c.Unit, s.difference(run.Plan.Groups[group], *c))
			if text == "" {
				continue
			}
			if c.Unit == "ns/op" {
				text += s.allocations(run.Plan.Groups[group], c.Variant)
			}
			c.Why = text + "."
			break
		}
	}
	r.Profiling = s.costs()
	return nil
}

// explains is what of which profiles can explain a comparison; none where
// nothing was decided.
func explains(c result.Comparison) (perop.Measure, []string) {
	decided := slices.Contains([]string{"faster", "slower", "better", "worse"}, c.Verdict)
	switch {
	case !decided:
	case c.Unit == "ns/op" && c.Clock != "wall":
		return perop.Measure{Sample: "cpu", Unit: c.Unit}, []string{"cpu"}
	case c.Unit == "B/op":
		return perop.Measure{Sample: "alloc_space", Unit: c.Unit}, []string{"allocs", "heap"}
	case c.Unit == "allocs/op":
		return perop.Measure{Sample: "alloc_objects", Unit: c.Unit}, []string{"allocs", "heap"}
	}
	return perop.Measure{}, nil
}

func (s *Store) diff(group int, base, variant, kind string, m perop.Measure) (perop.Difference, error) {
	a, err := s.Side(group, base, kind)
	if err != nil {
		return perop.Difference{}, err
	}
	b, err := s.Side(group, variant, kind)
	if err != nil {
		return perop.Difference{}, err
	}
	return perop.Diff(a, b, m)
}

// Diff is the difference of two arms of a group in one kind of profile.
func (s *Store) Diff(group int, base, variant, kind string) (perop.Difference, error) {
	m, err := perop.MeasureOf(kind)
	if err != nil {
		return perop.Difference{}, err
	}
	return s.diff(group, base, variant, kind, m)
}

// difference is what the run itself measured between the two, per operation.
func (s *Store) difference(g plan.Group, c result.Comparison) float64 {
	base, variant := s.find(g, c.Base), s.find(g, c.Variant)
	if base == nil || variant == nil {
		return math.NaN()
	}
	if b := base.Units[c.Unit]; !b.Exact {
		return b.Value() * (c.Ratio - 1)
	}
	return variant.Units[c.Unit].Value() - base.Units[c.Unit].Value()
}

// costs compares the time per operation under each profiler with the timed
// restarts', over all operations that were profiled.
func (s *Store) costs() map[string]result.Estimate {
	out := map[string]result.Estimate{}
	for _, kind := range (plan.Profiles{}).Kinds() {
		var ratios []float64
		for i, g := range s.run.Plan.Groups {
			for _, a := range g.Arms {
				all := s.Passes(i, a.Name, kind)
				plain, _ := s.time(g, a.Name)
				if len(all) == 0 || !(plain > 0) {
					continue
				}
				ratios = append(ratios, math.Log(middle(all)/plain))
			}
		}
		if len(ratios) > 0 {
			out[kind] = cost(ratios)
		}
	}
	return out
}
