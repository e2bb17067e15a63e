package gobench

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"assay/runner/clock"
	"assay/runner/gobench/build"
	"assay/runner/gobench/overlay"
	"assay/runner/plan"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const benchmarks = `package m

import (
	"fmt"
	"testing"
)

var sink []byte

func BenchmarkN(b *testing.B) {
	fmt.Println("slice 0 1 1 1 1 1")
	for i := 0; i < b.N; i++ {
		sink = make([]byte, 64)
	}
	b.ReportMetric(float64(b.N), "n")
}

func BenchmarkLoop(b *testing.B) {
	calls := 0
	for b.Loop() {
		calls++
		if calls%2 == 0 {
			b.StopTimer()
			sink = make([]byte, 1<<16)
			b.StartTimer()
		}
	}
	if calls != b.N {
		b.Fatal(calls, "calls and b.N is", b.N)
	}
	b.ReportMetric(float64(b.N), "n")
	b.ReportMetric(1, "things/s")
}

func BenchmarkParent(b *testing.B) {
	for _, name := range []string{"a b", "a b", "c/d"} {
		b.Run(name, func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
				}
			})
		})
	}
}
`

// source builds a test binary of the text as a worker and returns the source of it.
func source(t *testing.T, text string) *Source {
	t.Helper()
	if testing.Short() {
		t.Skip("builds programs")
	}
	dir, scratch := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/m\n\ngo 1.24\n", "m_test.go": text} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(scratch, "tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	tools, err := build.Find(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	over, err := overlay.Write(tools.Root, runtime.GOOS, scratch)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(scratch, "m.test")
	cmd := exec.Command("go", "test", "-c", "-overlay="+over, "-o", path, ".")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	b := binary{paths: []string{path}, dir: dir}
	return &Source{
		clock: clock.System(), patience: time.Minute, scratch: scratch, layouts: 1,
		sides:    map[string]map[string]binary{baseSide: {"m": b}, headSide: {"m": b}},
		settings: map[string]setting{}, notes: map[string]string{},
	}
}

func TestAWorkerRunsExactlyTheIterationsItIsAskedFor(t *testing.T) {
	t.Parallel()
	s := source(t, benchmarks)
	for _, name := range []string{"BenchmarkN", "BenchmarkLoop", "BenchmarkParent/a_b#01", "BenchmarkParent/c/d"} {
		g := plan.Group{Family: "m", Op: name, Workload: plainWorkload}
		p, err := s.probe(t.Context(), s.worker(g, baseSide, 0, "time", setting{count: 9}))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		total := 0
		for _, n := range []int{1, 7, 100, 3} {
			got, _, err := p.slice(t.Context(), n)
			if err != nil || got.Ops != int64(n) {
				t.Fatalf("%s: a slice of %d is %+v, %v", name, n, got, err)
			}
			total += n
		}
		e, err := p.end(t.Context())
		p.Close()
		if err != nil || len(e.Units) != 1 {
			t.Fatalf("%s: ending %+v, %v", name, e, err)
		}
		metric := e.Units[0]["n"]
		switch name {
		case "BenchmarkN": // reported after each slice
			if metric.N != 4 || metric.Min != 1 || metric.Max != 100 || math.Abs(metric.Mean-float64(total)/4) > 1e-9 || metric.Better != "lower" {
				t.Errorf("%s: metric %+v", name, metric)
			}
		case "BenchmarkLoop": // once, after the loop
			if metric.N != 1 || metric.Mean != float64(total) || e.Units[0]["things/s"].Better != "higher" {
				t.Errorf("%s: metrics %+v, want n of %d", name, e.Units[0], total)
			}
		}
	}
}

func TestCountsAreExactAndLeaveOutWhatTheTimerLeavesOut(t *testing.T) {
	t.Parallel()
	s := source(t, benchmarks)
	arms := []plan.Arm{{Name: baseSide, Variant: baseSide}, {Name: headSide, Variant: headSide}}
	for name, want := range map[string][2]float64{"BenchmarkN": {1, 64}, "BenchmarkLoop": {0, 0}} {
		g := plan.Group{Family: "m", Op: name, Workload: plainWorkload, SliceNS: 100_000, Arms: arms}
		checks, err := s.Check(t.Context(), g, plan.Trial{Arms: arms})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range checks {
			if c.Failed != "" || c.Allocs != want[0] || c.Bytes != want[1] || len(c.Inexact) != 0 {
				t.Errorf("%s: %+v, want %v allocations and bytes", name, c, want)
			}
		}
		if checks[0].Variant != baseSide || checks[1].Variant != headSide {
			t.Errorf("%s: sides %s and %s", name, checks[0].Variant, checks[1].Variant)
		}
		if n := s.settings[keyOf(g)].count; n < 1 {
			t.Errorf("%s: a slice of %d iterations", name, n)
		}
	}
}

func TestDiscoveryNamesLeavesAsPackageTestingDoes(t *testing.T) {
	t.Parallel()
	s := source(t, benchmarks)
	f, err := s.discover(t.Context(), s.sides[baseSide]["m"], ".")
	want := "BenchmarkN BenchmarkLoop BenchmarkParent/a_b BenchmarkParent/a_b#01 BenchmarkParent/c/d"
	if got := strings.Join(f.names, " "); err != nil || got != want {
		t.Errorf("%s, %v\nwant %s", got, err, want)
	}
	if f, err = s.discover(t.Context(), s.sides[baseSide]["m"], "Parent/a"); err != nil || len(f.names) != 2 {
		t.Errorf("by pattern: %v, %v", f.names, err)
	}
}

func TestTheSourceProfilesAsGoTestDoes(t *testing.T) {
	t.Parallel()
	s := source(t, benchmarks)
	g := plan.Group{Family: "m", Op: "BenchmarkN", Workload: "cpu=1"}
	for _, kind := range []string{"cpu", "heap"} {
		r, err := s.Profile(t.Context(), g, plan.Trial{Arms: []plan.Arm{{Variant: baseSide}}, Profile: kind, Millis: 5})
		if err != nil || len(r.Profile) == 0 || r.Ops < 1 {
			t.Errorf("%s: %d bytes, %d operations, %v", kind, len(r.Profile), r.Ops, err)
		}
	}
	if _, err := s.Latency(t.Context(), g, plan.Trial{}); err == nil {
		t.Error("latencies of a benchmark")
	}
}

// Whole runs answer in the same words, so that nothing else changes.
func TestWholeRunsSpeakTheSameProtocol(t *testing.T) {
	t.Parallel()
	s := source(t, benchmarks)
	b := s.sides[baseSide]["m"]
	cmd := s.command(b, "ignored", "2")
	spec := `{"Path":` + quote(cmd.Path) + `,"Args":["-test.run=^$","-test.cpu=2"],"Name":"BenchmarkParent/a_b#01","Count":5,"Memory":true}`
	var out bytes.Buffer
	err := ServeWhole(t.Context(), strings.NewReader("open {}\nrun 0 1 7\nend\n"), &out, func(string) string { return spec })
	lines := strings.Split(out.String(), "\n")
	if err != nil || len(lines) != 5 || lines[0] != "ready 5" || !strings.HasPrefix(lines[1], "slice 0 7 ") || lines[2] != "ok" || !strings.HasPrefix(lines[3], "end {") {
		t.Errorf("%q, %v", lines, err)
	}
	for _, request := range []string{"run 0 0 x", "run 1 0 1", "sing"} {
		out.Reset()
		if err := ServeWhole(t.Context(), strings.NewReader(request+"\n"), &out, func(string) string { return spec }); err != nil || !strings.HasPrefix(out.String(), "fail ") {
			t.Errorf("%q: %q, %v", request, out.String(), err)
		}
	}
	if err := ServeWhole(t.Context(), strings.NewReader(""), &out, func(string) string { return "" }); err == nil {
		t.Error("no specification is no error")
	}
}

func quote(s string) string { return `"` + s + `"` }

func TestResultLinesAreReadAndNothingElseIs(t *testing.T) {
	t.Parallel()
	name, n, units, ok := parseLine("BenchmarkX/a-2 \t 100\t 12.5 ns/op\t 3 things/op")
	if !ok || name != "BenchmarkX/a-2" || n != 100 || units["ns/op"] != 12.5 || units["things/op"] != 3 {
		t.Errorf("%s %d %v %v", name, n, units, ok)
	}
	for _, line := range []string{"", "BenchmarkX", "BenchmarkX 0 1 ns/op", "BenchmarkX 1 x ns/op", "BenchmarkX 1 1", "ok m 1 s", "BenchmarkX y 1 ns/op"} {
		if _, _, _, ok := parseLine(line); ok {
			t.Errorf("%q is read as a result", line)
		}
	}
	for printed, want := range map[string]bool{"B/x-2": true, "B/x": true, "B/x-2-2": false, "B/x-y": false, "B/": false} {
		if means(printed, "B/x") != want {
			t.Errorf("%q means B/x: %v", printed, !want)
		}
	}
}

func FuzzParseLineNeverPanics(f *testing.F) {
	f.Add("BenchmarkX-2 100 12.5 ns/op")
	f.Fuzz(func(t *testing.T, line string) {
		if name, n, units, ok := parseLine(line); ok && (name == "" || n < 1 || len(units) == 0) {
			t.Fatalf("%q gives %q %d %v", line, name, n, units)
		}
	})
}

func TestSlicesGrowWithTheSetUpOfTheBenchmark(t *testing.T) {
	t.Parallel()
	const slice = 1e6
	for name, c := range map[string]struct {
		base, head curve
		count      int
		cold       bool
		notes      int
	}{
		"plain":            {curve{per: 100}, curve{per: 100}, 10_000, false, 0},
		"one side slower":  {curve{per: 100}, curve{per: 400}, 5_000, false, 0},
		"long operations":  {curve{per: 5e6}, curve{per: 5e6}, 1, false, 0},
		"some set-up":      {curve{per: 100, setup: 2e6}, curve{per: 100}, 10_000, true, 0},
		"much set-up":      {curve{per: 100, setup: 40e6}, curve{per: 100}, 100_000, true, 1},
		"endless set-up":   {curve{per: 100, setup: 9e12}, curve{per: 100}, 500_000, true, 1},
		"stops its timer":  {curve{per: 100, rest: 10_000}, curve{per: 100}, 5_000, false, 0},
		"timed set-up":     {curve{per: 100, fixed: 1e6}, curve{per: 100}, 200_000, false, 1},
		"big timed set-up": {curve{per: 100, fixed: 100e6}, curve{per: 100, fixed: 100e6}, 2_000_000, false, 2},
	} {
		got := choose(c.base, c.head, slice)
		if got.count != c.count || got.cold != c.cold || len(got.notes) != c.notes {
			t.Errorf("%s: %+v, want %d iterations, cold %v, %d notes", name, got, c.count, c.cold, c.notes)
		}
	}
}

func TestTheCurveTellsTimedSetUpFromIterations(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		n           int
		long, short float64
		want        curve
	}{
		"proportional":     {100, 1000, 500, curve{per: 10}},
		"a little fixed":   {100, 1050, 550, curve{per: 10.5}},
		"much fixed":       {100, 2000, 1500, curve{per: 10, fixed: 1000}},
		"odd count":        {3, 60, 20, curve{per: 20}},
		"slower when more": {100, 1000, 300, curve{per: 10}},
		"one":              {1, 1000, 0, curve{per: 1000}},
		"no time at all":   {100, 0, 0, curve{per: 0.01}},
	} {
		if got := fit(c.n, c.long, c.short); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestWhatIsUntimedBelongsToTheCallOrToTheIterations(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		n                        int
		long, short, setup, rest float64
	}{
		"once":           {100, 5e6, 5e6, 5e6, 0},
		"each iteration": {100, 5e6, 2.5e6, 0, 5e4},
		"one":            {1, 5e6, 0, 5e6, 0},
		"nothing":        {100, 0, 0, 0, 0},
	} {
		if setup, rest := outside(c.n, c.long, c.short); setup != c.setup || rest != c.rest {
			t.Errorf("%s: %g and %g, want %g and %g", name, setup, rest, c.setup, c.rest)
		}
	}
}

func TestOptionsThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	good := Options{Each: time.Second}
	if err := good.complete(); err != nil || good.Layouts != 1 || good.Packages[0] != "./..." {
		t.Errorf("%+v, %v", good, err)
	}
	if long := (Options{Each: 5 * time.Second}); long.complete() != nil || runtime.GOOS == "linux" && long.Layouts != autoLayouts {
		t.Errorf("%d layouts for five seconds", long.Layouts)
	}
	for want, o := range map[string]Options{
		"--bench":     {Bench: "("},
		"--alpha":     {Alpha: 2},
		"--threshold": {Threshold: -1},
		"--restarts":  {Restarts: 1},
		"profile":     {Profile: []string{"disk"}},
		"--bin":       {Bins: []string{"a"}},
		"leave out":   {Bins: []string{"a", "b"}, Base: "x"},
	} {
		if err := o.complete(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestTheToolchainOfTheSidesIsRecordedAndTwoOfThemAreAWarning(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		base, head, want string
		warnings         int
	}{
		{"go1.25.1", "go1.25.1", "go1.25.1", 0},
		{"go1.25.1", "go1.26.0", "go1.25.1 and go1.26.0", 1},
	} {
		p := &preparation{out: &Prepared{}}
		p.builtBy(c.base, c.head)
		if p.out.GoVersion != c.want || len(p.out.Warnings) != c.warnings {
			t.Errorf("%s and %s: %q, %v", c.base, c.head, p.out.GoVersion, p.out.Warnings)
		}
	}
}
