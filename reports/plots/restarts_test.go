package plots

import (
	"math"
	"testing"

	"assay/reports/digest"
	"assay/reports/view"
	"assay/runner/result"

	"github.com/google/go-cmp/cmp"
)

func TestRestartsStandOverTheirOwnMedianInTheOrderMeasured(t *testing.T) {
	t.Parallel()
	points := []view.SeriesPoint{{At: 2, Ns: 20, Ratio: 3}, {At: 1, Ns: 10, Ratio: 2}, {At: 3, Ns: 40, Ratio: 2}, {At: 4, Ns: 20, Ratio: math.NaN()}}
	got, isRatio := restartValues(view.Series{Variant: "a", Base: "raw", Points: points})
	if diff := cmp.Diff([]float64{1, 1.5, 1}, got); diff != "" || !isRatio {
		t.Errorf("a contender (ratio %v): %s", isRatio, diff)
	}
	got, isRatio = restartValues(view.Series{Variant: "raw", Base: "raw", Points: points})
	if diff := cmp.Diff([]float64{0.5, 1, 2, 1}, got); diff != "" || isRatio {
		t.Errorf("the base shows its times (ratio %v): %s", isRatio, diff)
	}
}

func TestTheBasesDriftDoesNotPressTheRatiosIntoLines(t *testing.T) {
	t.Parallel()
	alone, _ := fit(true, 0.05, 0.99, 1.01)
	both, ok := fitPaired([]float64{0.99, 1.01}, []float64{0.5, 1, 3})
	if long := math.Log(both.hi/both.lo) / math.Log(alone.hi/alone.lo); !ok || long < 1.9 || long > 2.1 {
		t.Errorf("the scale is %.2f times as long as the ratios need, want 2", long)
	}
	if calm, _ := fitPaired([]float64{0.9, 1.1}, []float64{0.99, 1}); calm.lo > 0.9 || calm.hi < 1.1 || calm.hi > 1.2 {
		t.Errorf("a calm base changes the scale: %v to %v", calm.lo, calm.hi)
	}
	if only, ok := fitPaired(nil, []float64{0.5, 3}); !ok || only.lo > 0.5 || only.hi < 3 {
		t.Error("without ratios the times alone make the scale")
	}
}

func TestLatencyIsDrawnOverTheTwoPercentilesOrMoreThatExist(t *testing.T) {
	t.Parallel()
	group := func(units ...string) digest.Group {
		stats := map[string]result.Stat{}
		for i, u := range units {
			x := float64(100 * (i + 1))
			stats[u] = result.Stat{Median: &x, Better: "lower"}
		}
		return digest.Groups(result.Result{Cases: []result.Case{{Key: result.Key{Family: "f", Op: "get"}, Variant: "a", Units: stats}}})[0]
	}
	if _, ok := latencyFigure(group("p50-ns/op", "ns/op")); ok {
		t.Error("one percentile is no line")
	}
	tails, names, _ := tailsOf(group("p50-ns/op", "p99-ns/op", "max-ns/op", "wall-ns/op"))
	if diff := cmp.Diff([]string{"p50", "p99", "max"}, names); diff != "" || len(tails) != 1 || len(tails[0].ns) != 3 {
		t.Errorf("%s, %+v", diff, tails)
	}
}
