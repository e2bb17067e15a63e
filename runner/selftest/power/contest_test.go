package main

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"assay/runner/clock"
)

func TestFiveSweepsPlantEveryEffectInEveryKernelOnce(t *testing.T) {
	t.Parallel()
	s := newSchedule(1)
	seen := map[task]int{}
	firsts := 0
	for range len(kernels()) * len(effects()) {
		x, ok := s.next(4) // seconds: too little for the long comparisons
		if !ok || x.seconds != shortest {
			t.Fatalf("%+v, %v: want a task of %g s", x, ok, shortest)
		}
		if x.first {
			firsts++
		}
		seen[task{kernel: x.kernel, effect: x.effect}]++
	}
	for _, k := range kernels() {
		for _, e := range effects() {
			if n := seen[task{kernel: k, effect: e}]; n != 1 {
				t.Errorf("%s at %g: %d times", k, e, n)
			}
		}
	}
	if firsts < 8 || firsts > 22 {
		t.Errorf("the slowed side was first %d times of 30", firsts)
	}
}

func TestTheScheduleSharesTheTimeAndEndsWhenNothingFits(t *testing.T) {
	t.Parallel()
	s := newSchedule(2)
	for range 300 {
		x, _ := s.next(1e9)
		s.spent[x.seconds] += blockSeconds(x.seconds)
	}
	got := s.spent[longest] / (s.spent[shortest] + s.spent[longest])
	if want := shares()[longest]; math.Abs(got-want) > 0.02 {
		t.Errorf("%g s had %.2f of the time, want %.2f", longest, got, want)
	}
	if x, ok := s.next(blockSeconds(shortest) - 0.1); ok {
		t.Errorf("a task was drawn that does not fit: %+v", x)
	}
}

func TestSchedulesOfOneSeedAreEqual(t *testing.T) {
	t.Parallel()
	draw := func(seed uint64) (tasks []task) {
		s := newSchedule(seed)
		for range 40 {
			x, _ := s.next(1e9)
			s.spent[x.seconds]++
			tasks = append(tasks, x)
		}
		return tasks
	}
	if !slices.Equal(draw(3), draw(3)) {
		t.Error("two schedules of one seed differ")
	}
	if slices.Equal(draw(3), draw(4)) {
		t.Error("another seed changes nothing")
	}
}

func TestPaceFindsWhatToTellAMethodThatOvershoots(t *testing.T) {
	t.Parallel()
	p := pace{}
	for range 20 {
		p.learn("go test", shortest, 0.1+1.8*p.tell("go test", shortest))
	}
	if took := 0.1 + 1.8*p.tell("go test", shortest); math.Abs(took/shortest-1) > 0.01 {
		t.Errorf("it takes %.3f s, want %g", took, shortest)
	}
	if got, want := p.tell("go test", longest), p.tell("go test", shortest)*longest/shortest; got != want {
		t.Errorf("the first long comparison is told %g s, want the share of the short ones, %g", got, want)
	}
	if got := p.tell("assay", longest); got != 0.6*longest {
		t.Errorf("one method learnt from another: %g", got)
	}
}

func TestPaceStaysWithinBoundsWhateverHappens(t *testing.T) {
	t.Parallel()
	p := pace{}
	for range 50 {
		p.learn("slow", shortest, 100)
		p.learn("quick", shortest, 0.001)
	}
	if got := p.tell("slow", shortest); math.Abs(got-0.1*shortest) > 1e-12 {
		t.Errorf("slow is told %g s", got)
	}
	if got := p.tell("quick", shortest); math.Abs(got-1.5*shortest) > 1e-12 {
		t.Errorf("quick is told %g s", got)
	}
}

// fakeContest has two methods that take just their time on a fake clock; the
// second fails at its trial number failAt, when that is not 0.
func fakeContest(ctx context.Context, t *testing.T, failAt int, cancel func()) (*contest, error) {
	t.Helper()
	clk := &clock.Fake{}
	n := 0
	takes := func(name string) method {
		return method{name, func(_ context.Context, x task, _ float64) (outcome, error) {
			clk.Advance(time.Duration(x.seconds*float64(time.Second)), 0)
			if n++; n == failAt {
				cancel()
				return outcome{}, errors.New("no luck")
			}
			return outcome{ratio: 1 + x.effect, truth: 1 + x.effect}, nil
		}}
	}
	b, err := openBook(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c := newContest([]method{takes("a"), takes("b")}, options{budget: 5 * time.Minute, seed: 5}, clk, b, func(string) {})
	err = errors.Join(c.run(ctx), b.close())
	kept, readErr := readAll([]string{filepath.Join(filepath.Dir(b.file.Name()), trialsFile)})
	if readErr != nil {
		t.Fatal(readErr)
	}
	if len(kept) != len(c.trials) {
		t.Errorf("%d trials in the file, %d in memory", len(kept), len(c.trials))
	}
	return c, err
}

func TestTheContestKeepsItsBudgetAndGivesEveryTaskToEveryMethod(t *testing.T) {
	t.Parallel()
	c, err := fakeContest(t.Context(), t, 0, func() {})
	if err != nil {
		t.Fatal(err)
	}
	if s := c.spent(); s > 300 || s < 300-blockSeconds(shortest) {
		t.Errorf("spent %g s of 300", s)
	}
	swapped := 0
	for i := 0; i+1 < len(c.trials); i += 2 {
		a, b := c.trials[i], c.trials[i+1]
		if a.task != b.task || a.method == b.method {
			t.Fatalf("trials %d and %d are no pair: %+v, %+v", i, i+1, a, b)
		}
		if a.method == "b" {
			swapped++
		}
	}
	if n := len(c.trials) / 2; swapped < n/4 || swapped > 3*n/4 {
		t.Errorf("b went first in %d of %d tasks", swapped, n)
	}
}

func TestAFailureOrAnInterruptionKeepsWhatWasMeasured(t *testing.T) {
	t.Parallel()
	c, err := fakeContest(t.Context(), t, 8, func() {})
	if err == nil || errors.Is(err, context.Canceled) || len(c.trials) != 7 {
		t.Errorf("after a failure: %v, %d trials", err, len(c.trials))
	}
	ctx, cancel := context.WithCancel(t.Context())
	c, err = fakeContest(ctx, t, 8, cancel)
	if !errors.Is(err, context.Canceled) || len(c.trials) != 7 {
		t.Errorf("after ^C: %v, %d trials", err, len(c.trials))
	}
}
