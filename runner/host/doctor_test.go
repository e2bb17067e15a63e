package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"syscall"
	"testing"
	"time"

	"assay/runner/clock"
)

// ticking is a clock that moves by itself: each reading takes cost or
// a little more, the thread clock shows whole steps only, and sleeps are late.
type ticking struct {
	clock.Fake
	cost, step, late time.Duration
	reads            time.Duration
}

func (c *ticking) Read() clock.Reading {
	c.reads++
	cost := c.cost + c.reads%3 // else the grain would seem to be the cost
	c.Advance(cost, cost)
	r := c.Fake.Read()
	r.Thread = r.Thread.Truncate(c.step)
	return r
}

func (c *ticking) Wall() time.Duration {
	c.Advance(25, 25)
	return c.Fake.Wall()
}

func (c *ticking) Sleep(_ context.Context, d time.Duration) error {
	c.Advance(d+c.late, 0)
	return nil
}

func everything(string) (string, error) { return "/usr/bin/program", nil }
func nothing(string) (string, error)    { return "", errors.New("not found") }

func TestDoctorMatchesGoldens(t *testing.T) {
	t.Parallel()
	good := probes{
		clock:    &ticking{cost: 1100, step: 1, late: 60 * time.Microsecond},
		supports: clock.Support{Thread: true, Process: true, Involuntary: true},
		look:     everything, perf: func() (uint64, error) { return 4242, nil }, paranoid: "2",
	}
	bad := probes{
		clock:    &ticking{cost: 2500, step: 4 * time.Millisecond, late: 3 * time.Millisecond},
		supports: clock.Support{Thread: true, Process: true, Involuntary: true},
		look:     nothing, perf: func() (uint64, error) { return 0, syscall.ENOENT },
	}
	foreign := bad
	foreign.clock = &clock.Fake{}
	foreign.supports = clock.Support{Process: true, Note: "no CPU clock per thread here"}
	for name, c := range map[string]struct {
		tree, source string
		p            probes
	}{
		"good": {"server", "/home/me/assay", good}, "bad": {"container-1.5", "", bad}, "foreign": {"empty", "", foreign},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := json.MarshalIndent(diagnose(inspect(plant(t, c.tree), fixed(8, 8)), c.source, c.p), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "testdata/doctor/"+name+".json", string(b)+"\n")
		})
	}
}

func TestDoctorOfThisMachineMendsWhatItFaults(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, f := range Doctor(Inspect("/"), "") {
		if f.Name == "" || f.Value == "" || f.Why == "" || f.OK != (f.Mend == "") || seen[f.Name] {
			t.Errorf("finding lacks a part or is named twice: %+v", f)
		}
		seen[f.Name] = true
	}
}

func TestEachWayToLackCountersHasItsOwnMend(t *testing.T) {
	t.Parallel()
	wrapped := func(e syscall.Errno) error { return fmt.Errorf("from perf_event_open: %w", e) }
	mends := map[string]string{}
	for name, c := range map[string]struct {
		err      error
		paranoid string
		why      string
	}{
		"ENOENT":          {wrapped(syscall.ENOENT), "2", "the kernel sees no performance counters in this CPU, as on most virtual machines"},
		"EACCES level 4":  {wrapped(syscall.EACCES), "4", "kernel.perf_event_paranoid is 4, which forbids counters without privilege"},
		"EPERM container": {wrapped(syscall.EPERM), "2", "the system call is forbidden although kernel.perf_event_paranoid is 2: a container's seccomp profile or a security module does so"},
		"EOPNOTSUPP":      {wrapped(syscall.EOPNOTSUPP), "2", "the kernel, its CPU driver or this operating system does not support the counter"},
		"EMFILE":          {wrapped(syscall.EMFILE), "2", "the counter failed in an unusual way"},
	} {
		f := perfFinding(0, c.err, c.paranoid)
		if f.OK || f.Why != c.why || f.Value != c.err.Error() {
			t.Errorf("%s: %+v", name, f)
		}
		if other, ok := mends[f.Mend]; ok {
			t.Errorf("%s and %s have one mend: %s", name, other, f.Mend)
		}
		mends[f.Mend] = name
	}
	if f := perfFinding(0, wrapped(syscall.ENOSYS), ""); f.Why != perfFinding(0, wrapped(syscall.EOPNOTSUPP), "").Why {
		t.Errorf("ENOSYS: %+v", f)
	}
	if f := perfFinding(0, nil, "2"); f.OK || f.Value != "silent" {
		t.Errorf("a counter that counts nothing passes: %+v", f)
	}
}

func TestStepFindsTheGrainUnderTheCostOfReading(t *testing.T) {
	t.Parallel()
	for _, want := range []time.Duration{1, 1000, 4 * time.Millisecond} {
		c := &ticking{cost: 1117, step: want}
		if got := step(func() time.Duration { return c.Read().Thread }); got != want {
			t.Errorf("steps of %v measured as %v", want, got)
		}
	}
	if got := step(func() time.Duration { return 5 }); got != 0 {
		t.Errorf("a clock that stands steps by %v", got)
	}
}
