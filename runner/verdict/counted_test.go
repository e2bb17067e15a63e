package verdict

import (
	"reflect"
	"testing"

	"assay/runner/result"
	"assay/runner/samples"
	"assay/runner/samples/work"
)

// counting is a stored run whose arms were counted, too.
func counting(base, other map[string]float64, inexact ...string) *samples.Run {
	run := stored(1)
	run.Counts = []work.Pass{
		{Way: "simulated", How: "by a simulator", Promises: map[string]work.Promise{
			"instructions/op": {Share: 0.002}, "mispredictions/op": {Share: 0.01, Slack: 0.005},
		}, Arms: []work.Arm{{Arm: "base", Ops: 2048, Units: base}, {Arm: "other", Ops: 4096, Units: other, Inexact: inexact}}},
		{Way: "calls", How: "by a tracer", Arms: []work.Arm{
			{Arm: "base", Ops: 2048, Units: map[string]float64{"syscalls/op": 4, "write-calls/op": 4}},
			{Arm: "other", Ops: 2048, Units: map[string]float64{"syscalls/op": 0}},
		}},
	}
	return run
}

func TestCountsAreComparedWithinWhatTheyRepeatTo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		unit        string
		base, other float64
		want        string
	}{
		{"instructions/op", 1000, 1001.9, "equal"},
		{"instructions/op", 1000, 1002.5, "worse"},
		{"instructions/op", 1000, 997, "better"},
		{"mispredictions/op", 0.0001, 0.004, "equal"}, // forty times as many of next to none
		{"mispredictions/op", 0.0001, 0.006, "worse"},
		{"mispredictions/op", 2, 2.019, "equal"},
		{"mispredictions/op", 2, 2.03, "worse"},
	} {
		r := Analyse(counting(map[string]float64{c.unit: c.base}, map[string]float64{c.unit: c.other}), nil)
		if got := comparison(t, r, c.unit); got.Verdict != c.want {
			t.Errorf("%s from %v to %v is %s, want %s", c.unit, c.base, c.other, got.Verdict, c.want)
		}
	}
}

func TestACountSaysHowItWasMadeAndOnHowManyOperations(t *testing.T) {
	t.Parallel()
	one := map[string]float64{"instructions/op": 1000}
	r := Analyse(counting(one, one), nil)
	s := r.Cases[1].Units["instructions/op"]
	if s.How != "by a simulator" || s.Within != 0.002 || s.N != 4096 || !s.Exact || *s.Mean != 1000 || *s.Min != 1000 || *s.Max != 1000 {
		t.Errorf("%+v", s)
	}
}

func TestAnInexactCountIsShownAndNotCompared(t *testing.T) {
	t.Parallel()
	r := Analyse(counting(map[string]float64{"instructions/op": 1000}, map[string]float64{"instructions/op": 2000}, "instructions/op"), nil)
	if s := r.Cases[1].Units["instructions/op"]; s.Exact || s.Median == nil || *s.Median != 2000 || s.How == "" {
		t.Errorf("%+v", s)
	}
	for _, c := range r.Comparisons {
		if c.Unit == "instructions/op" {
			t.Errorf("compared: %+v", c)
		}
	}
}

func TestASystemCallThatOneArmDoesNotMakeIsNoneAndNotMissing(t *testing.T) {
	t.Parallel()
	one := map[string]float64{"instructions/op": 1000}
	r := Analyse(counting(one, one), nil)
	want := result.Comparison{Unit: "write-calls/op", Base: "base", Variant: "other", Verdict: "better"}
	got := comparison(t, r, "write-calls/op")
	want.Key = got.Key
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if s := r.Cases[1].Units["write-calls/op"]; !s.Exact || *s.Mean != 0 || s.How != "by a tracer" {
		t.Errorf("%+v", s)
	}
}
