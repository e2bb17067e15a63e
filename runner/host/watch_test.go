package host

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"assay/runner/clock"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// stepped is a clock whose Sleep waits for the test, so that the test decides
// what the machine looks like at each sample.
type stepped struct {
	clock.Fake
	asleep chan struct{}      // Sleep was entered: earlier samples are done
	wake   chan time.Duration // how long this sleep took
}

func newStepped() *stepped {
	return &stepped{asleep: make(chan struct{}), wake: make(chan time.Duration)}
}

func (s *stepped) Sleep(ctx context.Context, _ time.Duration) error {
	select {
	case s.asleep <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case d := <-s.wake:
		s.Advance(d, 0)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// machine writes what the watcher reads: the load, microseconds stalled, and
// ticks (of 10 ms) stolen and idle.
func machine(t *testing.T, root string, load float64, stall, steal, idle int) {
	t.Helper()
	for name, text := range map[string]string{
		"proc/loadavg":      fmt.Sprintf("%.2f 0.00 0.00 1/100 42\n", load),
		"proc/pressure/cpu": fmt.Sprintf("some avg10=0.00 avg60=0.00 avg300=0.00 total=%d\n", stall),
		"proc/stat":         fmt.Sprintf("cpu 0 0 0 %d 0 0 0 %d 0 0\n", idle, steal),
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWatchWeighsMomentsAlikeAndIgnoresShortIntervalsInTheMaximum(t *testing.T) {
	t.Parallel()
	root, c := t.TempDir(), newStepped()
	machine(t, root, 1, 5_000_000, 100, 1000)
	w := Watch(root, c, time.Second)
	<-c.asleep
	machine(t, root, 3, 5_500_000, 110, 1090) // one second: 50 % stalled, 10 % stolen
	c.wake <- time.Second
	<-c.asleep
	machine(t, root, 2, 5_600_000, 110, 1190) // one second: 10 % stalled, nothing stolen
	c.wake <- time.Second
	<-c.asleep
	machine(t, root, 2, 5_700_000, 112, 1190) // a tenth: 100 % of both, in 2 ticks
	c.Advance(100*time.Millisecond, 0)
	got := w.Stop()
	want := Activity{
		Load:        Series{N: 4, Mean: 2, Max: 3},
		PressureCPU: Series{N: 3, Mean: 100 * .7 / 2.1, Max: 50},
		Steal:       Series{N: 3, Mean: 100 * 12. / 202, Max: 10},
	}
	if d := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); d != "" {
		t.Errorf("activity differs (-want +got):\n%s", d)
	}
	if again := w.Stop(); again != got {
		t.Errorf("a second Stop says %+v after %+v", again, got)
	}
}

func TestWatchSurvivesCountersThatStepBackOrVanish(t *testing.T) {
	t.Parallel()
	root, c := t.TempDir(), newStepped()
	machine(t, root, 1, 5_000_000, 100, 1000)
	w := Watch(root, c, time.Second)
	<-c.asleep
	machine(t, root, 1, 4_000_000, 90, 1200)
	c.wake <- time.Second
	<-c.asleep
	if err := os.Remove(filepath.Join(root, "proc/pressure/cpu")); err != nil {
		t.Fatal(err)
	}
	c.Advance(time.Second, 0)
	a := w.Stop()
	if a.PressureCPU != (Series{}) {
		t.Errorf("pressure is unreadable at the end, and yet %+v", a.PressureCPU)
	}
	if a.Steal.N == 0 || a.Steal.Mean != 0 || a.Steal.Max != 0 {
		t.Errorf("steal that stepped back gives %+v, want zeros with a count", a.Steal)
	}
}

func TestWatchOfAnUnreadableMachineSaysThatItWasBlind(t *testing.T) {
	t.Parallel()
	a := Watch(t.TempDir(), newStepped(), time.Second).Stop()
	if a != (Activity{}) {
		t.Errorf("activity %+v of nothing", a)
	}
	if w := a.Warnings(2); len(w) != 1 || w[0].Check != "run-blind" || w[0].Severity != Unfit {
		t.Errorf("warnings %v, want run-blind alone", w)
	}
}

func TestWatchReadsThisMachine(t *testing.T) {
	t.Parallel()
	a := Watch("/", clock.System(), time.Hour).Stop()
	for name, s := range map[string]Series{"load": a.Load, "pressure": a.PressureCPU, "steal": a.Steal} {
		if math.IsNaN(s.Mean) || s.Mean < 0 || s.Max < s.Mean && s.N > 0 {
			t.Errorf("%s is %+v", name, s)
		}
	}
}

func TestActivityWarnsAboveTheLimitsOnly(t *testing.T) {
	t.Parallel()
	at := func(load, pressure, steal float64) []string {
		var names []string
		a := Activity{Series{1, load, load}, Series{1, pressure, pressure}, Series{1, steal, steal}}
		for _, w := range a.Warnings(2) {
			var back Warning
			if err := back.UnmarshalText([]byte(w.String())); err != nil || back != w {
				t.Errorf("%q does not read back: %v", w, err)
			}
			names = append(names, w.Check)
		}
		return names
	}
	if got := at(2, 20, 5); got != nil {
		t.Errorf("at the limits: %v", got)
	}
	if got, want := at(2.1, 20.1, 5.1), []string{"run-cpu-pressure", "run-steal"}; !slices.Equal(got, want) {
		t.Errorf("above the limits: %v, want %v", got, want)
	}
	if w := (Activity{Load: Series{1, 2.1, 2.1}}).Warnings(2); len(w) != 1 || w[0].Check != "run-load" {
		t.Errorf("where no pressure can be read: %v", w)
	}
}

func BenchmarkWatcherSample(b *testing.B) {
	w := Watch("/", clock.System(), time.Hour)
	defer w.Stop()
	for b.Loop() {
		w.look()
	}
}
