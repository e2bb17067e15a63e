package sketch_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assay/runner/sketch"
)

// one is a machine of round figures.
func one() *sketch.Machine {
	return &sketch.Machine{CPU: "one", Constants: []sketch.Constant{
		{Resource: "load", Level: "memory", Size: 1 << 20, Ns: 100, Clock: "cpu"}, // in no order
		{Resource: "load", Level: "L1", Size: 1 << 10, Ns: 1, Clock: "cpu"},
		{Resource: "syscall", Ns: 200, Clock: "cpu"},
		{Resource: "fsync", Ns: 1e6, Clock: "wall"},
	}}
}

func none(string) (float64, bool) { return 0, false }

func TestLoadsCostWhatTheirSetCostsAndOthersTheirConstant(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		resource string
		set, ns  float64
	}{
		{"load", 0, 1},
		{"load", 1 << 10, 1},
		{"load", 1 << 15, 50.5}, // half way from 2^10 to 2^20
		{"load", 1 << 20, 100},
		{"load", 1 << 30, 100},
		{"syscall", 1 << 30, 200},
	} {
		if ns, ok := one().Each(c.resource, c.set); !ok || math.Abs(ns-c.ns) > 1e-9 {
			t.Errorf("%s in %v bytes costs %v, %v; want %v", c.resource, c.set, ns, ok, c.ns)
		}
	}
	for _, name := range []string{"overlapped", "copy"} {
		if _, ok := one().Each(name, 64); ok {
			t.Errorf("%s was not measured and has a price", name)
		}
	}
}

func TestASketchIsTheSumOfItsTermsAndBoundByTheLargest(t *testing.T) {
	t.Parallel()
	costs := []sketch.Cost{
		{Resource: "load", Count: 2, Set: 1 << 10, Variants: []string{"a"}},
		{Resource: "syscall", Count: 2, Unit: "writes/entry"},
		{Resource: "syscall", Count: 100, Variants: []string{"b"}},
	}
	quarter := func(unit string) (float64, bool) { return .25, unit == "writes/entry" }
	got, ok := sketch.Price(costs, one(), "a", 1<<10, quarter)
	want := sketch.Told{
		Variant: "a", Estimate: 300, Binds: "load", Share: 200. / 300, Clock: "cpu",
		Terms: []sketch.Term{
			{Resource: "load", Count: 2, Set: 1 << 20, Each: 100, Ns: 200},
			{Resource: "syscall", Count: .5, Each: 200, Ns: 100},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Errorf("%v (-want +got)\n%s", ok, diff)
	}
	if got := got.Beside(450); got.Measured != 450 || got.Ratio != 1.5 {
		t.Errorf("beside 450 ns: %+v; want a ratio of 1.5", got)
	}
}

func TestASketchWithATermThatWaitsIsOfWallTime(t *testing.T) {
	t.Parallel()
	got, ok := sketch.Price([]sketch.Cost{{Resource: "load", Count: 1}, {Resource: "fsync", Count: 1}}, one(), "a", 1, none)
	if !ok || got.Clock != "wall" || got.Binds != "fsync" {
		t.Errorf("%+v, %v; want wall time, bound by fsync", got, ok)
	}
}

// TestASketchWithAHoleHasNoEstimate: a partial sum would be taken for a limit.
func TestASketchWithAHoleHasNoEstimate(t *testing.T) {
	t.Parallel()
	costs := []sketch.Cost{{Resource: "load", Count: 1}, {Resource: "copy", Count: 1}}
	for name, m := range map[string]*sketch.Machine{"a constant is missing": one(), "no machine": nil} {
		got, ok := sketch.Price(costs, m, "a", 1, none)
		if got = got.Beside(10); !ok || len(got.Terms) != 2 || got.Estimate != 0 || got.Ratio != 0 || got.Binds != "" {
			t.Errorf("%s: %+v, %v; want the terms and no estimate", name, got, ok)
		}
	}
}

func TestAVariantWithoutATermOrACountHasNoSketch(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]sketch.Cost{
		"about another":    {Resource: "load", Count: 1, Variants: []string{"b"}},
		"unit not counted": {Resource: "load", Count: 1, Unit: "reads/op"},
	} {
		if got, ok := sketch.Price([]sketch.Cost{c}, one(), "a", 1, none); ok {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestAMachineIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	data, err := one().Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := sketch.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	want := *one()
	want.Schema = got.Schema
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAMachineThatCannotPriceIsRefused(t *testing.T) {
	t.Parallel()
	const whole = `{"schema":"assay-machine/1","cpu":"one","constants":[{"resource":"syscall","ns":100}]}`
	if _, err := sketch.Decode([]byte(whole)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, bad, says string }{
		{"machine/1", "machine/9", "this assay reads"},
		{`"one"`, `""`, "names no CPU"},
		{"100", "0", "is none"},
		{"100", "-1", "is none"},
		{"syscall", "luck", "is none"},
		{"syscall", "load", "is none"}, // of which set?
		{`}]}`, ``, "unexpected end"},
	} {
		if _, err := sketch.Decode([]byte(strings.Replace(whole, c.old, c.bad, 1))); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s for %s: error %v, want one with %q", c.bad, c.old, err, c.says)
		}
	}
}

// FuzzDecode: whatever a file holds, its prices are positive times or it is refused.
func FuzzDecode(f *testing.F) {
	data, err := one().Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := sketch.Decode(data)
		if err != nil {
			return
		}
		for _, r := range sketch.Resources() {
			for _, set := range []float64{0, 1, 1 << 16, 1 << 40} {
				if ns, ok := m.Each(r.Name, set); ok && !(ns > 0) {
					t.Fatalf("%s in %v bytes costs %v ns in %q", r.Name, set, ns, data)
				}
			}
		}
	})
}
