package runner

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"assay/runner/clock"
	"assay/runner/plan"
	"assay/runner/process"
	"assay/runner/result"
	"assay/runner/samples"
	"assay/runner/trial"
	"assay/runner/verdict"
)

// scripted is a source of scripted workers: the script of each operation.
type scripted struct {
	scripts map[string]string
	control string // the script of the null control, "" for a sound one
	layouts int
	started *atomic.Int64

	limit  int64 // after so many workers
	cancel func()
}

func (s scripted) Layouts() int { return max(1, s.layouts) }

func (s scripted) Worker(g plan.Group, _ plan.Arm, layout int) process.Command {
	if n := s.started.Add(1); s.cancel != nil && n > s.limit {
		s.cancel()
	}
	script := s.scripts[g.Op]
	if g.Control {
		script = cmp.Or(s.control, "1")
	}
	return process.Command{Path: os.Args[0], Env: []string{scriptVariable + "=" + script}}
}

func (s scripted) Check(_ context.Context, g plan.Group, t plan.Trial) ([]trial.Check, error) {
	if s.scripts[g.Op] == "no check" {
		return nil, errors.New("the untimed pass is impossible")
	}
	var checks []trial.Check
	for _, a := range t.Arms {
		c := trial.Check{Variant: a.Name}
		if s.scripts[g.Op] == "bad arm" && a.Name == "other" {
			c.Failed = "it panics"
		}
		checks = append(checks, c)
	}
	return checks, nil
}

func (s scripted) Profile(context.Context, plan.Group, plan.Trial) (trial.ProfileReport, error) {
	return trial.ProfileReport{}, errors.New("no profiler")
}

func (s scripted) Latency(context.Context, plan.Group, plan.Trial) ([]trial.Latency, error) {
	return nil, errors.New("no latency")
}

// planned is a plan of one group per operation, with a control.
func planned(ops ...string) plan.Plan {
	p := plan.Plan{Schema: plan.Schema, Seed: 1, Budget: 60, Threshold: 0.01, Alpha: 0.01, MinRestarts: 8, MaxRestarts: 20, Layouts: 1, Clock: "auto", GC: "default"}
	for _, op := range ops {
		p.Groups = append(p.Groups, plan.Group{
			Family: "toy", Op: op, Workload: "none", Base: "base", SliceNS: 1000,
			Arms: []plan.Arm{{Name: "base", Variant: "base"}, {Name: "other", Variant: "other"}},
		})
		p.Rows++
	}
	control := p.Groups[0]
	control.Control = true
	control.Arms = []plan.Arm{{Name: "base", Variant: "base"}, {Name: "base#2", Variant: "base"}}
	p.Groups = append(p.Groups, control)
	return p
}

// carry runs the plan against scripted workers and reads the run back.
func carry(t *testing.T, ctx context.Context, p plan.Plan, s scripted) (*samples.Run, result.Result, error) { //nolint:revive // t comes first in tests
	t.Helper()
	if s.started == nil {
		s.started = &atomic.Int64{}
	}
	run, failed := carriedOut(t, ctx, p, Runner{Clock: clock.System(), Source: s})
	return run, verdict.Analyse(run, nil), failed
}

// carriedOut carries out a plan and reads back what was stored, with the error
// that ended the run.
func carriedOut(t *testing.T, ctx context.Context, p plan.Plan, r Runner) (stored *samples.Run, failed error) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	j, err := samples.Create(dir, p, samples.Head{})
	if err != nil {
		t.Fatal(err)
	}
	failed = r.Run(ctx, p, j)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if stored, err = samples.Open(dir); err != nil {
		t.Fatal(err)
	}
	return stored, failed
}

func times(r result.Result) map[string]result.Comparison {
	out := map[string]result.Comparison{}
	for _, c := range r.Comparisons {
		if c.Unit == "ns/op" {
			out[c.Op] = c
		}
	}
	return out
}

func TestRunnerFindsPlantedRatiosExactlyAndStopsEarly(t *testing.T) {
	t.Parallel()
	p := planned("slower", "faster", "same")
	_, r, err := carry(t, context.Background(), p, scripted{scripts: map[string]string{"slower": "1.25", "faster": "0.5", "same": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	for op, want := range map[string]float64{"slower": 1.25, "faster": 0.5, "same": 1} {
		c := times(r)[op]
		if c.Verdict != op || c.Ratio < want-1e-3 || c.Ratio > want+1e-3 || c.Restarts != p.MinRestarts {
			t.Errorf("%s: %s at %v after %d restarts, want %v after %d", op, c.Verdict, c.Ratio, c.Restarts, want, p.MinRestarts)
		}
	}
	if r.Control.Verdict != "same" {
		t.Errorf("control is %s", r.Control.Verdict)
	}
}

func TestAFixedNumberOfRestartsIsKeptTo(t *testing.T) {
	t.Parallel()
	p := planned("slower")
	p.MinRestarts, p.MaxRestarts = 5, 5
	run, _, err := carry(t, context.Background(), p, scripted{scripts: map[string]string{"slower": "1.25"}})
	if err != nil {
		t.Fatal(err)
	}
	counts := map[int]int{}
	for _, r := range run.Restarts {
		counts[r.Group]++
	}
	if counts[0] != 5 {
		t.Errorf("%d restarts, want 5", counts[0])
	}
}

func TestWorkersThatMisbehaveFailTheirRowAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]string{
		"dies":      "out of luck",
		"garbage":   "garbage",
		"backwards": "clock went backwards",
		"no check":  "untimed pass is impossible",
	} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			_, r, err := carry(t, context.Background(), planned("good", "bad"), scripted{scripts: map[string]string{"good": "1.25", "bad": script}})
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Failed) != 1 || r.Failed[0].Op != "bad" || !strings.Contains(r.Failed[0].Reason, want) {
				t.Errorf("failed %+v, want one row bad that says %q", r.Failed, want)
			}
			if c := times(r)["good"]; c.Verdict != "slower" {
				t.Errorf("the good row is %s", c.Verdict)
			}
		})
	}
}

func TestAControlThatFailsIsNotTakenForItsRow(t *testing.T) {
	t.Parallel()
	_, r, err := carry(t, context.Background(), planned("good"), scripted{scripts: map[string]string{"good": "1.25"}, control: "dies"})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Failed) != 1 || !strings.HasPrefix(r.Failed[0].Reason, "null control: ") {
		t.Errorf("failed %+v, want the null control, by that name", r.Failed)
	}
	if c := times(r)["good"]; c.Verdict != "slower" {
		t.Errorf("the good row is %s", c.Verdict)
	}
}

func TestAnArmThatFailsItsCheckIsLeftOut(t *testing.T) {
	t.Parallel()
	p := planned("bad arm")
	p.Groups[0].Arms = append(p.Groups[0].Arms, plan.Arm{Name: "third", Variant: "third"})
	run, r, err := carry(t, context.Background(), p, scripted{scripts: map[string]string{"bad arm": "bad arm"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range run.Restarts {
		for _, a := range rec.Arms {
			if a.Name == "other" {
				t.Fatal("an arm that panics was measured")
			}
		}
	}
	if len(r.Failed) != 1 || r.Failed[0].Variant != "other" {
		t.Errorf("failed %+v, want the arm other", r.Failed)
	}
}

func TestCancellingKeepsWhatWasMeasured(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	p := planned("slower")
	p.MinRestarts, p.MaxRestarts = 1000, 1000
	s := scripted{scripts: map[string]string{"slower": "1.25"}, started: &atomic.Int64{}, limit: 4, cancel: cancel}
	run, r, err := carry(t, ctx, p, s)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want canceled", err)
	}
	if len(run.Restarts) == 0 || !r.Partial {
		t.Errorf("%d restarts kept, partial %v", len(run.Restarts), r.Partial)
	}
}

func TestABudgetThatCannotDecideSaysWhatIsNeeded(t *testing.T) {
	t.Parallel()
	p := planned("a", "b", "c", "d")
	p.Budget = 1e-6
	_, r, err := carry(t, context.Background(), p, scripted{scripts: map[string]string{"a": "1", "b": "1", "c": "1", "d": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	if text := strings.Join(r.Warnings, " "); !strings.Contains(text, "--budget") || !strings.Contains(text, "4 of 4 comparisons") {
		t.Errorf("warnings %q do not say which budget is needed", text)
	}
	for op, c := range times(r) {
		if c.Restarts < leastRestarts {
			t.Errorf("%s has %d restarts, want at least %d", op, c.Restarts, leastRestarts)
		}
	}
}

func TestEveryLayoutIsUsedEquallyOften(t *testing.T) {
	t.Parallel()
	p := planned("same")
	p.MinRestarts, p.MaxRestarts, p.Layouts = 12, 12, 4
	run, _, err := carry(t, context.Background(), p, scripted{scripts: map[string]string{"same": "1"}, layouts: 4})
	if err != nil {
		t.Fatal(err)
	}
	counts := map[int]int{}
	for _, r := range run.Restarts {
		if r.Group == 0 {
			counts[r.Layout]++
		}
	}
	for l := range 4 {
		if counts[l] != 3 {
			t.Errorf("layout %d was used %d times of 12, want 3", l, counts[l])
		}
	}
}

func TestIsolatedArmsHaveProcessesOfTheirOwn(t *testing.T) {
	t.Parallel()
	p := planned("same")
	p.Groups[0].Isolated = true
	p.MinRestarts, p.MaxRestarts = 2, 2
	run, _, err := carry(t, context.Background(), p, scripted{scripts: map[string]string{"same": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range run.Restarts {
		if r.Group == 0 && len(r.Endings) != 2 {
			t.Errorf("%d worker endings, want one per arm", len(r.Endings))
		}
	}
}

func TestNothingOfARestartIsLeftInTheTemporaryFolder(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	p := planned("same")
	p.MinRestarts, p.MaxRestarts = 2, 2
	dir := filepath.Join(t.TempDir(), "run")
	j, err := samples.Create(dir, p, samples.Head{})
	if err != nil {
		t.Fatal(err)
	}
	r := Runner{Clock: clock.System(), Source: scripted{scripts: map[string]string{"same": "1"}, started: &atomic.Int64{}}}
	if err := errors.Join(r.Run(context.Background(), p, j), j.Close()); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(temp)
	if err != nil || len(left) > 0 {
		t.Errorf("%v left behind (%v)", left, err)
	}
}
