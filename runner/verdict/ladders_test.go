package verdict

import (
	"math"
	"math/rand/v2"
	"testing"

	"assay/runner/lab"
	"assay/runner/ladder"
	"assay/runner/plan"
	"assay/runner/samples"
)

// climbed is a run of one phase over a ladder of three rungs with a fourth
// variant in the last step, which take 1000, 500, 200 and 100 ns. Restarts and
// slices are noisy together, as restarts are, so that ratios are steadier than
// times. The one before the last was decided, and left, after 10 restarts.
func climbed() (*samples.Run, []lab.Room) {
	names, ns := []string{"low", "mid", "half", "high"}, []float64{1000, 500, 200, 100}
	var arms []plan.Arm
	for _, n := range names {
		arms = append(arms, plan.Arm{Name: n, Variant: n})
	}
	g := plan.Group{Family: "toy", Op: "get", Workload: "uniform:0-9", Base: "low", Arms: arms}
	run := &samples.Run{Dir: "results/x", Plan: plan.Plan{Groups: []plan.Group{g}, Alpha: 0.01, Threshold: 0.01, Rows: 3, MinRestarts: 8, MaxRestarts: 400, Clock: "cpu", Layouts: 1}}
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 12 {
		r := samples.Restart{Index: i, Arms: arms}
		if i >= 10 {
			r.Arms = []plan.Arm{arms[0], arms[1], arms[3]}
		}
		machine := math.Exp(rng.NormFloat64() * 0.2)
		for _, arm := range plan.Order(plan.Mix(1, i), len(r.Arms), 10) {
			at := arm
			if len(r.Arms) == 3 && arm == 2 {
				at = 3
			}
			took := int64(1000 * ns[at] * machine * math.Exp(rng.NormFloat64()*0.01))
			r.Order, r.Ops = append(r.Order, arm), append(r.Ops, 1000)
			r.Thread, r.Process, r.Wall = append(r.Thread, took), append(r.Process, took), append(r.Wall, took)
			r.Switches = append(r.Switches, 0)
		}
		run.Restarts = append(run.Restarts, r)
	}
	room := lab.Room{Name: "toy", Cases: []lab.Case{{Op: "get", Count: 2e7}}, Ladder: &ladder.Ladder{
		Source: "somebody", Workload: "published", Slips: []string{"one"},
		Phases: []ladder.Phase{{Op: "get", Doc: "read", PerEntry: .25}, {Op: "put", Doc: "write"}},
		Rungs: []ladder.Rung{
			{Variant: "low", Seconds: []float64{9, 1}}, {Variant: "mid", Seconds: []float64{3, 0}}, {Variant: "high", Seconds: []float64{2, 1}},
		},
		Splits: []ladder.Split{{From: "mid", Via: "half", To: "high", First: "x", Second: "y"}},
	}}
	return run, []lab.Room{room, {Name: "other"}}
}

func near(x, want float64) bool { return math.Abs(x/want-1) < 0.02 }

func TestALadderComparesEachStepWithTheOneBeforeAndWithTheLowest(t *testing.T) {
	t.Parallel()
	run, rooms := climbed()
	told := Analyse(run, rooms).Ladders
	if len(told) != 1 || len(told[0].Steps) != 3 || told[0].Source != "somebody" || told[0].Published != "published" || len(told[0].Slips) != 1 {
		t.Fatalf("%+v", told)
	}
	high := told[0].Steps[2].Cells[0]
	if high.Before.Verdict != "faster" || !near(high.Before.Ratio, 0.2) || high.Before.Lo > 0.2 || high.Before.Hi < 0.2 || high.Before.Hi > 0.21 || high.Before.Restarts != 12 {
		t.Errorf("over the step before: %+v, want .2 over 12 restarts", high.Before)
	}
	if !near(high.Base.Ratio, 0.1) || high.Base.Verdict != "faster" {
		t.Errorf("over the base: %+v, want .1", high.Base)
	}
	if *high.Published != 2 || !near(*high.PublishedBefore, 2./3) || !near(*high.PublishedBase, 2./9) {
		t.Errorf("published %v, %v before, %v base", *high.Published, *high.PublishedBefore, *high.PublishedBase)
	}
	if *high.Measured < 0.25 || *high.Measured > 1 {
		t.Errorf("%v s for 5 million operations of about 100 ns", *high.Measured)
	}
	low, mid := told[0].Steps[0].Cells, told[0].Steps[1].Cells
	if low[0].Before != nil || low[0].Base != nil || low[0].PublishedBase != nil {
		t.Errorf("the lowest rung is compared: %+v", low[0])
	}
	if mid[1].Published != nil || mid[1].Measured != nil || mid[1].Before != nil || told[0].Steps[2].Cells[1].PublishedBefore != nil {
		t.Errorf("a phase that was not measured, and not published, has figures: %+v", mid[1])
	}
}

func TestASplitStepSharesTheWholeChange(t *testing.T) {
	t.Parallel()
	run, rooms := climbed()
	parts := Analyse(run, rooms).Ladders[0].Parts
	if len(parts) != 1 || len(parts[0].Halves) != 1 {
		t.Fatalf("%+v", parts)
	}
	h := parts[0].Halves[0]
	if !near(h.First.Ratio, 0.4) || !near(h.Second.Ratio, 0.5) || h.First.Restarts != 10 {
		t.Errorf("halves %+v and %+v, want .4 and .5 over the 10 restarts that both ran in", h.First, h.Second)
	}
	if want := math.Log(.4) / math.Log(.2); h.Share == nil || !near(*h.Share, want) {
		t.Errorf("share %v, want %v", h.Share, want)
	}
}

func TestAnyArmComparesWithAnyOther(t *testing.T) {
	t.Parallel()
	run, rooms := climbed()
	run.Plan.Groups[0].Base = "mid" // the story's base need not be the run's
	for i := range run.Restarts {
		r := &run.Restarts[i]
		r.Arms[0], r.Arms[1] = plan.Arm{Name: "mid", Variant: "mid"}, plan.Arm{Name: "low", Variant: "low"}
		for k, arm := range r.Order {
			if arm < 2 {
				r.Order[k] = 1 - arm
			}
		}
	}
	run.Plan.Groups[0].Arms = run.Restarts[0].Arms
	steps := Analyse(run, rooms).Ladders[0].Steps
	if mid := steps[1].Cells[0]; !near(mid.Before.Ratio, 0.5) || mid.Before.Verdict != "faster" {
		t.Errorf("mid over low: %+v, want .5", mid.Before)
	}
	if high := steps[2].Cells[0]; !near(high.Base.Ratio, 0.1) || !near(high.Before.Ratio, 0.2) {
		t.Errorf("high: %+v over low, %+v over mid", high.Base, high.Before)
	}
}

func TestOneRungIsNoLadder(t *testing.T) {
	t.Parallel()
	run, rooms := climbed()
	rooms[0].Ladder.Rungs[1].Variant, rooms[0].Ladder.Rungs[2].Variant = "x", "y"
	if told := Analyse(run, rooms).Ladders; told != nil {
		t.Errorf("%+v", told)
	}
	run, rooms = climbed()
	run.Plan.Small = true
	if told := Analyse(run, rooms).Ladders; told != nil {
		t.Errorf("a smoke run tells %+v", told)
	}
}
