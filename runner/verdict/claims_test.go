package verdict

import (
	"math"
	"testing"

	"assay/runner/lab"
	"assay/runner/plan"
	"assay/runner/result"
)

// TestAClaimIsNotJudgedByAComparisonThatFoundNothing: too few restarts leave a
// ratio of 1 without bounds; the medians know more.
func TestAClaimIsNotJudgedByAComparisonThatFoundNothing(t *testing.T) {
	t.Parallel()
	key := result.Key{Family: "toy", Op: "get", Workload: "uniform:0-9"}
	median := func(x float64) map[string]result.Stat {
		return map[string]result.Stat{"ns/op": {Median: &x, Lo: &x, Hi: &x, N: 2}}
	}
	r := result.Result{
		Cases:       []result.Case{{Key: key, Variant: "base", Units: median(8)}, {Key: key, Variant: "other", Units: median(2)}},
		Comparisons: []result.Comparison{{Key: key, Unit: "ns/op", Base: "base", Variant: "other", Ratio: 1, Hi: math.MaxFloat64}},
	}
	claim := lab.Claim{Op: "get", Variant: "other", Base: "base", Workload: "uniform:0-9", Unit: "ns/op"}
	if x, ok := measured("toy", claim, r); !ok || x != 0.25 {
		t.Errorf("measured %v, %v; want 0.25", x, ok)
	}
}

// TestAClaimOfGrowthComparesTwoWorkloads of one variant, or of two.
func TestAClaimOfGrowthComparesTwoWorkloads(t *testing.T) {
	t.Parallel()
	at := func(workload, variant string, x float64) result.Case {
		return result.Case{
			Key: result.Key{Family: "toy", Op: "get", Workload: workload}, Variant: variant,
			Units: map[string]result.Stat{"ns/op": {Median: &x, Lo: &x, Hi: &x, N: 2}},
		}
	}
	r := result.Result{Cases: []result.Case{at("small", "base", 4), at("small", "other", 2), at("large", "other", 24)}}
	for base, want := range map[string]float64{"": 12, "base": 6} {
		claim := lab.Claim{Op: "get", Variant: "other", Base: base, Workload: "large", BaseWorkload: "small", Unit: "ns/op"}
		if x, ok := measured("toy", claim, r); !ok || x != want {
			t.Errorf("base %q: measured %v, %v; want %v", base, x, ok, want)
		}
	}
	claim := lab.Claim{Op: "get", Variant: "other", Workload: "large", BaseWorkload: "middle", Unit: "ns/op"}
	if x, ok := measured("toy", claim, r); ok {
		t.Errorf("measured %v against a workload that was not run", x)
	}
}

// TestAnArmBesideAFamilysOwnNeighbourIsNotChargedItsTime: they share a process.
func TestAnArmBesideAFamilysOwnNeighbourIsNotChargedItsTime(t *testing.T) {
	t.Parallel()
	for g, want := range map[string]bool{"": true, "cpu": true, "gc": false, "writer": false} {
		if got := OwnProcess(plan.Group{Isolated: true, Scenario: g, Within: g == "writer"}); got != want {
			t.Errorf("beside %q: %v", g, got)
		}
	}
}
