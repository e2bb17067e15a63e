package gobench

import (
	"testing"
	"time"

	"assay/runner/gobench/build"
)

func TestLayoutsAboveEightTakeAQuarterOfTheBudgetAtMost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		took, budget time.Duration // of seven links of both sides; of all benchmarks
		want         int
	}{
		{7 * time.Second, 60 * time.Second, 15},
		{14 * time.Second, 60 * time.Second, 7},
		{70 * time.Second, 60 * time.Second, 1},
		{140 * time.Second, 60 * time.Second, 0},
		{7 * time.Second, 10 * time.Minute, mostLayouts - autoLayouts},
		{0, 5 * time.Second, mostLayouts - autoLayouts}, // a clock that saw nothing
		{7 * time.Second, 0, 0},
	} {
		if got := affordable(c.took, autoLayouts-1, c.budget); got != c.want {
			t.Errorf("%v for seven, budget %v: %d layouts more, want %d", c.took, c.budget, got, c.want)
		}
	}
}

func TestOnlyBenchmarksThatBothSidesHaveCountInTheBudget(t *testing.T) {
	t.Parallel()
	of := func(built []string, packages ...build.Package) *side {
		s := &side{packages: packages, built: build.Binaries{}}
		for _, path := range built {
			s.built[path] = []string{"test binary"}
		}
		return s
	}
	base := of([]string{"a", "b", "c"}, build.Package{Path: "a", Benchmarks: []string{"One", "Two", "Old"}}, build.Package{Path: "b", Benchmarks: []string{"One"}}, build.Package{Path: "c", Benchmarks: []string{"One"}})
	head := of([]string{"a"}, build.Package{Path: "a", Benchmarks: []string{"New", "Two", "One"}}, build.Package{Path: "b", Benchmarks: []string{"One"}})
	if got := inCommon([]*side{base, head}); got != 2 {
		t.Errorf("%d benchmarks, want One and Two of a", got)
	}
}
