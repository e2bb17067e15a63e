package digest

import (
	"math"
	"slices"

	"assay/runner/result"
)

// Leaders names the variants of a group that nothing measured beats in a unit,
// best first. More than one name means the data cannot order them.
//
// All variants are compared with the base and not with each other, so two
// contenders are called apart only when their intervals against the base do not
// overlap: stricter than a direct comparison, which the run did not make. The
// base is beaten only by a verdict, never by an estimate. Nobody leads where the
// base answers wrongly, or where a noisy unit has no verdict at all.
func (g Group) Leaders(unit string) []string {
	if i := slices.IndexFunc(g.Units, func(u Unit) bool { return u.Name == unit }); i < 0 || g.Base == "" || g.BaseLoud() {
		return nil
	} else if g.Units[i].Exact {
		return g.exactLeaders(g.Units[i])
	}
	return g.noisyLeaders(unit)
}

type rival struct {
	name    string
	est     result.Estimate
	verdict string
}

func (g Group) noisyLeaders(unit string) []string {
	higher := slices.ContainsFunc(g.Units, func(u Unit) bool { return u.Name == unit && u.Better == "higher" })
	rivals := []rival{}
	for _, r := range g.Rows {
		c, ok := r.Versus[unit]
		if !ok || r.Null || r.Loud() || !(c.Ratio > 0) || !(c.Lo > 0) || c.Hi < c.Ratio {
			continue
		}
		e := result.Estimate{Ratio: c.Ratio, Lo: c.Lo, Hi: c.Hi}
		if higher { // turn it over, so that less is always better
			e = result.Estimate{Ratio: 1 / c.Ratio, Lo: 1 / c.Hi, Hi: 1 / c.Lo}
		}
		rivals = append(rivals, rival{r.Variant, e, c.Verdict})
	}
	if !slices.ContainsFunc(rivals, func(r rival) bool { return r.verdict != "undecided" }) {
		return nil // too little was measured to order anybody
	}
	slices.SortStableFunc(rivals, func(a, b rival) int { return compare(a.est.Ratio, b.est.Ratio) })
	i := slices.IndexFunc(rivals, func(r rival) bool { return beats(r.verdict) })
	if i < 0 {
		return append([]string{g.Base}, unbeaten(rivals, math.Inf(1))...)
	}
	best := rivals[i]
	return append([]string{best.name}, unbeaten(slices.Delete(rivals, i, i+1), best.est.Hi)...)
}

// unbeaten names the rivals that may be as good as a limit, worse verdicts aside.
func unbeaten(rivals []rival, limit float64) []string {
	names := []string{}
	for _, r := range rivals {
		if r.est.Lo <= limit && r.verdict != "slower" && r.verdict != "worse" {
			names = append(names, r.name)
		}
	}
	return names
}

func beats(verdict string) bool { return verdict == "faster" || verdict == "better" }

func (g Group) exactLeaders(u Unit) []string {
	best, names := math.NaN(), []string{}
	for _, r := range g.Rows {
		s, ok := r.Stats[u.Name]
		if !ok || r.Null || r.Loud() {
			continue
		}
		v := s.Value()
		switch {
		case math.IsNaN(best), u.Better == "higher" && v > best, u.Better != "higher" && v < best:
			best, names = v, []string{r.Variant}
		case v == best:
			names = append(names, r.Variant)
		}
	}
	return names
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Mean is the geometric mean of one variant over the workloads of an operation.
type Mean struct {
	Variant string
	Value   float64 // of the medians, in the unit
	Ratio   float64 // of the ratios to the base; 0 when there is none
	Of      int     // workloads averaged
}

// Geomeans averages a unit over the groups of one operation and scenario, for
// each variant that has it and is no floor. Wrong and failed rows are left out;
// Of says how many workloads remain, since a mean over fewer is not comparable.
func Geomeans(groups []Group, unit string) []Mean {
	type sums struct {
		value, ratio   float64 // of logarithms
		values, ratios int
	}
	acc, order := map[string]*sums{}, []string{}
	for _, g := range groups {
		for _, r := range g.Rows {
			v := r.Stats[unit].Value()
			if r.Null || r.Loud() || !(v > 0) {
				continue
			}
			if acc[r.Variant] == nil {
				acc[r.Variant] = &sums{}
				order = append(order, r.Variant)
			}
			a := acc[r.Variant]
			a.value, a.values = a.value+math.Log(v), a.values+1
			if c := r.Versus[unit]; c.Ratio > 0 {
				a.ratio, a.ratios = a.ratio+math.Log(c.Ratio), a.ratios+1
			}
		}
	}
	out := []Mean{}
	for _, name := range order {
		a := acc[name]
		m := Mean{Variant: name, Value: math.Exp(a.value / float64(a.values)), Of: a.values}
		if a.ratios == a.values {
			m.Ratio = math.Exp(a.ratio / float64(a.ratios))
		}
		out = append(out, m)
	}
	return out
}

// Operations splits groups into runs of one family, operation and scenario, in
// order of first mention: the unit of a geometric mean and of a figure.
func Operations(groups []Group) [][]Group {
	type op struct{ family, op, scenario string }
	index, out := map[op]int{}, [][]Group{}
	for _, g := range groups {
		k := op{g.Family, g.Op, g.Scenario}
		i, ok := index[k]
		if !ok {
			i = len(out)
			index[k] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], g)
	}
	return out
}
