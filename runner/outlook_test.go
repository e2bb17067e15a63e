package runner

import (
	"math"
	"sync/atomic"
	"testing"
	"time"

	"assay/runner/clock"
	"assay/runner/plan"
	"assay/runner/process"
)

// slow is a source on a clock of its own: each restart of an operation takes
// the seconds given.
type slow struct {
	scripted
	clock *clock.Fake
	cost  map[string]time.Duration
	third time.Duration // of the third restart, where it is not as the others
	begun *atomic.Int64 // restarts but the control's
}

func (s slow) Worker(g plan.Group, a plan.Arm, layout int) process.Command {
	switch {
	case g.Control:
	case s.begun.Add(1) == 3 && s.third > 0:
		s.clock.Advance(s.third, 0)
	default:
		s.clock.Advance(s.cost[g.Op], 0)
	}
	return s.scripted.Worker(g, a, layout)
}

// toldOf carries out a plan and returns everything that was told, with the
// warnings of the stored run.
func toldOf(t *testing.T, p plan.Plan, s slow) (told []Progress, warnings []string) {
	t.Helper()
	s.started, s.begun = &atomic.Int64{}, &atomic.Int64{}
	run, err := carriedOut(t, t.Context(), p, Runner{Clock: s.clock, Source: s, Progress: func(now Progress) { told = append(told, now) }})
	if err != nil {
		t.Fatal(err)
	}
	return told, run.Warnings
}

func timing(told []Progress) []Progress {
	var out []Progress
	for _, p := range told {
		if p.Stage == "timing" {
			out = append(out, p)
		}
	}
	return out
}

func TestTheTimeLeftHoldsBeyondTheBudget(t *testing.T) {
	t.Parallel()
	p := planned("a", "b")
	p.Budget = 2
	s := slow{scripted: scripted{scripts: map[string]string{"a": "1", "b": "1"}}, clock: &clock.Fake{}, cost: map[string]time.Duration{"a": 10 * time.Second, "b": 10 * time.Second}}
	told, _ := toldOf(t, p, s)
	steps := timing(told)
	// Two restarts of 10 s each for a and b, and two of nothing for the control.
	for i, want := range []struct {
		left time.Duration
		done float64
	}{{2 * time.Second, 0}, {50 * time.Second, 1. / 6}} {
		if got := steps[i]; got.Left != want.left || math.Abs(got.Done-want.done) > 1e-6 {
			t.Errorf("step %d: %v left and %.3f done, want %v and %.3f", i, got.Left, got.Done, want.left, want.done)
		}
	}
	last := steps[len(steps)-1]
	if last.Left > 20*time.Second || last.Done < 2./3 {
		t.Errorf("at the end %v is left and %.3f done", last.Left, last.Done)
	}
	for i := range steps[1:] {
		if steps[i+1].Done < steps[i].Done {
			t.Errorf("the share done fell from %v to %v", steps[i].Done, steps[i+1].Done)
		}
	}
}

func TestTheTimeLeftOfAFixedNumberOfRestartsIsTheirs(t *testing.T) {
	t.Parallel()
	p := planned("a")
	p.MinRestarts, p.MaxRestarts = 4, 4
	s := slow{scripted: scripted{scripts: map[string]string{"a": "1"}}, clock: &clock.Fake{}, cost: map[string]time.Duration{"a": 10 * time.Second}}
	told, _ := toldOf(t, p, s)
	// After one of a: three more, and four of the control, which is taken for as slow.
	if now := timing(told)[1]; now.Left != 70*time.Second || math.Abs(now.Done-1./8) > 1e-6 {
		t.Errorf("%v left and %.3f done, want 70 s and 1/8", now.Left, now.Done)
	}
}

func TestTheTimeLeftUntilAllIsDecidedIsUnknownAtFirst(t *testing.T) {
	t.Parallel()
	p := planned("a")
	p.UntilDecided = true
	s := slow{scripted: scripted{scripts: map[string]string{"a": "1.25"}}, clock: &clock.Fake{}, cost: map[string]time.Duration{"a": time.Second}}
	told, _ := toldOf(t, p, s)
	if first := timing(told)[0]; first.Left != 0 || first.Done != 0 {
		t.Errorf("%v left and %v done before anything was timed", first.Left, first.Done)
	}
}
