package verdict

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"assay/runner/complexity"
	"assay/runner/plan"
	"assay/runner/result"
)

// rankings says, for every comparison repeated under a scenario, whether the
// order and the verdicts found alone hold there.
func rankings(p plan.Plan, r result.Result) []result.Ranking {
	var out []result.Ranking
	for _, g := range p.Groups {
		if g.Scenario == "" || g.Control {
			continue
		}
		beside := keyOf(g)
		alone := beside
		alone.Scenario = ""
		if len(timesOf(r, alone)) == 0 {
			continue
		}
		out = append(out, rank(r, alone, beside))
	}
	return out
}

type timed struct {
	variant string
	ns      float64
}

func timesOf(r result.Result, k result.Key) []timed {
	var all []timed
	for _, c := range r.Cases {
		if u, ok := c.Units["ns/op"]; ok && c.Key == k && !c.Null {
			all = append(all, timed{c.Variant, u.Value()})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].ns < all[j].ns })
	return all
}

func rank(r result.Result, alone, beside result.Key) result.Ranking {
	out := result.Ranking{Key: beside, Holds: true}
	for _, t := range timesOf(r, beside) {
		out.Order = append(out.Order, t.variant)
	}
	var turned, lost []string
	for _, c := range r.Comparisons {
		if c.Key != beside || c.Unit != "ns/op" {
			continue
		}
		was := verdictOf(r, alone, c.Variant)
		switch {
		case opposite(was, c.Verdict):
			turned = append(turned, c.Variant)
		case decided(was) && !decided(c.Verdict):
			lost = append(lost, c.Variant)
		}
	}
	out.Holds = len(turned) == 0
	out.Sentence = sentence(beside.Scenario, turned, lost, sameOrder(out.Order, timesOf(r, alone)))
	return out
}

func sentence(scenario string, turned, lost []string, same bool) string {
	switch {
	case len(turned) > 0:
		return fmt.Sprintf("Beside %s the ranking does not hold: %s turned round.", scenario, strings.Join(turned, ", "))
	case len(lost) > 0:
		return fmt.Sprintf("Beside %s no verdict turned round; %s could not be decided there.", scenario, strings.Join(lost, ", "))
	case !same:
		return fmt.Sprintf("Beside %s every verdict against the base holds; variants that were close changed places.", scenario)
	}
	return fmt.Sprintf("Beside %s the ranking and every verdict hold.", scenario)
}

func verdictOf(r result.Result, k result.Key, variant string) string {
	for _, c := range r.Comparisons {
		if c.Key == k && c.Unit == "ns/op" && c.Variant == variant {
			return c.Verdict
		}
	}
	return ""
}

func decided(v string) bool { return v == "faster" || v == "slower" || v == "same" }

func opposite(a, b string) bool {
	return a == "faster" && b == "slower" || a == "slower" && b == "faster"
}

func sameOrder(order []string, times []timed) bool {
	return slices.EqualFunc(order, times, func(v string, t timed) bool { return v == t.variant })
}

// curves fits the growth of every variant's time over a swept field.
func curves(p plan.Plan, r result.Result) []result.Curve {
	if p.SweepField == "" {
		return nil
	}
	sizes := map[result.Key]float64{}
	for _, g := range p.Groups {
		if g.Sweep > 0 && !g.Control {
			sizes[keyOf(g)] = g.Sweep
		}
	}
	index := map[string]int{}
	var out []result.Curve
	for _, c := range r.Cases {
		n, swept := sizes[c.Key]
		u, timed := c.Units["ns/op"]
		if !swept || !timed || c.Null {
			continue
		}
		workload := strings.Split(c.Workload, ","+p.SweepField+"=")[0]
		name := strings.Join([]string{c.Family, c.Op, c.Variant, workload, c.Scenario}, "\x00")
		i, ok := index[name]
		if !ok {
			i = len(out)
			index[name] = i
			out = append(out, result.Curve{Family: c.Family, Op: c.Op, Variant: c.Variant, Workload: workload, Field: p.SweepField, Scenario: c.Scenario})
		}
		out[i].Points = append(out[i].Points, result.Point{N: n, Ns: u.Value(), Lo: *u.Lo, Hi: *u.Hi})
	}
	for i := range out {
		fitCurve(&out[i])
	}
	return out
}

func fitCurve(c *result.Curve) {
	points := make([]complexity.Point, len(c.Points))
	for i, p := range c.Points {
		points[i] = complexity.Point{N: p.N, Time: p.Ns, RelSE: (p.Hi - p.Lo) / (2 * 1.96 * p.Ns)}
	}
	fit, err := complexity.Fit(points)
	if err != nil {
		return // fewer sizes were measured than planned: the points stand without a fit
	}
	for _, m := range fit.Models {
		c.Models = append(c.Models, result.Model{Name: m.Class.String(), A: m.A, B: m.B, Weight: m.Weight})
	}
	c.Claim = fit.Claim()
	c.Slope, c.SlopeLo, c.SlopeHi = fit.Slope, fit.SlopeLo, fit.SlopeHi
}
