package verdict

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"assay/runner/plan"
	"assay/runner/samples"
	"assay/runner/trial"
)

// restarts draws so many restarts of two arms that share a process: the second
// takes ratio times as long, with slice noise and a restart effect, in per cent.
func restarts(seed uint64, n, rounds int, ratio, sliceNoise, restartNoise float64) []samples.Restart {
	rng := rand.New(rand.NewPCG(seed, 1))
	out := make([]samples.Restart, n)
	for i := range out {
		r := samples.Restart{Index: i, Arms: []plan.Arm{{Name: "base", Variant: "base"}, {Name: "other", Variant: "other"}}}
		shift := math.Exp(rng.NormFloat64() * restartNoise / 100)
		for _, arm := range plan.Order(plan.Mix(seed, i), 2, rounds) {
			ns := 1e5 * math.Exp(rng.NormFloat64()*sliceNoise/100)
			if arm == 1 {
				ns *= ratio * shift
			}
			r.Order = append(r.Order, arm)
			r.Ops = append(r.Ops, 1000)
			r.Thread = append(r.Thread, int64(ns))
			r.Process = append(r.Process, int64(ns))
			r.Wall = append(r.Wall, int64(ns*1.01))
			r.Switches = append(r.Switches, 0)
		}
		out[i] = r
	}
	return out
}

func pairsOf(rs []samples.Restart) []Pair {
	var pairs []Pair
	for _, r := range rs {
		pairs = append(pairs, Numbers(r, false)["other"])
	}
	return pairs
}

func rules() Rules { return Rules{Alpha: 0.01, Threshold: 0.01, MinN: 8, Clock: "auto", Layouts: 1} }

func TestNumbersOfARestartAreExactWhereTimesAre(t *testing.T) {
	t.Parallel()
	r := samples.Restart{
		Arms:     []plan.Arm{{Name: "base"}, {Name: "other"}},
		Order:    []int{0, 1, 1, 0},
		Ops:      []int64{10, 20, 20, 10},
		Thread:   []int64{1000, 4000, 4000, 1000},
		Process:  []int64{1000, 4000, 4000, 1000},
		Wall:     []int64{2000, 8000, 8000, 2000},
		Switches: []int64{0, 0, 0, 0},
	}
	p := Numbers(r, false)["other"]
	for name, got := range map[string]float64{"CPU": p.CPU, "wall": p.Wall, "p50": p.P50, "p99": p.P99} {
		if math.Abs(got-math.Log(2)) > 1e-12 {
			t.Errorf("log ratio of %s is %v, want log 2", name, got)
		}
	}
	if p.NsCPU != 200 || p.NsWall != 400 || p.Blocked != 2 {
		t.Errorf("got %v ns CPU, %v ns wall, %v blocked; want 200, 400, 2", p.NsCPU, p.NsWall, p.Blocked)
	}
}

func TestDriftWithinARoundCancels(t *testing.T) {
	t.Parallel()
	r := samples.Restart{Arms: []plan.Arm{{Name: "base"}, {Name: "other"}}, Order: []int{0, 1, 1, 0}}
	for _, ns := range []float64{1000, 1100, 1210, 1331} { // every slice 10 % slower than the last
		r.Ops, r.Switches = append(r.Ops, 1), append(r.Switches, 0)
		r.Thread, r.Wall, r.Process = append(r.Thread, int64(ns)), append(r.Wall, int64(ns)), append(r.Process, int64(ns))
	}
	if p := Numbers(r, false)["other"]; math.Abs(p.CPU) > 1e-9 {
		t.Errorf("a steady drift shows as a difference of %v", p.CPU)
	}
}

func TestIsolatedArmsAreComparedByTheSumOfProcessTime(t *testing.T) {
	t.Parallel()
	r := restarts(1, 1, 10, 1, 0, 0)[0]
	for i, arm := range r.Order {
		if arm == 1 && i%7 == 0 {
			r.Process[i] *= 9 // the collector works in a few slices: the fastest slices would not show it
		}
	}
	if p := Numbers(r, true)["other"]; p.CPU < 0.2 {
		t.Errorf("log ratio %v does not show the collector's work", p.CPU)
	}
	if p := Numbers(r, false)["other"]; math.Abs(p.CPU) > 1e-9 {
		t.Errorf("thread time changed by %v although only process time did", p.CPU)
	}
}

func TestWhatTheRuntimeDoesBesideABenchmarkIsNotItsDoing(t *testing.T) {
	t.Parallel()
	r := restarts(1, 1, 10, 1, 0, 0)[0]
	r.Endings = []trial.Ending{{}, {}} // no collector worked
	for i, arm := range r.Order {
		if arm == 1 && i%4 < 2 {
			r.Process[i] += r.Process[i] / 10 // the scheduler's monitor, now and then
		}
	}
	if p := Numbers(r, true)["other"]; math.Abs(p.CPU) > 1e-9 {
		t.Errorf("a thread of the runtime shows as a difference of %v", p.CPU)
	}
	for i, arm := range r.Order {
		if arm == 1 {
			r.Process[i] = 2 * r.Thread[i] // a second goroutine, in every slice
		}
	}
	if p := Numbers(r, true)["other"]; math.Abs(p.CPU-math.Ln2) > 0.01 {
		t.Errorf("a second thread that works all the time shows as a difference of %v, want %v", p.CPU, math.Ln2)
	}
}

func TestVerdictsFollowTheTruth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ratio float64
		want  string
	}{{1.10, "slower"}, {0.90, "faster"}, {1.02, "slower"}, {1, "same"}} {
		j := Judge(pairsOf(restarts(7, 40, 20, c.ratio, 2, 0.3)), rules())
		if j.Verdict != c.want || !j.Decided {
			t.Errorf("true ratio %v: verdict %s (%v [%v %v]), want %s", c.ratio, j.Verdict, j.Ratio, j.Lo, j.Hi, c.want)
		}
		if j.Clock != "cpu" || j.Restarts != 40 {
			t.Errorf("clock %s over %d restarts, want cpu over 40", j.Clock, j.Restarts)
		}
	}
}

func TestFewRestartsDecideNothing(t *testing.T) {
	t.Parallel()
	j := Judge(pairsOf(restarts(7, 7, 20, 2, 5, 0.3)), rules())
	if j.Decided || j.Verdict != "undecided" || j.Remaining < 1 {
		t.Errorf("seven restarts gave %s with %v to go, want undecided and at least 1", j.Verdict, j.Remaining)
	}
}

func TestAWideSpreadIsUndecidedWithAnMDEAboveTheThreshold(t *testing.T) {
	t.Parallel()
	j := Judge(pairsOf(restarts(7, 10, 20, 1, 5, 10)), rules())
	if j.Decided || j.MDE < 0.02 {
		t.Errorf("verdict %s with an MDE of %v", j.Verdict, j.MDE)
	}
	if len(j.Warnings) == 0 || !strings.Contains(j.Warnings[0], "--budget") {
		t.Errorf("warnings %q do not say what to do", j.Warnings)
	}
}

func TestClocksThatContradictEachOtherRefuseTheVerdict(t *testing.T) {
	t.Parallel()
	rs := restarts(7, 20, 20, 1.10, 1, 0.1)
	for k := range rs {
		for i, arm := range rs[k].Order {
			if arm == 1 {
				rs[k].Wall[i] = rs[k].Wall[i] * 80 / 100 / 2 // CPU says slower, wall says faster
			}
		}
	}
	r := rules()
	r.Clock = "cpu"
	j := Judge(pairsOf(rs), r)
	if j.Decided || len(j.Warnings) == 0 || !strings.Contains(j.Warnings[0], "contradict") {
		t.Errorf("verdict %s, warnings %q; want a refusal", j.Verdict, j.Warnings)
	}
}

func TestWorkThatWaitsIsJudgedByWallTime(t *testing.T) {
	t.Parallel()
	rs := restarts(7, 30, 20, 1.10, 1, 0.1)
	for k := range rs {
		for i := range rs[k].Order {
			rs[k].Thread[i] /= 3
		}
	}
	if j := Judge(pairsOf(rs), rules()); j.Clock != "wall" || j.Verdict != "slower" {
		t.Errorf("clock %s, verdict %s; want wall, slower", j.Clock, j.Verdict)
	}
}

func TestADifferenceThatHangsOnOneLayoutIsRefused(t *testing.T) {
	t.Parallel()
	rs := restarts(7, 40, 20, 1, 1, 0.1)
	for k := range rs {
		rs[k].Layout = k % 4
		if rs[k].Layout == 0 { // one placement of four makes the variant 30 % slower
			for i, arm := range rs[k].Order {
				if arm == 1 {
					rs[k].Thread[i] = rs[k].Thread[i] * 13 / 10
				}
			}
		}
	}
	r := rules()
	r.Layouts = 4
	if j := Judge(pairsOf(rs), r); j.Verdict == "slower" || j.Verdict == "faster" || j.Verdict == "same" {
		t.Errorf("verdict %s rests on one layout of four", j.Verdict)
	}
}

func TestVerdictsMirrorWhenArmsAreSwapped(t *testing.T) {
	t.Parallel()
	mirror := map[string]string{"slower": "faster", "faster": "slower", "same": "same", "undecided": "undecided"}
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		ratio := rapid.Float64Range(0.9, 1.1).Draw(t, "ratio")
		pairs := pairsOf(restarts(seed, 12, 8, ratio, 3, 0.5))
		swapped := make([]Pair, len(pairs))
		for i, p := range pairs {
			p.CPU, p.Wall, p.P50, p.P99 = -p.CPU, -p.Wall, -p.P50, -p.P99
			rounds := make([]float64, len(p.Rounds))
			for k, x := range p.Rounds {
				rounds[k] = -x
			}
			p.Rounds = rounds
			swapped[i] = p
		}
		a, b := Judge(pairs, rules()), Judge(swapped, rules())
		if b.Verdict != mirror[a.Verdict] || math.Abs(a.Ratio*b.Ratio-1) > 1e-9 {
			t.Fatalf("%s at %v becomes %s at %v", a.Verdict, a.Ratio, b.Verdict, b.Ratio)
		}
	})
}

func TestVerdictsDoNotDependOnTheUnitOfTime(t *testing.T) {
	t.Parallel()
	rs := restarts(3, 12, 8, 1.03, 3, 0.5)
	a := Judge(pairsOf(rs), rules())
	for k := range rs {
		for i := range rs[k].Order {
			rs[k].Thread[i], rs[k].Wall[i] = rs[k].Thread[i]*1000, rs[k].Wall[i]*1000
		}
	}
	if b := Judge(pairsOf(rs), rules()); a.Verdict != b.Verdict || math.Abs(a.Ratio-b.Ratio) > 1e-9 {
		t.Errorf("%s %v becomes %s %v in picoseconds", a.Verdict, a.Ratio, b.Verdict, b.Ratio)
	}
}

// Simulated runs of one row, looked at after every restart as the runner does.
// With no difference the chance of any faster or slower is at most alpha; 400
// runs at alpha .01 see more than 11 with a chance below one in a thousand.
func TestNothingChangedAlarmsWithinAlphaUnderPeeking(t *testing.T) {
	t.Parallel()
	alarms := 0
	for seed := range uint64(400) {
		pairs := pairsOf(restarts(seed, 24, 6, 1, 5, 2))
		r := rules()
		r.Threshold = 0.001
		for n := r.MinN; n <= len(pairs); n++ {
			if v := Judge(pairs[:n], r).Verdict; v == "faster" || v == "slower" {
				alarms++
				break
			}
		}
	}
	if alarms > 11 {
		t.Errorf("%d false alarms in 400 runs, more than alpha .01 explains", alarms)
	}
}
