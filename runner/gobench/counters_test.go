package gobench

import (
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"assay/profiles/counters"
	"assay/runner/gobench/build"
	"assay/runner/plan"
)

const toCount = `package m

import "testing"

var sink uint64

//go:noinline
func mixed(x uint64) uint64 { return x*6364136223846793005 + 1442695040888963407 }

func rounds(n int) {
	for range n {
		sink = mixed(sink)
	}
}

func BenchmarkResets(b *testing.B) {
	rounds(1000 * b.N)
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		rounds(100)
	}
}

func BenchmarkStops(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		rounds(1000)
		b.StartTimer()
		rounds(100)
	}
}

func BenchmarkThreads(b *testing.B) {
	done := make(chan bool)
	for b.Loop() {
		go func() { rounds(100); done <- true }()
		<-done
	}
}
`

// counted is what n iterations and then few of them are counted as, by name.
func counted(t *testing.T, s *Source, name string, n, few int) [2]map[string]float64 {
	t.Helper()
	way, err := s.Choose(t.Context(), "simulated")
	if err != nil {
		t.Fatal(err)
	}
	g, dir := plan.Group{Family: "m", Op: name, Workload: "cpu=2"}, t.TempDir()
	cmd, err := s.Marked(g, plan.Arm{Name: baseSide, Variant: baseSide}, way, dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.probe(t.Context(), way.Wrap(cmd, dir))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	var out [2]map[string]float64
	seen := 0
	for i, ops := range []int{n, few} {
		if _, _, err := p.slice(t.Context(), ops); err != nil {
			t.Fatal(err)
		}
		brackets, err := way.Read(cmd.Path, dir, seen)
		if err != nil {
			t.Fatal(err)
		}
		if out[i], _, err = counters.Bracketed(brackets, seen, dir); err != nil {
			t.Fatal(err)
		}
		seen += len(brackets)
	}
	return out
}

// What a benchmark does outside its timer is not counted, however often it stops
// it, and what it leaves to other goroutines is.
func TestWhatABenchmarkTimesIsCountedAndNothingElse(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("valgrind"); err != nil || runtime.GOARCH != "amd64" {
		t.Skip("work is simulated on amd64 by valgrind: install the package valgrind")
	}
	s := source(t, toCount)
	for name, most := range map[string]float64{"BenchmarkResets": 3000, "BenchmarkStops": 3000, "BenchmarkThreads": 5000} {
		got := counted(t, s, name, 48, 16)
		// A round is a call, a multiplication, an addition and a loop; what is not
		// timed is ten times as many.
		if per := (got[0]["instructions"] - got[1]["instructions"]) / 32; per < 600 || per > most {
			t.Errorf("%s: 100 rounds take %.5g instructions", name, per)
		}
	}
}

func TestWhatCannotBeCountedIsRefusedBeforeAnythingIsBuilt(t *testing.T) {
	race := build.Flags{Build: []string{"-race"}}
	for want, c := range map[string]struct {
		options Options
		flags   build.Flags
	}{
		`unknown way of counting "sundial": choose from auto, perf, simulated, none`: {Options{Counters: "sundial"}, build.Flags{}},
		"leave out --bin":              {Options{Counters: "auto", Bins: []string{"a", "b"}}, build.Flags{}},
		"built with -race":             {Options{Counters: "auto"}, race},
		"--counters perf cannot":       {Options{Counters: "perf"}, build.Flags{}},
		"install the package valgrind": {Options{Counters: "simulated"}, build.Flags{}},
	} {
		t.Setenv("PATH", "")
		if err := c.options.countable(t.Context(), c.flags); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	for _, o := range []Options{{}, {Counters: "none", Bins: []string{"a", "b"}}, {Counters: "auto"}} {
		if err := o.countable(t.Context(), build.Flags{}); err != nil {
			t.Errorf("%q: %v", o.Counters, err)
		}
	}
}

func TestACountedStretchIsBoundedByGarbageAndTime(t *testing.T) {
	t.Parallel()
	for garbage, want := range map[float64]int{0: mostMarked, 1 << 20: 256, 1 << 40: 2} {
		x := setting{}
		x.hold(garbage)
		x.hold(1) // the side that makes less does not matter
		if x.most != want {
			t.Errorf("%g bytes of garbage: %d iterations, want %d", garbage, x.most, want)
		}
	}
	g := plan.Group{Family: "m", Op: "BenchmarkX"}
	s := Source{layouts: 1, settings: map[string]setting{keyOf(g): {once: 2 * time.Second}}}
	if _, err := s.Marked(g, plan.Arm{}, counters.Way{}, "", 0); err == nil || !strings.Contains(err.Error(), "each call of it takes 2 s") {
		t.Errorf("error %v", err)
	}
}
