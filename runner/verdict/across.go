package verdict

import (
	"fmt"
	"math"

	"assay/runner/result"
	"assay/runner/samples"
	"assay/runner/stats"
)

// Across is one row of a comparison of two stored runs.
type Across struct {
	result.Key
	Variant string           `json:"variant"`
	Unit    string           `json:"unit"`
	Before  float64          `json:"before"`
	After   float64          `json:"after"`
	Change  *result.Estimate `json:"change,omitempty"`  // After over Before; nil where it may not be compared
	Verdict string           `json:"verdict,omitempty"` // faster slower same undecided better worse equal, or "" without one
	Note    string           `json:"note,omitempty"`    // why there is no verdict, or how to read it
}

// layoutFloor is the least change between two builds that is called real: the
// placement of unrelated code feigns as much.
const layoutFloor = 0.025

// CompareRuns sets run b beside run a. Exact units are compared by equality.
// Times of two runs are not paired, and a plain comparison of such times raises
// a false alarm in one of four; but each run compared its variants with its
// base in pairs, so the change of that ratio is judged instead, which no drift
// of the machine touches. The base itself gets its change and no verdict.
func CompareRuns(a, b *samples.Run, ra, rb result.Result) []Across {
	why := ra.Host.Comparable(rb.Host)
	before := map[string]result.Case{}
	for _, c := range ra.Cases {
		before[fmt.Sprint(c.Key, c.Variant)] = c
	}
	pa, pb := logRatios(a), logRatios(b)
	var rows []Across
	for _, c := range rb.Cases {
		was, ok := before[fmt.Sprint(c.Key, c.Variant)]
		if !ok {
			continue
		}
		for _, unit := range sortedKeys(c.Units) {
			u, old := c.Units[unit], was.Units[unit]
			if old.N == 0 || u.Exact != old.Exact {
				continue
			}
			row := Across{Key: c.Key, Variant: c.Variant, Unit: unit, Before: old.Value(), After: u.Value()}
			switch {
			case u.Exact:
				e := exact(c.Key, unit, "", c.Variant, u, old)
				row.Verdict, row.Change = e.Verdict, &result.Estimate{Ratio: e.Ratio, Lo: e.Lo, Hi: e.Hi}
			case why != nil:
				row.Note = why.Error()
			case unit == "ns/op":
				name := fmt.Sprint(c.Key, c.Variant)
				row.byBase(pa[name], pb[name])
			default:
				row.Note = "not paired"
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// byBase judges the change of the ratio to the base.
func (x *Across) byBase(a, b []float64) {
	if len(a) < 2 || len(b) < 2 {
		x.Note = "the base or the floor: not paired across runs"
		return
	}
	i := stats.WelchInterval(a, b, 0.99)
	x.Change = estimate(i)
	limit := math.Log1p(layoutFloor)
	x.Note = "change of the ratio to its base"
	switch {
	case i.Lo > 0 && i.Est >= limit:
		x.Verdict = "slower"
	case i.Hi < 0 && i.Est <= -limit:
		x.Verdict = "faster"
	case i.Lo > -limit && i.Hi < limit:
		x.Verdict = "same"
	default:
		x.Verdict = "undecided"
	}
}

// logRatios are the restarts of every contender on its deciding clock.
func logRatios(run *samples.Run) map[string][]float64 {
	out := map[string][]float64{}
	for i, arms := range Pairs(run) {
		g := run.Plan.Groups[i]
		if g.Control {
			continue
		}
		for arm, pairs := range arms {
			f := func(p Pair) float64 { return p.CPU }
			if chooseClock(pairs, RulesFor(run.Plan, g)) == "wall" {
				f = func(p Pair) float64 { return p.Wall }
			}
			out[fmt.Sprint(keyOf(g), arm)] = column(pairs, f).x
		}
	}
	return out
}
