package digest

import (
	"testing"

	"assay/runner/result"

	"github.com/google/go-cmp/cmp"
)

func TestPercentilesStandFromTheMiddleToTheTail(t *testing.T) {
	t.Parallel()
	units := countStat("allocs/op", 0, "lower")
	for _, name := range []string{"max-ns/op", "p99.9-ns/op", "p50-ns/op", "p99-ns/op", "p90-ns/op", "wall-ns/op", "ns/op"} {
		units[name] = timeStat(1)[Time]
	}
	got := []string{}
	for _, u := range Groups(result.Result{Cases: []result.Case{{Key: key("get", "w"), Variant: "raw", Units: units}}})[0].Units {
		got = append(got, u.Name)
	}
	want := []string{"ns/op", "wall-ns/op", "p50-ns/op", "p90-ns/op", "p99-ns/op", "p99.9-ns/op", "max-ns/op", "allocs/op"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWallTimeLeavesTheMainTableOnlyWhereItTellsNothing(t *testing.T) {
	t.Parallel()
	est := func(ratio, lo, hi float64) *result.Estimate { return &result.Estimate{Ratio: ratio, Lo: lo, Hi: hi} }
	k := key("get", "w")
	for name, c := range map[string]struct {
		clock     string
		cpu, wall *result.Estimate
		wallNs    float64
		spare     bool
	}{
		"clocks agree":                     {"cpu", est(1.2, 1.1, 1.3), est(1.3, 1.1, 1.5), 13, true},
		"wall says the other way":          {"cpu", est(1.2, 1.1, 1.3), est(0.8, 0.7, 0.9), 8, false},
		"wall unsure, on the other side":   {"process", est(1.2, 1.1, 1.3), est(0.99, 0.8, 1.2), 9, false},
		"both unsure of their sides":       {"cpu", est(1.001, 0.99, 1.01), est(0.999, 0.98, 1.02), 10, true},
		"wall unknown":                     {"cpu", est(1.2, 1.1, 1.3), nil, 12, true},
		"wall decides a column of its own": {"wall", est(1.2, 1.1, 1.3), est(1.2, 1.1, 1.3), 13, false},
		"wall decides, the same figures":   {"wall", est(1.2, 1.1, 1.3), est(1.2, 1.1, 1.3), 12, true},
	} {
		v := versus(k, "a", 1.2, 1.1, 1.3, "slower")
		v.Clock, v.CPU, v.Wall = c.clock, c.cpu, c.wall
		r := result.Result{Comparisons: []result.Comparison{v}, Cases: []result.Case{
			{Key: k, Variant: "raw", Units: map[string]result.Stat{Time: timeStat(10)[Time], Wall: timeStat(10)[Time]}},
			{Key: k, Variant: "a", Units: map[string]result.Stat{Time: timeStat(12)[Time], Wall: timeStat(c.wallNs)[Time]}},
		}}
		if got := Groups(r)[0].Spare(Wall); got != c.spare {
			t.Errorf("%s: spare %v, want %v", name, got, c.spare)
		}
	}
	alone := result.Result{Cases: []result.Case{{Key: k, Variant: "raw", Units: map[string]result.Stat{Time: timeStat(10)[Time], Wall: timeStat(11)[Time]}}}}
	if Groups(alone)[0].Spare(Wall) {
		t.Error("wall time is hidden where no comparison's details could show it")
	}
}

func TestSlowModeNeedsIntervalsThatDoNotMeet(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		p99  *result.Estimate
		want bool
	}{
		"above":    {&result.Estimate{Ratio: 2, Lo: 1.5, Hi: 2.5}, true},
		"below":    {&result.Estimate{Ratio: 0.8, Lo: 0.7, Hi: 0.9}, true},
		"touching": {&result.Estimate{Ratio: 1.4, Lo: 1.3, Hi: 1.5}, false},
		"unknown":  {nil, false},
		"broken":   {&result.Estimate{Ratio: 9, Lo: 0, Hi: 0.1}, false},
	} {
		v := versus(key("get", "w"), "a", 1.2, 1.1, 1.3, "slower")
		v.P99 = c.p99
		if _, got := SlowMode(v); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
