package stats

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestTamePullsInWhatLiesFarOutAndNothingElse(t *testing.T) {
	t.Parallel()
	xs := []float64{5, 1, 2, 3, 4, 90, -80} // median 3, median deviation 2: reach 4 · 1.4826 · 2
	reach := 4 * 1.4826 * 2.0
	got := Tame(xs)
	if !slices.Equal(got, []float64{5, 1, 2, 3, 4, 3 + reach, 3 - reach}) {
		t.Errorf("%v", got)
	}
	if xs[5] != 90 {
		t.Error("the sample itself was changed")
	}
	for name, same := range map[string][]float64{
		"nothing far": {1, 2, 3, 4, 5}, "too few": {1, 2, 1000}, "mostly equal": {1, 1, 1, 1, 9}, "empty": nil, "NaN": {1, 2, 3, 4, math.NaN()},
	} {
		if got := Tame(same); len(got) != len(same) || len(same) > 0 && got[len(same)-1] != same[len(same)-1] && name != "NaN" {
			t.Errorf("%s: %v becomes %v", name, same, got)
		}
	}
}

// Six outliers on one side and none on the other are the code's own.
func TestOutliersOfOneSideAloneCountInFull(t *testing.T) {
	t.Parallel()
	xs := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}
	for n := 1; n <= 8; n++ {
		sample := slices.Clone(xs)
		for range n {
			sample = append(sample, 1000)
		}
		pulled := Tame(sample)[len(xs)] < 1000
		if pulled != (n < 6) {
			t.Errorf("%d on one side: pulled in %v", n, pulled)
		}
	}
	for _, c := range []struct {
		a, b int
		want bool
	}{{5, 0, false}, {6, 0, true}, {7, 1, false}, {8, 1, true}, {9, 2, false}, {10, 2, true}, {50, 50, false}, {0, 0, false}} {
		if lopsided(c.a, c.b) != c.want || lopsided(c.b, c.a) != c.want {
			t.Errorf("%d to %d: lopsided %v", c.a, c.b, !c.want)
		}
	}
}

func TestTameMovesAndMirrorsWithItsSample(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var xs []float64 // eighths, so that moving them is exact
		for _, n := range rapid.SliceOfN(rapid.IntRange(-80, 80), 1, 30).Draw(t, "eighths") {
			xs = append(xs, float64(n)/8)
		}
		by := float64(rapid.IntRange(-40, 40).Draw(t, "by")) / 8
		moved := make([]float64, len(xs))
		for i, x := range xs {
			moved[i] = by - x
		}
		a, b := Tame(xs), Tame(moved)
		for i := range a {
			if math.Abs(by-a[i]-b[i]) > 1e-9 {
				t.Fatalf("%v becomes %v; mirrored and moved by %v it becomes %v", xs, a, by, b)
			}
		}
	})
}
