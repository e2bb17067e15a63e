package cli

import (
	"math"
	"testing"

	"assay/runner/gate/bisect"
	"assay/runner/result"
)

func TestACommitIsBadWhenItsVerdictSaysSoOrItLiesPastHalfTheChange(t *testing.T) {
	t.Parallel()
	half := math.Log(1.10) / 2
	for _, c := range []struct {
		name    string
		verdict string
		lo, hi  float64
		half    float64
		want    bisect.Outcome
	}{
		{"slower", "slower", 1.02, 1.04, half, bisect.Bad},
		{"worse", "worse", 2, 2, half, bisect.Bad},
		{"same", "same", 0.995, 1.005, half, bisect.Good},
		{"faster", "faster", 0.8, 0.9, half, bisect.Good},
		{"equal", "equal", 1, 1, half, bisect.Good},
		{"undecided, on the good side", "undecided", 0.98, 1.03, half, bisect.Good},
		{"undecided, on the bad side", "undecided", 1.06, 1.2, half, bisect.Bad},
		{"undecided, on both", "undecided", 0.98, 1.12, half, bisect.Skipped},
		{"undecided, half unknown", "undecided", 0.98, 1.03, 0, bisect.Skipped},
	} {
		var s bisectStep
		s.judge(result.Result{Comparisons: []result.Comparison{
			{Unit: "B/op", Verdict: "worse"}, // another unit
			{Unit: "ns/op", Verdict: "faster", Lo: 0.5, Hi: 0.6},
			{Unit: "ns/op", Verdict: c.verdict, Lo: c.lo, Hi: c.hi},
		}}, "ns/op", "", c.half)
		if s.outcome != c.want {
			t.Errorf("%s: %v, want %v", c.name, s.outcome, c.want)
		}
	}
	var s bisectStep
	if s.judge(result.Result{}, "ns/op", "", half); s.outcome != bisect.Skipped || s.Why != "it has no ns/op" {
		t.Errorf("no row: %+v", s)
	}
}
