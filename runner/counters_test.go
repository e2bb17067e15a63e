package runner

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"runtime"
	"testing"

	"assay/runner/clock"
	"assay/runner/lab"
	"assay/runner/mark"
	"assay/runner/plan"
	"assay/runner/process"
	"assay/runner/samples"
	"assay/runner/samples/work"
	"assay/workloads"
)

// realWorker has this binary serve real trials of countedRooms.
const realWorker = "real"

// worker is the contract of the family that is counted: some work on a key.
type counts interface{ Do(key uint64) uint64 }

// mixing does a fixed number of rounds of arithmetic and unpredictable branches.
type mixing struct{ rounds int }

func (m mixing) Do(key uint64) uint64 {
	for range m.rounds {
		key = mixed(key)
		if key>>63 == 1 {
			key = mixed(key)
		}
	}
	return key
}

//go:noinline
func mixed(x uint64) uint64 { return x*6364136223846793005 + 1442695040888963407 }

// writing makes three system calls on two kinds for each key.
type writing struct {
	file *os.File
	byte [1]byte
}

func (w *writing) Do(key uint64) uint64 {
	w.file.Write(w.byte[:])             //nolint:errcheck // the count shows whether it was made
	w.file.Write(w.byte[:])             //nolint:errcheck // as above
	w.file.Seek(0, io.SeekStart)        //nolint:errcheck // as above
	return uint64(len(w.byte)) + key>>9 // an answer
}

func countedRooms() []lab.Room {
	do := func(t *lab.T, c counts) error {
		for batch := range t.Batches {
			sum := uint64(0)
			for _, e := range batch {
				sum += c.Do(e.Key)
			}
			t.Fold(sum)
		}
		return nil
	}
	return []lab.Room{lab.Family[counts]{
		Name: "counted", Base: "once", Workloads: []string{"uniform:0-1000000"},
		Ops: []lab.Op[counts]{{Name: "do", Draws: workloads.Present, Run: do}},
		Variants: []lab.Variant[counts]{
			{Name: "once", New: func(*lab.Env) (counts, error) { return mixing{20}, nil }},
			{Name: "twice", New: func(*lab.Env) (counts, error) { return mixing{40}, nil }},
			{Name: "writing", New: func(e *lab.Env) (counts, error) {
				f, err := os.Create(e.Dir + "/file")
				return &writing{file: f}, err
			}},
		},
	}.Erase()}
}

// countedPlan counts the variants in one process.
func countedPlan(variants ...string) plan.Plan {
	g := plan.Group{Family: "counted", Op: "do", Workload: "uniform:0-1000000", Base: "once", SliceNS: 1000}
	for _, v := range variants {
		g.Arms = append(g.Arms, plan.Arm{Name: v, Variant: v})
	}
	return plan.Plan{Schema: plan.Schema, Seed: 1, Layouts: 1, Counters: "simulated", Groups: []plan.Group{g}}
}

// counted carries out the counting passes alone and returns the work of each
// arm by way of counting.
func counted(t *testing.T, p plan.Plan) map[string]map[string]work.Arm {
	t.Helper()
	j, err := samples.Create(t.TempDir(), p, samples.Head{})
	if err != nil {
		t.Fatal(err)
	}
	self := process.Command{Path: os.Args[0], Env: []string{scriptVariable + "=" + realWorker}}
	tracer := self // its own environment, too
	r := run{Runner: &Runner{Clock: clock.System(), Rooms: countedRooms(), Source: Lab{self}, Helper: tracer}, plan: p, journal: j}
	for i, g := range p.Groups {
		r.groups = append(r.groups, newGroup(i, g, p, r.Rooms))
	}
	if err := errors.Join(r.chooseWays(t.Context()), r.count(t.Context())); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	stored, err := samples.Open(j.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range stored.Warnings {
		t.Error(w)
	}
	works := map[string]map[string]work.Arm{}
	for _, pass := range stored.Counts {
		works[pass.Way] = map[string]work.Arm{}
		for _, w := range pass.Arms {
			works[pass.Way][w.Arm] = w
		}
	}
	return works
}

// needsValgrind skips where counts cannot be simulated.
func needsValgrind(t *testing.T) {
	t.Helper()
	switch _, err := exec.LookPath("valgrind"); {
	case err != nil:
		t.Skip("valgrind is not in PATH: install the package valgrind to test simulated counts")
	case runtime.GOARCH != "amd64":
		t.Skip("simulated counts need amd64")
	case raced:
		t.Skip("valgrind cannot run the race detector: run this test without -race")
	}
}

func TestCountsAreOfTheOperationsAlone(t *testing.T) {
	t.Parallel()
	needsValgrind(t)
	p := countedPlan("once", "twice")
	p.Groups[0].Arms = append(p.Groups[0].Arms, plan.Arm{Name: "once#2", Variant: "once", Inject: 0.5})
	works := counted(t, p)
	of := func(arm, unit string) float64 { return works[mark.Simulated][arm].Units[unit] }
	// A round is one or two calls of a few instructions, a test and a jump: 20 must
	// differ from 40 by what 20 rounds take, and an operation and a half by half.
	once, twice, half := of("once", "instructions/op"), of("twice", "instructions/op"), of("once#2", "instructions/op")
	loop := twice - once
	if per := loop / 20; per < 10 || per > 32 || once < loop || once > 1.3*loop {
		t.Errorf("20 rounds take %.4g instructions, 40 take %.4g", once, twice)
	}
	if ratio := half / once; math.Abs(ratio-1.5) > 0.01 {
		t.Errorf("half as many operations on top make %.4f times the instructions, want 1.5", ratio)
	}
	if wrong := of("twice", "mispredictions/op"); wrong < 10 || wrong > 30 {
		t.Errorf("of 40 branches that are as good as random %.3g are mispredicted", wrong)
	}
	if calls := works[mark.Calls]["once"].Units; len(calls) != 1 || calls["syscalls/op"] != 0 {
		t.Errorf("arithmetic makes the system calls %v", calls)
	}
}

func TestSystemCallsAreCountedExactlyAndByKind(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("the race detector makes system calls of its own")
	}
	p := countedPlan("once", "writing")
	p.Counters = "auto"
	if _, err := exec.LookPath("valgrind"); err != nil {
		t.Skip("system calls are counted beside instructions: install the package valgrind")
	}
	w := counted(t, p)[mark.Calls]["writing"]
	if got := fmt.Sprint(w.Units); got != "map[lseek-calls/op:1 syscalls/op:3 write-calls/op:2]" || len(w.Inexact) > 0 {
		t.Errorf("counted %s, inexact %v", got, w.Inexact)
	}
}

// The promise: on a machine as busy as it may be, no count of instructions
// differs from another by more than .2 %. ASSAY_LONG=1 counts 10 times beside
// four busy processes.
func TestCountedInstructionsRepeatWithinTheirPromise(t *testing.T) {
	t.Parallel()
	needsValgrind(t)
	runs, busy := 3, 0
	if os.Getenv("ASSAY_LONG") != "" {
		runs, busy = 10, 4
	}
	for range busy {
		hog := exec.CommandContext(t.Context(), "sh", "-c", "while :; do :; done")
		if err := hog.Start(); err != nil {
			t.Fatal(err)
		}
		defer hog.Wait()         //nolint:errcheck // killed on purpose
		defer hog.Process.Kill() //nolint:errcheck // it may be gone
	}
	least, most := map[string]float64{}, map[string]float64{}
	for range runs {
		for arm, w := range counted(t, countedPlan("once", "writing"))[mark.Simulated] {
			x := w.Units["instructions/op"]
			if least[arm] == 0 {
				least[arm] = x
			}
			least[arm], most[arm] = min(least[arm], x), max(most[arm], x)
		}
	}
	if len(least) != 2 {
		t.Fatalf("%d arms counted, want 2", len(least))
	}
	for arm := range least {
		deviation := most[arm]/least[arm] - 1
		t.Logf("%s: %.6g instructions, %d runs within %.4f %%", arm, least[arm], runs, 100*deviation)
		if deviation > 0.002 {
			t.Errorf("%s: %d runs count between %.6g and %.6g instructions: %.3f %% apart", arm, runs, least[arm], most[arm], 100*deviation)
		}
	}
}

func TestWhatTheMachineCannotCountIsAnErrorOrAWarning(t *testing.T) {
	t.Setenv("PATH", "")
	p := countedPlan("once", "twice")
	j, err := samples.Create(t.TempDir(), p, samples.Head{})
	if err != nil {
		t.Fatal(err)
	}
	r := run{Runner: &Runner{Clock: clock.System(), Rooms: countedRooms(), Source: Lab{{}}}, plan: p, journal: j}
	if err := r.chooseWays(t.Context()); err == nil || err.Error() != "no valgrind in PATH: install the package valgrind" {
		t.Errorf("error %v", err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}
