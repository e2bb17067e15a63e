package verdict

import (
	"math"
	"testing"

	"assay/runner/lab"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/samples"
	"assay/runner/trial"
)

// waiting is a stored run of arms with processes of their own, which wait as
// long as they work: other takes so many times the CPU time, and as much less
// wall time as faster says.
func waiting(cpu, faster float64) *samples.Run {
	run := stored(cpu)
	for i := range run.Plan.Groups {
		run.Plan.Groups[i].Isolated = true
	}
	for i := range run.Restarts {
		r := &run.Restarts[i]
		for j, arm := range r.Order {
			r.Wall[j] = 2 * r.Process[j]
			if arm == 1 && r.Group == 0 {
				r.Wall[j] = int64(float64(r.Wall[j]) / cpu / faster)
			}
		}
		r.Endings = []trial.Ending{{GCs: 3, Resident: 50 << 20}, {GCs: 6, Resident: 40 << 20}}
	}
	return run
}

// deriving is a room that leaves four units to the harness.
func deriving() lab.Room {
	return lab.Room{Name: "toy", Units: []lab.Unit{
		{Name: "records/s", Better: lab.Higher, Derived: true},
		{Name: "cpu-ns/op", Better: lab.Lower, Derived: true},
		{Name: "gc-cycles/op", Better: lab.Lower, Derived: true},
		{Name: "resident-bytes", Better: lab.Lower, Derived: true},
	}}
}

func about(got, want float64) bool { return math.Abs(got/want-1) < 0.02 }

func TestDerivedUnitsAreThoseOfTheRestarts(t *testing.T) {
	t.Parallel()
	r := Analyse(waiting(1.1, 1.5), []lab.Room{deriving()})
	for variant, want := range map[string]map[string]float64{
		"base":  {"records/s": 1e9 / 200, "cpu-ns/op": 100, "gc-cycles/op": 3.0 / 20_000, "resident-bytes": 50 << 20},
		"other": {"records/s": 1.5e9 / 200, "cpu-ns/op": 110, "gc-cycles/op": 6.0 / 20_000, "resident-bytes": 40 << 20},
	} {
		for _, c := range r.Cases {
			if c.Variant != variant {
				continue
			}
			for unit, x := range want {
				if s, ok := c.Units[unit]; !ok || s.Exact || !about(s.Value(), x) {
					t.Errorf("%s: %s is %v, want %v", variant, unit, s.Value(), x)
				}
			}
		}
	}
}

// TestOperationsPerSecondAreJudgedOnTheWall and CPU time apart, where the
// code waits: here one is better and the other worse.
func TestOperationsPerSecondAreJudgedOnTheWall(t *testing.T) {
	t.Parallel()
	r := Analyse(waiting(1.1, 1.5), []lab.Room{deriving()})
	c := comparison(t, r, "records/s")
	if c.Verdict != "better" || !about(c.Ratio, 1.5) || !(c.Lo <= c.Ratio && c.Ratio <= c.Hi) || c.Wall != nil {
		t.Errorf("records/s: %+v", c)
	}
	if c := comparison(t, r, "cpu-ns/op"); c.Verdict == "faster" || !about(c.Ratio, 1.1) {
		t.Errorf("cpu-ns/op: %+v", c)
	}
	if c := comparison(t, r, "ns/op"); c.Clock != "wall" || !about(c.Ratio, 1/1.5) {
		t.Errorf("ns/op: %+v", c)
	}
	r = Analyse(stored(1.1), []lab.Room{deriving()}) // works and does not wait, in one process
	for _, c := range r.Comparisons {
		if c.Unit == "cpu-ns/op" {
			t.Error("cpu-ns/op is judged beside ns/op, which is the same")
		}
	}
	if c := comparison(t, r, "records/s"); c.Verdict != "worse" || !about(c.Ratio, 1/1.1) {
		t.Errorf("records/s of CPU-bound code: %+v", c)
	}
	for _, c := range r.Cases {
		for _, unit := range []string{"cpu-ns/op", "gc-cycles/op", "resident-bytes"} {
			if _, ok := c.Units[unit]; ok {
				t.Errorf("%s of an arm that shares its process", unit)
			}
		}
	}
}

func TestASystemThatDoesNotSayItsMemoryHasNoFigure(t *testing.T) {
	t.Parallel()
	run := waiting(1.1, 1.5)
	run.Restarts[3].Endings[1].Resident = 0
	for _, c := range Analyse(run, []lab.Room{deriving()}).Cases {
		if _, ok := c.Units["resident-bytes"]; ok != (c.Variant == "base") {
			t.Errorf("%s: resident-bytes %v", c.Variant, ok)
		}
	}
}

// TestAClaimBetweenTwoContendersTakesBothPairedRatios: each was paired with the
// base, and the quotient is less noisy than that of two medians.
func TestAClaimBetweenTwoContendersTakesBothPairedRatios(t *testing.T) {
	t.Parallel()
	key := result.Key{Family: "toy", Op: "get", Workload: "w"}
	median := func(x float64) map[string]result.Stat {
		return map[string]result.Stat{"ns/op": {Median: &x, N: 1}}
	}
	r := result.Result{
		Cases: []result.Case{{Key: key, Variant: "base", Units: median(10)}, {Key: key, Variant: "a", Units: median(1)}, {Key: key, Variant: "b", Units: median(1)}, {Key: key, Variant: "c", Units: median(4)}},
		Comparisons: []result.Comparison{
			{Key: key, Unit: "ns/op", Base: "base", Variant: "a", Ratio: 0.6},
			{Key: key, Unit: "ns/op", Base: "base", Variant: "b", Ratio: 0.5},
		},
	}
	for _, x := range []struct {
		variant, base string
		want          float64
	}{{"a", "b", 1.2}, {"b", "a", 0.5 / 0.6}, {"a", "base", 0.6}, {"base", "a", 1 / 0.6}, {"a", "c", 0.25}} {
		got, ok := measured("toy", lab.Claim{Op: "get", Variant: x.variant, Base: x.base, Workload: "w", Unit: "ns/op"}, r)
		if !ok || !about(got, x.want) {
			t.Errorf("%s over %s is %v, want %v", x.variant, x.base, got, x.want)
		}
	}
}

func TestRowsThatShareAlphaCountDerivedTimes(t *testing.T) {
	t.Parallel()
	family := lab.Family[int]{
		Name: "toy", Base: "base", Workloads: []string{"sequential"}, Units: deriving().Units,
		Ops:      []lab.Op[int]{{Name: "get", Run: func(*lab.T, int) error { return nil }}},
		Variants: []lab.Variant[int]{{Name: "base"}, {Name: "other"}, {Name: "null", Null: true}},
	}
	p, err := plan.Make([]lab.Room{family.Erase()}, plan.Options{Select: []string{"toy"}})
	if err != nil || p.Rows != 3 {
		t.Errorf("%d rows share alpha, want ns/op, records/s and cpu-ns/op of one contender (%v)", p.Rows, err)
	}
}
