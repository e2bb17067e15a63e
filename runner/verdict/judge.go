package verdict

import (
	"fmt"
	"math"

	"assay/runner/result"
	"assay/runner/sequential"
	"assay/runner/stats"
)

// Rules are what a verdict needs to know of the plan.
type Rules struct {
	Alpha     float64 // of this row: that of the run over its rows
	Threshold float64 // relative
	MinN      int     // restarts before any verdict
	Clock     string  // auto, cpu or wall
	Isolated  bool
	Layouts   int
}

// Judgement is a comparison in the making.
type Judgement struct {
	result.Comparison
	Decided   bool
	Remaining float64 // forecast of further restarts until decided; +Inf = will not be
}

// cpuBound is the largest ratio of wall to CPU time of an undisturbed slice
// that still counts as CPU-bound: beyond it the code waits for something.
const cpuBound = 1.1

const confidence = 0.95

// Judge compares one variant with its base by everything its restarts say.
// Pairs are in the order they were measured. It may be called after every
// restart: the evidence is valid at any time.
func Judge(pairs []Pair, r Rules) Judgement {
	var j Judgement
	clock := chooseClock(pairs, r)
	cpu, wall := column(pairs, func(p Pair) float64 { return p.CPU }), column(pairs, func(p Pair) float64 { return p.Wall })
	xs := cpu
	if clock == "wall" {
		xs = wall
	}
	v := watch(xs, r, clock)
	j.Clock, j.Restarts, j.Threshold = clock, len(xs.x), r.Threshold
	j.Evidence = finite(v.Evidence / math.Ln10)
	j.CPU = estimate(meanInterval(cpu))
	j.Wall = estimate(stats.MedianInterval(wall.x, confidence))
	j.P50 = estimate(stats.TInterval(stats.Tame(column(pairs, func(p Pair) float64 { return p.P50 }).x), confidence))
	j.P99 = estimate(stats.TInterval(column(pairs, func(p Pair) float64 { return p.P99 }).x, confidence))
	main := j.CPU
	if clock == "wall" {
		main = j.Wall
	}
	if main == nil {
		j.Ratio, j.Lo, j.Hi = 1, 0, math.MaxFloat64
		if centre := stats.Median(xs.x); !math.IsNaN(centre) && !math.IsInf(centre, 0) {
			j.Ratio = math.Exp(centre) // all that is known
		}
		j.Verdict, j.Remaining = sequential.Undecided.String(), math.Inf(1)
		j.Warnings = append(j.Warnings, "too few restarts for an interval: give more --budget")
		return j
	}
	j.Ratio, j.Lo, j.Hi = main.Ratio, main.Lo, main.Hi
	j.MDE, j.Remaining = reach(xs, r)
	j.Components = components(pairs)
	j.decide(v, xs, r)
	return j
}

// series is one number per restart with its layout.
type series struct {
	x      []float64
	layout []int
}

func column(pairs []Pair, f func(Pair) float64) series {
	var s series
	for _, p := range pairs {
		if x := f(p); !math.IsNaN(x) && !math.IsInf(x, 0) {
			s.x, s.layout = append(s.x, x), append(s.layout, p.Layout)
		}
	}
	return s
}

// byLayout groups the series by layout, outliers among its restarts tamed.
func (s series) byLayout() [][]float64 {
	index := map[int]int{}
	var groups [][]float64
	tame := stats.Tame(s.x)
	for i, l := range s.layout {
		g, ok := index[l]
		if !ok {
			g = len(groups)
			index[l] = g
			groups = append(groups, nil)
		}
		groups[g] = append(groups[g], tame[i])
	}
	return groups
}

// chooseClock decides on CPU time where the work is CPU-bound, else on wall time.
func chooseClock(pairs []Pair, r Rules) string {
	cpu := "cpu"
	if r.Isolated {
		cpu = "process"
	}
	switch r.Clock {
	case "cpu":
		return cpu
	case "wall":
		return "wall"
	}
	blocked := stats.Median(column(pairs, func(p Pair) float64 { return p.Blocked }).x)
	if blocked > cpuBound {
		return "wall"
	}
	return cpu
}

// watch replays the evidence restart by restart.
func watch(s series, r Rules, clock string) sequential.Verdict {
	w := sequential.Watch{Rule: sequential.Rule{Alpha: r.Alpha, Threshold: math.Log1p(r.Threshold), MinN: r.MinN}}
	var v sequential.Verdict
	if clock == "wall" {
		var p sequential.Sign
		for _, x := range s.x {
			p.Add(x)
			v = w.Look(&p)
		}
		return v
	}
	var p sequential.Both
	for _, x := range s.x {
		p.Add(x)
		v = w.Look(&p)
	}
	return v
}

// decide turns the evidence into the verdict, unless something speaks against it.
func (j *Judgement) decide(v sequential.Verdict, s series, r Rules) {
	j.Verdict = v.Decision.String()
	refuse := func(why string) {
		j.Verdict = sequential.Undecided.String()
		j.Warnings = append(j.Warnings, why)
	}
	switch v.Decision {
	case sequential.Faster, sequential.Slower:
		if other := j.other(); contradicts(v.Estimate, other) {
			refuse(fmt.Sprintf("CPU time and wall time contradict each other (%+.1f %% and %+.1f %%): the code waits or is made to wait; look at both, or choose with --clock",
				100*(j.CPU.Ratio-1), 100*(j.Wall.Ratio-1)))
		}
	}
	if groups := s.byLayout(); r.Layouts > 1 && len(groups) > 1 && v.Decision != sequential.Undecided {
		if !holdsOverLayouts(v.Decision, groups, r) {
			refuse("the difference depends on where the linker places the code: give more --layouts")
		}
	}
	if v.Moved {
		j.Warnings = append(j.Warnings, "the difference changed during the run: look at the restarts over time, then measure again")
	}
	j.Decided = j.Verdict != sequential.Undecided.String()
	if !j.Decided && j.Restarts >= r.MinN && j.MDE < 1e6 && j.MDE > 2*r.Threshold && math.Abs(j.Ratio-1) < j.MDE {
		j.Warnings = append(j.Warnings, fmt.Sprintf("these restarts could have shown %.2g %% or more, the threshold is %.2g %%: give more --budget, or raise --threshold", 100*j.MDE, 100*r.Threshold))
	}
}

// other is the estimate on the clock that does not decide.
func (j *Judgement) other() *result.Estimate {
	if j.Clock == "wall" {
		return j.CPU
	}
	return j.Wall
}

// contradicts says that the other clock's whole interval lies on the other side.
func contradicts(logEstimate float64, other *result.Estimate) bool {
	return other != nil && (logEstimate > 0 && other.Hi < 1 || logEstimate < 0 && other.Lo > 1)
}

// holdsOverLayouts asks whether the verdict stands when layouts, not restarts, are the sample.
func holdsOverLayouts(d sequential.Decision, groups [][]float64, r Rules) bool {
	i := stats.NestedInterval(groups, 1-r.Alpha)
	limit := math.Log1p(r.Threshold)
	switch d {
	case sequential.Faster:
		return i.Hi < 0
	case sequential.Slower:
		return i.Lo > 0
	}
	return i.Lo > -limit && i.Hi < limit
}

func meanInterval(s series) stats.Interval {
	if groups := s.byLayout(); len(groups) > 1 {
		return stats.NestedInterval(groups, confidence)
	}
	return stats.TInterval(stats.Tame(s.x), confidence)
}

// estimate turns an interval of log ratios into one of ratios; nil where it has no bounds.
func estimate(i stats.Interval) *result.Estimate {
	if math.IsNaN(i.Est) || math.IsInf(i.Lo, 0) || math.IsInf(i.Hi, 0) || math.IsNaN(i.Lo) {
		return nil
	}
	return &result.Estimate{Ratio: math.Exp(i.Est), Lo: math.Exp(i.Lo), Hi: math.Exp(i.Hi)}
}

// reach is the smallest effect these restarts could have found, and how many
// more would decide.
func reach(s series, r Rules) (mde, remaining float64) {
	var p sequential.Both
	for _, x := range s.x {
		p.Add(x)
	}
	mde = sequential.MDE(&p, r.Alpha)
	if groups := s.byLayout(); len(groups) > 1 { // the layouts' spread does not shrink with restarts
		nested, flat := stats.NestedInterval(groups, confidence), stats.TInterval(stats.Tame(s.x), confidence)
		if w := flat.Hi - flat.Lo; w > 0 {
			mde *= math.Max(1, (nested.Hi-nested.Lo)/w)
		}
	}
	remaining = sequential.Remaining(p.Estimate(), p.SD(), p.N(), r.Alpha/2, math.Log1p(r.Threshold))
	return finite(math.Expm1(mde)), math.Max(remaining, float64(r.MinN-p.N()))
}

// Components splits the spread of the log ratio of CPU time into its levels:
// rounds of a restart, restarts of a layout, layouts.
func Components(pairs []Pair) stats.Components {
	index := map[int]int{}
	var layouts [][][]float64
	for _, p := range pairs {
		g, ok := index[p.Layout]
		if !ok {
			g = len(layouts)
			index[p.Layout] = g
			layouts = append(layouts, nil)
		}
		if len(p.Rounds) > 0 {
			layouts[g] = append(layouts[g], p.Rounds)
		}
	}
	return stats.VarianceComponents(layouts)
}

func components(pairs []Pair) *result.Components {
	c := Components(pairs)
	return &result.Components{Slice: finite(c.Slice), Restart: finite(c.Restart), Layout: finite(c.Layout)}
}

// finite keeps numbers that JSON cannot hold out of it.
func finite(x float64) float64 {
	switch {
	case math.IsNaN(x):
		return 0
	case math.IsInf(x, 1):
		return math.MaxFloat64
	case math.IsInf(x, -1):
		return -math.MaxFloat64
	}
	return x
}
