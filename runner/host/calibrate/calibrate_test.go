package calibrate

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"assay/runner/clock"
	"assay/runner/host"
	"assay/runner/sketch"
)

// steady is work of so much CPU time, and more wall time, per operation.
func steady(c *clock.Fake, cpu, wall time.Duration) work {
	return func(n int) (int, error) {
		c.Advance(time.Duration(n)*wall, time.Duration(n)*cpu)
		return n, nil
	}
}

func TestASliceIsTimedByTheClockOfItsConstant(t *testing.T) {
	t.Parallel()
	for on, want := range map[string]float64{onCPU: 3, onWall: 5} {
		var c clock.Fake
		ns, err := repeat(t.Context(), &c, on, steady(&c, 3, 5), nil)
		if err != nil || len(ns) != mostSlices {
			t.Fatalf("%s: %d slices, %v", on, len(ns), err)
		}
		for _, x := range ns {
			if x != want {
				t.Fatalf("%s: %v ns per operation, want %v", on, x, want)
			}
		}
	}
}

func TestWhatRunsBeforeASliceIsNotInIt(t *testing.T) {
	t.Parallel()
	var c clock.Fake
	ns, err := repeat(t.Context(), &c, onWall, steady(&c, 3, 5), func() error { c.Advance(time.Second, time.Second); return nil })
	if err != nil || len(ns) < fewSlices || ns[0] != 5 {
		t.Errorf("%v, %v; want at least %d slices of 5 ns", ns, err, fewSlices)
	}
}

func TestSlowWorkGetsFewSlicesAndNoneLess(t *testing.T) {
	t.Parallel()
	var c clock.Fake
	ns, err := repeat(t.Context(), &c, onWall, steady(&c, 1, time.Minute), nil)
	if err != nil || len(ns) != fewSlices {
		t.Errorf("%d slices of a minute, %v; want %d", len(ns), err, fewSlices)
	}
}

func TestCalibrationEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	var c clock.Fake
	if _, err := repeat(ended, &c, onCPU, steady(&c, 1, 1), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

// taking is a probe that found these values.
func taking(resource string, err error, ns ...float64) probe {
	return probe{sketch.Constant{Resource: resource, Clock: onCPU}, func(context.Context, clock.Clock) ([]float64, error) { return ns, err }}
}

func TestAConstantIsTheMedianOfItsSlicesWithTheirQuartiles(t *testing.T) {
	t.Parallel()
	all, err := measure(t.Context(), &clock.Fake{}, []probe{taking("copy", nil, 5, 1, 4, 2, 3)})
	want := sketch.Constant{Resource: "copy", Clock: onCPU, Ns: 3, Lo: 2, Hi: 4, Slices: 5}
	if err != nil || len(all) != 1 || all[0] != want {
		t.Errorf("%+v, %v; want %+v", all, err, want)
	}
}

func TestWhatCannotBeShownIsLeftOutAndFailuresAreNamed(t *testing.T) {
	t.Parallel()
	all, err := measure(t.Context(), &clock.Fake{}, []probe{
		taking("page-fault", errors.ErrUnsupported),
		taking("mispredict", nil, -1, -2, 1), // a difference that drowned
		taking("copy", nil, 1),
	})
	if err != nil || len(all) != 1 || all[0].Resource != "copy" {
		t.Errorf("%+v, %v; want copy alone", all, err)
	}
	if _, err := measure(t.Context(), &clock.Fake{}, []probe{taking("fsync", errors.New("disk full"))}); err == nil || !strings.Contains(err.Error(), "fsync") {
		t.Errorf("error %v, want one that names fsync", err)
	}
}

func TestTheRingIsOneCircleThroughAllLines(t *testing.T) {
	t.Parallel()
	for _, lines := range []int{8, 63, 4096} {
		all := ring(lines)
		seen := map[*line]bool{}
		for p := &all[0]; !seen[p]; p = p.next {
			seen[p] = true
		}
		if len(seen) != lines {
			t.Errorf("a circle of %d in a ring of %d", len(seen), lines)
		}
	}
}

func TestTheSetsGrowAndAreNamedAfterCachesThatTheMachineHas(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		h    host.Host
		want string
	}{
		"three levels":     {host.Host{L1D: 48 << 10, L2: 1 << 20, L3: 32 << 20}, "L1 L2 L3 L3 memory"},
		"a small third":    {host.Host{L1D: 32 << 10, L2: 1 << 20, L3: 6 << 20}, "L1 L2 L3 memory"},
		"no third":         {host.Host{L1D: 64 << 10, L2: 4 << 20}, "L1 L2 memory"},
		"no second":        {host.Host{L1D: 32 << 10, L3: 8 << 20}, "L1 L3 memory"},
		"a giant third":    {host.Host{L1D: 32 << 10, L2: 1 << 20, L3: 1 << 30}, "L1 L2 L3 memory"},
		"caches not known": {host.Host{}, ""},
	} {
		var names []string
		last := int64(0)
		for _, s := range sets(c.h) {
			names = append(names, s.level)
			if s.bytes <= last || s.bytes > mostMemory {
				t.Errorf("%s: a set of %d bytes after one of %d", name, s.bytes, last)
			}
			last = s.bytes
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s: sets %q, want %q", name, got, c.want)
		}
	}
}

// TestThisMachineHasAPriceForEveryResource measures for real, with small caches
// made up to be quick. It knows nothing of how much: only that all are there,
// above 0, and that nothing is left behind.
func TestThisMachineHasAPriceForEveryResource(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a calibration takes a second of CPU time")
	}
	dir := t.TempDir()
	h := host.Host{CPU: "made up", L1D: 32 << 10, L2: 256 << 10, L3: 2 << 20}
	m, err := Measure(t.Context(), clock.System(), h, dir)
	if err != nil || m.CPU != h.CPU {
		t.Fatalf("the machine of %q, %v", m.CPU, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	drowns := map[string]bool{"disk": true, "mispredict": true} // differences: noise may hide them
	for _, r := range sketch.Resources() {
		ns, ok := m.Each(r.Name, 1<<20)
		if ok != (ns > 0) {
			t.Errorf("%s costs %v ns, %v", r.Name, ns, ok)
		}
		if !ok && runtime.GOOS == "linux" && !drowns[r.Name] {
			t.Errorf("%s has no price", r.Name)
		}
	}
}
