package runner

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"assay/profiles"
	"assay/runner/clock"
	"assay/runner/plan"
	"assay/runner/samples"
	"assay/runner/trial"
)

// profiler is a scripted source whose passes return made-up profiles.
type profiler struct {
	scripted
	asked *[]plan.Trial
	fails string // this kind
	stop  func() // called when so many passes were asked for
	after int

	program string            // whose machine code is looked at
	hot     map[string]string // operation -> the function that all samples are in; "toy."+operation where it is not named
}

func (s profiler) Profile(ctx context.Context, _ plan.Group, t plan.Trial) (trial.ProfileReport, error) {
	*s.asked = append(*s.asked, t)
	if s.stop != nil && len(*s.asked) > s.after {
		s.stop()
		return trial.ProfileReport{}, ctx.Err()
	}
	if t.Profile == s.fails {
		return trial.ProfileReport{}, errors.New("not today")
	}
	f := &profile.Function{ID: 1, Name: cmp.Or(s.hot[t.Op], "toy."+t.Op)}
	l := &profile.Location{ID: 1, Line: []profile.Line{{Function: f}}}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}}, Period: 5e6,
		Sample:   []*profile.Sample{{Location: []*profile.Location{l}, Value: []int64{10, 5e7}, Label: map[string][]string{"phase": {"timed"}}}},
		Location: []*profile.Location{l}, Function: []*profile.Function{f},
	}
	var out bytes.Buffer
	err := p.Write(&out)
	return trial.ProfileReport{Ops: 1000, CPU: 0.05, Process: 0.05, Profile: out.Bytes()}, err
}

// profiledRun carries out a plan with profiles and reads the run back.
func profiledRun(t *testing.T, ctx context.Context, p plan.Plan, s profiler) (*samples.Run, []plan.Trial, error) { //nolint:revive // t comes first in tests
	t.Helper()
	asked := []plan.Trial{}
	s.asked, s.started = &asked, &atomic.Int64{}
	if s.scripts == nil {
		s.scripts = map[string]string{"a": "2", "b": "2"}
	}
	run, failed := carriedOut(t, ctx, p, Runner{Clock: clock.System(), Source: s, Program: s.program})
	return run, asked, failed
}

func TestProfilesAreTakenInSeededRestartsAndMergedByVariant(t *testing.T) {
	t.Parallel()
	p := planned("a", "b")
	p.Profile = []string{"cpu"}
	p.Budget = 4.8 // a quarter of it, for four: 300 ms each
	run, asked, err := profiledRun(t, context.Background(), p, profiler{})
	if err != nil || len(run.Profiles) != 16 || len(asked) != 16 {
		t.Fatalf("%d records of %d passes, %v", len(run.Profiles), len(asked), err)
	}
	seeds := map[string]uint64{}
	for _, a := range asked {
		key := a.Op + string(rune('0'+a.Restart))
		if known, ok := seeds[key]; ok && known != a.Seed {
			t.Errorf("%s: both arms of a restart draw the same inputs", key)
		}
		seeds[key] = a.Seed
		if a.Arms[0].Batches != 4 || a.Millis != 75 || a.Hertz < 100 {
			t.Errorf("the pass is not that of the timed restarts: %+v", a)
		}
	}
	if len(seeds) != 8 {
		t.Errorf("%d pairs of operation and restart, want 8", len(seeds))
	}
	for _, arm := range []string{"base", "other"} {
		data, err := os.ReadFile(filepath.Join(run.Dir, "profiles", "toy-"+arm+"-cpu.pb.gz"))
		if err != nil {
			t.Fatal(err)
		}
		merged, err := profile.ParseData(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range []string{"a", "b"} {
			var restarts []string
			for _, s := range profiles.Timed(merged, op, "none").Sample {
				restarts = append(restarts, s.Label["restart"]...)
			}
			slices.Sort(restarts)
			if got := strings.Join(restarts, " "); got != "1 2 3 4" {
				t.Errorf("%s of %s holds restarts %s", op, arm, got)
			}
		}
	}
	if x := run.Profiles[0]; x.Ops != 1000 || x.Sampled != 0.05 || x.Period != 5e6 || x.NsPerOp != 50_000 || strings.Contains(strings.Join(run.Warnings, " "), "profile") {
		t.Errorf("%+v, warnings %q", x, run.Warnings)
	}
}

func TestAProfilerThatFailsIsOneWarningAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	p := planned("a")
	p.Profile = []string{"cpu", "trace"}
	run, _, err := profiledRun(t, context.Background(), p, profiler{fails: "cpu"})
	if err != nil || len(run.Profiles) != 2 || run.Profiles[0].Kind != "trace" || run.Profiles[0].File == run.Profiles[1].File {
		t.Fatalf("%+v, %v", run.Profiles, err)
	}
	if got := strings.Join(run.Warnings, "\n"); strings.Count(got, "no cpu profile of") != 2 || !strings.Contains(got, "toy/a under none: no cpu profile of base: not today") {
		t.Errorf("warnings %s", got)
	}
	for _, x := range run.Profiles {
		if _, err := os.Stat(filepath.Join(run.Dir, x.File)); err != nil {
			t.Error(err)
		}
	}
}

func TestWhatWasProfiledBeforeAnInterruptIsKept(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	p := planned("a")
	p.Profile = []string{"cpu"}
	run, _, err := profiledRun(t, ctx, p, profiler{stop: cancel, after: 3})
	if !errors.Is(err, context.Canceled) || len(run.Profiles) != 3 {
		t.Fatalf("%d records, %v", len(run.Profiles), err)
	}
	for _, x := range run.Profiles {
		if _, err := os.Stat(filepath.Join(run.Dir, x.File)); err != nil {
			t.Errorf("a record names a file that is not there: %v", err)
		}
	}
}

func TestAProfileIsRepeatedAsOftenAsItIsWorth(t *testing.T) {
	t.Parallel()
	planned := schedule{4, 50 * time.Millisecond} // half a second, starts included
	for _, c := range []struct {
		done   int
		spent  time.Duration
		broken bool
		want   bool
	}{
		{0, 0, false, true},
		{0, 0, true, false},
		{2, 900 * time.Millisecond, false, true},
		{3, 900 * time.Millisecond, false, true},
		{3, 1100 * time.Millisecond, false, false}, // long, and enough for an interval
		{2, 3900 * time.Millisecond, false, true},
		{2, 4100 * time.Millisecond, false, false}, // an interval would cost too much
		{4, 0, false, false},
	} {
		p := profiled{schedule: planned, done: c.done, spent: c.spent, broken: c.broken}
		if got := p.due(); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestSamplesThatMissTheCPUTimeAreReported(t *testing.T) {
	t.Parallel()
	record := func(cpu, process, sampled float64) samples.Profiled {
		return samples.Profiled{Kind: "cpu", File: "f", CPU: cpu, Process: process, Sampled: sampled, Period: 5e6}
	}
	for want, c := range map[string][]samples.Profiled{
		"":  {record(1, 1, 0.95), record(1, 1, 1.02)},
		" ": {record(0.05, 0.05, 0.02)}, // ten samples may well be four
		"f: samples account for 0.5 s where 2 s of CPU time were used": {record(1, 1, 0.25), record(1, 1, 0.25)},
		"f: samples account for 5 s where 3 s of CPU time were used":   {record(1, 3, 5)},
		"  ": {record(1, 3, 2)}, // other threads worked for it
	} {
		got := strings.Join(missed([]string{"f"}, c), "\n")
		if strings.TrimSpace(want) == "" && got != "" || !strings.HasPrefix(got, strings.TrimSpace(want)) {
			t.Errorf("%+v: %q, want %q", c, got, want)
		}
	}
}

func TestSamplesAreTakenNoFasterThanTheKernelTicks(t *testing.T) {
	t.Parallel()
	for tick, want := range map[time.Duration]int{0: 100, time.Millisecond: 200, 4 * time.Millisecond: 200, 10 * time.Millisecond: 100} {
		if got := hertz(tick); got != want {
			t.Errorf("a tick of %v: %d samples a second, want %d", tick, got, want)
		}
	}
}
