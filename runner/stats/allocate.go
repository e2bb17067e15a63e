package stats

import "math"

// maxRepeats stands for "as many as the budget allows".
const maxRepeats = 1 << 20

// Allocate returns how many slices to take per restart and how many restarts
// per layout for the least variance of the grand mean in a given budget; the
// budget itself then sets the number of layouts. The costs are in one unit,
// such as seconds: of one slice, of a restart without its slices (start and
// warm-up), of a layout without its restarts (a link).
//
// Repeat where the variance arises, at the price it costs: the optimum at each
// level is sqrt(cost above / cost here · variance here / variance above)
// (Kalibera and Jones 2013, "Rigorous benchmarking in reasonable time"). Where
// they round up, the neighbouring whole pairs are compared here. A level that
// adds no variance is taken once and its cost passed up. With nothing above to
// average over, the answer is 1<<20: as many as the budget allows.
func Allocate(c Components, costSlice, costRestart, costLayout float64) (slices, restarts int) {
	cost := costs{math.Max(0, costSlice), math.Max(0, costRestart), math.Max(0, costLayout)}
	candidates := [3][2]float64{
		{optimum(c.Slice, c.Restart, cost.slice, cost.restart), optimum(c.Restart, c.Layout, cost.restart, cost.layout)},
		// The formula wants less than one repeat: that level and the one above
		// become one, with their costs and variances added.
		{optimum(c.Slice, math.Hypot(c.Restart, c.Layout), cost.slice, cost.restart+cost.layout), 1},
		{1, optimum(math.Hypot(c.Slice, c.Restart), c.Layout, cost.slice+cost.restart, cost.layout)},
	}
	best := math.Inf(1)
	for _, pair := range candidates {
		for _, s := range [2]float64{math.Floor(pair[0]), math.Ceil(pair[0])} {
			for _, r := range [2]float64{math.Floor(pair[1]), math.Ceil(pair[1])} {
				if p := price(c, cost, s, r); p < best || slices == 0 {
					best, slices, restarts = p, int(s), int(r)
				}
			}
		}
	}
	return slices, restarts
}

// costs are the prices of one slice, restart and layout, each without what it
// contains.
type costs struct{ slice, restart, layout float64 }

// price is the variance of one layout's mean times its cost: what s slices and
// r restarts make a given precision cost.
func price(c Components, cost costs, s, r float64) float64 {
	variance := c.Layout*c.Layout + (c.Restart*c.Restart+c.Slice*c.Slice/s)/r
	return variance * (cost.layout + r*(cost.restart+s*cost.slice))
}

// optimum returns the best real number of repeats of a level with standard
// deviation here and cost here, within a unit of the level above.
func optimum(here, above, costHere, costAbove float64) float64 {
	if here == 0 {
		return 1
	}
	if above == 0 || costHere == 0 {
		return maxRepeats
	}
	best := here / above * math.Sqrt(costAbove/costHere)
	if math.IsNaN(best) { // an unknown component or cost decides nothing
		return 1
	}
	return min(max(1, best), maxRepeats)
}
