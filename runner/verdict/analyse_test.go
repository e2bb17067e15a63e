package verdict

import (
	"encoding/json"
	"strings"
	"testing"

	"assay/runner/host"
	"assay/runner/lab"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/samples"
	"assay/runner/trial"
)

// stored is a run of one comparison and its control, as if read back.
func stored(ratio float64) *samples.Run {
	arms := []plan.Arm{{Name: "base", Variant: "base"}, {Name: "other", Variant: "other"}}
	g := plan.Group{Family: "toy", Op: "get", Workload: "uniform:0-9", Base: "base", Arms: arms}
	control := g
	control.Control = true
	control.Arms = []plan.Arm{arms[0], {Name: "base#2", Variant: "base"}}
	run := &samples.Run{Dir: "results/x", Plan: plan.Plan{
		Groups: []plan.Group{g, control}, Alpha: 0.01, Threshold: 0.01, Rows: 1, MinRestarts: 8, MaxRestarts: 400, Clock: "auto", Layouts: 1,
	}, Tail: &samples.Tail{Host: host.Host{CPU: "one", OS: "linux", Arch: "amd64", GoVersion: "go1.26", Fit: true}}}
	run.Restarts = append(run.Restarts, restarts(1, 12, 10, ratio, 1, 0.1)...)
	for _, r := range restarts(2, 12, 10, 1, 1, 0.1) {
		r.Group = 1
		r.Arms = control.Arms
		run.Restarts = append(run.Restarts, r)
	}
	return run
}

func tally(mean float64) trial.Tally {
	return trial.Tally{N: 200, Mean: mean, Min: mean, Max: mean, Better: lab.Higher}
}

func comparison(t *testing.T, r result.Result, unit string) result.Comparison {
	t.Helper()
	for _, c := range r.Comparisons {
		if c.Unit == unit {
			return c
		}
	}
	t.Fatalf("no comparison in %s", unit)
	return result.Comparison{}
}

func TestAnalyseFillsWhatReadersOfTheJSONExpect(t *testing.T) {
	t.Parallel()
	r := Analyse(stored(1.1), nil)
	if c := comparison(t, r, "ns/op"); c.Verdict != "slower" || c.Base != "base" || c.Variant != "other" || c.Restarts != 12 {
		t.Errorf("comparison %+v", c)
	}
	if r.Control.Verdict != "same" || r.Control.Restarts != 12 {
		t.Errorf("control %+v, want same over 12 restarts", r.Control)
	}
	if len(r.Cases) != 2 || r.Cases[0].Units["ns/op"].Median == nil {
		t.Errorf("cases %+v", r.Cases)
	}
	if r.Wrong == nil || r.Failed == nil || r.Warnings == nil || r.Profiles == nil || r.Partial {
		t.Error("a list is null, or a whole run is called partial")
	}
}

func TestAnArmWhoseTimeNoClockSawHasATimeOfZero(t *testing.T) {
	t.Parallel()
	run := stored(1)
	for _, r := range run.Restarts {
		for i, arm := range r.Order {
			if arm == 1 { // what an operation that does nothing costs, less the reading of the clock
				r.Thread[i], r.Process[i], r.Wall[i] = 0, 0, 0
			}
		}
	}
	r := Analyse(run, nil)
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
	if got := r.Cases[1].Units["ns/op"].Median; got == nil || *got != 0 {
		t.Errorf("its time is %v, want 0", got)
	}
}

func TestAFailedControlMakesTheRunUnfit(t *testing.T) {
	t.Parallel()
	run := stored(1)
	for i := range run.Restarts {
		if run.Restarts[i].Group == 1 {
			for k, arm := range run.Restarts[i].Order {
				if arm == 1 {
					run.Restarts[i].Thread[k] = run.Restarts[i].Thread[k] * 11 / 10
				}
			}
		}
	}
	r := Analyse(run, nil)
	if r.Host.Fit || r.Control.Verdict != "slower" || !strings.Contains(strings.Join(r.Warnings, " "), "null control") {
		t.Errorf("fit %v, control %s, warnings %q", r.Host.Fit, r.Control.Verdict, r.Warnings)
	}
}

func TestExactUnitsAreComparedByEqualityAndDirection(t *testing.T) {
	t.Parallel()
	run := stored(1)
	run.Checks = []samples.Checked{{Checks: []trial.Check{
		{Variant: "base", Ops: 100, Units: map[string]trial.Tally{"entries/page": tally(511)}, Allocs: 1},
		{Variant: "other", Ops: 100, Units: map[string]trial.Tally{"entries/page": tally(759)}, Allocs: 2},
	}}}
	r := Analyse(run, nil)
	for unit, want := range map[string]string{"entries/page": "better", "allocs/op": "worse", "B/op": "equal"} {
		if c := comparison(t, r, unit); c.Verdict != want {
			t.Errorf("%s is %s, want %s", unit, c.Verdict, want)
		}
	}
}

func TestWrongAnswersNameVariantAndKey(t *testing.T) {
	t.Parallel()
	run := stored(1)
	run.Checks = []samples.Checked{{Checks: []trial.Check{{Variant: "other", WrongAt: "key 7", Detail: "differs"}}}}
	r := Analyse(run, nil)
	if len(r.Wrong) != 1 || r.Wrong[0].Variant != "other" || r.Wrong[0].At != "key 7" {
		t.Errorf("wrong %+v", r.Wrong)
	}
}

func TestDigestsOfTimedRestartsMustAgreeExceptBetweenTwins(t *testing.T) {
	t.Parallel()
	run := stored(1)
	for i := range run.Restarts {
		run.Restarts[i].Endings = []trial.Ending{{Digests: []uint64{1, 2}}}
	}
	r := Analyse(run, nil)
	if len(r.Wrong) != 1 || r.Wrong[0].Variant != "other" {
		t.Errorf("wrong %+v, want one row for other and none for the control's twin", r.Wrong)
	}
}

func TestARunWithoutATailIsPartial(t *testing.T) {
	t.Parallel()
	run := stored(1.1)
	run.Tail = nil
	if r := Analyse(run, nil); !r.Partial {
		t.Error("a run that was cut off is not called partial")
	}
}

func TestScenariosSayWhetherTheRankingHolds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		beside float64
		holds  bool
		want   string
	}{{1.1, true, "every verdict hold"}, {0.9, false, "turned round"}} {
		run := stored(1.1)
		g := run.Plan.Groups[0]
		g.Scenario = "cpu"
		run.Plan.Groups = append(run.Plan.Groups, g)
		for _, r := range restarts(3, 12, 10, c.beside, 1, 0.1) {
			r.Group = 2
			run.Restarts = append(run.Restarts, r)
		}
		r := Analyse(run, nil)
		if len(r.Rankings) != 1 || r.Rankings[0].Holds != c.holds || !strings.Contains(r.Rankings[0].Sentence, c.want) {
			t.Errorf("ratio %v beside cpu: %+v", c.beside, r.Rankings)
		}
	}
}

func TestASweepIsFittedOverItsSizes(t *testing.T) {
	t.Parallel()
	run := stored(1)
	g := run.Plan.Groups[0]
	run.Plan.SweepField, run.Plan.Groups, run.Restarts = "count", nil, nil
	for i, n := range []int{100, 1000, 10000, 100000} {
		g.Sweep = float64(n)
		g.Workload = "uniform:0-9,count=" + strings.Repeat("0", i) + "1"
		run.Plan.Groups = append(run.Plan.Groups, g)
		for _, r := range restarts(uint64(i), 8, 10, 1, 0.1, 0.1) {
			r.Group = i
			for k := range r.Ops {
				r.Thread[k] *= int64(n / 100) // both arms: linear
				r.Wall[k] *= int64(n / 100)
			}
			run.Restarts = append(run.Restarts, r)
		}
	}
	for i := range 4 { // and beside a neighbour, where the same restarts make curves of their own
		g := run.Plan.Groups[i]
		g.Scenario, g.Within = "writer", true
		run.Plan.Groups = append(run.Plan.Groups, g)
	}
	for _, r := range run.Restarts {
		r.Group += 4
		run.Restarts = append(run.Restarts, r)
	}
	r := Analyse(run, nil)
	if len(r.Curves) != 4 || r.Curves[0].Scenario != "" || r.Curves[2].Scenario != "writer" || len(r.Curves[0].Points) != 4 || r.Curves[0].Models[0].Name != "O(n)" || !strings.Contains(r.Curves[0].Claim, "O(n)") {
		t.Errorf("curves %+v", r.Curves)
	}
}

func TestRunsAreComparedByTheirRatiosToTheBase(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		after float64
		want  string
	}{{1.1, "same"}, {1.3, "slower"}, {1, "faster"}} {
		a, b := stored(1.1), stored(c.after)
		for i := range b.Restarts { // the machine was half as fast the second time
			for k := range b.Restarts[i].Thread {
				b.Restarts[i].Thread[k] *= 2
				b.Restarts[i].Wall[k] *= 2
			}
		}
		for _, row := range CompareRuns(a, b, Analyse(a, nil), Analyse(b, nil)) {
			if row.Variant == "other" && row.Unit == "ns/op" && row.Verdict != c.want {
				t.Errorf("ratio 1.1 then %v: %s, want %s", c.after, row.Verdict, c.want)
			}
			if row.Variant == "base" && row.Unit == "ns/op" && row.Verdict != "" {
				t.Errorf("the base has a verdict, %s, though nothing pairs it", row.Verdict)
			}
		}
	}
}

func TestTimesFromAnotherCPUAreNotCompared(t *testing.T) {
	t.Parallel()
	a, b := stored(1.1), stored(1.3)
	ra, rb := Analyse(a, nil), Analyse(b, nil)
	ra.Host.CPU, rb.Host.CPU = "one", "another"
	for _, row := range CompareRuns(a, b, ra, rb) {
		if row.Unit == "ns/op" && (row.Verdict != "" || !strings.Contains(row.Note, "another")) {
			t.Errorf("row %+v compares times of different CPUs", row)
		}
	}
}

func TestClaimsTakeThePairedRatioWhereThereIsOne(t *testing.T) {
	t.Parallel()
	room := lab.Room{Name: "toy", Claims: []lab.Claim{
		{Op: "get", Variant: "other", Base: "base", Workload: "uniform:0-9", Unit: "ns/op", Published: 1.1, Lo: 1.08, Hi: 1.12},
		{Op: "get", Variant: "absent", Workload: "uniform:0-9", Unit: "ns/op", Published: 1, Lo: 0, Hi: 2},
	}}
	r := Analyse(stored(1.1), []lab.Room{room})
	if len(r.Claims) != 1 || !r.Claims[0].Reproduced || r.Claims[0].Measured != comparison(t, r, "ns/op").Ratio {
		t.Errorf("claims %+v", r.Claims)
	}
}

func TestPercentilesOfOperationsShorterThanTheClockCarryAWarning(t *testing.T) {
	t.Parallel()
	run := stored(1)
	run.Latencies = []samples.Latencies{{Arms: []trial.Latency{
		{Variant: "base", Ops: 10, ClockCost: 25, Quantiles: map[string]float64{"p50": 60}},
		{Variant: "other", Ops: 10, ClockCost: 25, Quantiles: map[string]float64{"p50": 6000}},
	}}}
	r := Analyse(run, nil)
	text := strings.Join(r.Warnings, "\n")
	if !strings.Contains(text, "base, 60 ns") || strings.Contains(text, "other, 6000") {
		t.Errorf("warnings %q", text)
	}
}
