package gobench

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"assay/runner/plan"
	"assay/runner/trial"
)

// observed are benchmarks whose setup is as dear as their work: one resets its
// timer behind it, one loops, one stops its timer around it every time.
const observed = `package m

import "testing"

var sink []byte
var total int

//go:noinline
func prepare() {
	for i := range 200_000 {
		total += i * total
	}
	sink = make([]byte, 3000)
}

//go:noinline
func work() {
	for i := range 2000 {
		total ^= i * total
	}
	sink = make([]byte, 100)
}

func BenchmarkReset(b *testing.B) {
	prepare()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		work()
	}
}

func BenchmarkLoop(b *testing.B) {
	prepare()
	for b.Loop() {
		work()
	}
}

func BenchmarkStops(b *testing.B) {
	for b.Loop() {
		work()
		b.StopTimer()
		prepare()
		b.StartTimer()
	}
}
`

// inFunction sums a value up over the samples of a function, those of the timed
// phase or all.
func inFunction(t *testing.T, data []byte, value, function string, timed bool) (sum int64) {
	t.Helper()
	if len(data) == 0 {
		return 0
	}
	p, err := profile.ParseData(data)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range p.SampleType {
		for _, s := range p.Sample {
			if v.Type != value || timed && !s.HasLabel("phase", "timed") {
				continue
			}
			for _, l := range s.Location {
				for _, line := range l.Line {
					if line.Function.Name == function {
						sum += s.Value[i]
					}
				}
			}
		}
	}
	return sum
}

func TestAProfileHoldsWhatTheBenchmarkTimesAndNoSetup(t *testing.T) {
	t.Parallel()
	s := source(t, observed)
	for _, op := range []string{"BenchmarkReset", "BenchmarkLoop", "BenchmarkStops"} {
		g := plan.Group{Family: "m", Op: op, Workload: plainWorkload}
		s.settings[keyOf(g)] = setting{count: 50}
		pass := func(kind string, millis int) trial.ProfileReport {
			r, err := s.Profile(t.Context(), g, plan.Trial{Arms: []plan.Arm{{Name: headSide, Variant: headSide}}, Profile: kind, Restart: 1, Hertz: 100, Millis: millis})
			if err != nil || r.Ops < 50 || r.Ops%50 != 0 || r.CPU <= 0 || r.Process < r.CPU {
				t.Fatalf("%s: %s: %d operations in %v s of %v: %v", op, kind, r.Ops, r.CPU, r.Process, err)
			}
			return r
		}
		r := pass("allocs", 5)
		grown := func(function string) int64 {
			return inFunction(t, r.Profile, "alloc_objects", function, false) - inFunction(t, r.Before, "alloc_objects", function, false)
		}
		if worked, prepared := grown("example.com/m.work"), grown("example.com/m.prepare"); worked != r.Ops || prepared != 0 {
			t.Errorf("%s: %d allocations of work and %d of prepare in %d operations", op, worked, prepared, r.Ops)
		}
		var worked, prepared int64
		for tries := 0; worked == 0 && tries < 10; tries++ { // a machine may have no time for us
			data := pass("cpu", 150*(1+tries)).Profile
			worked = inFunction(t, data, "cpu", "example.com/m.work", true)
			prepared = inFunction(t, data, "cpu", "example.com/m.prepare", true)
		}
		if worked == 0 || prepared > 0 {
			t.Errorf("%s: %d ns of work and %d of prepare are labelled as timed", op, worked, prepared)
		}
	}
}

func TestEveryKindOfProfileCanBeTakenOfABenchmark(t *testing.T) {
	t.Parallel()
	s := source(t, observed)
	g := plan.Group{Family: "m", Op: "BenchmarkLoop", Workload: plainWorkload}
	s.settings[keyOf(g)] = setting{count: 50}
	for _, whole := range []bool{false, true} {
		s.whole = whole
		for _, kind := range (plan.Profiles{}).Kinds() {
			r, err := s.Profile(t.Context(), g, plan.Trial{Arms: []plan.Arm{{Name: headSide, Variant: headSide}}, Profile: kind, Restart: 1, Hertz: 200, Millis: 20})
			if err != nil || r.Ops == 0 || len(r.Profile) == 0 || r.Whole != whole {
				t.Errorf("%s: %d operations, %d bytes, whole %v: %v", kind, r.Ops, len(r.Profile), r.Whole, err)
			}
			if kind == "trace" && !bytes.HasPrefix(r.Profile, []byte("go 1.")) {
				t.Errorf("the trace begins %.16q", r.Profile)
			}
			if _, err := profile.ParseData(r.Profile); err != nil && kind != "trace" {
				t.Errorf("%s: %v", kind, err)
			}
		}
	}
	s.whole = false
	if _, err := s.Profile(t.Context(), g, plan.Trial{Arms: []plan.Arm{{Variant: headSide}}, Profile: "goroutine", Millis: 1}); err == nil || !strings.Contains(err.Error(), "goroutine") {
		t.Errorf("error %v", err)
	}
}
