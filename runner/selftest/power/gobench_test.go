package main

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
)

const printed = `goos: linux
goarch: amd64
pkg: assay/runner/selftest
cpu: A CPU
BenchmarkKernel/mix-2         	11895474	         5.243 ns/op
BenchmarkKernel/mix-2         	  226779	      1200 ns/op	 16 B/op
PASS
`

func TestTimesAreReadInSecondsPerOperation(t *testing.T) {
	t.Parallel()
	got, err := times([]byte(printed), "mix", 2)
	if err != nil {
		t.Fatal(err)
	}
	want := []float64{5.243e-9, 1.2e-6}
	for i := range want {
		if len(got) != 2 || math.Abs(got[i]/want[i]-1) > 1e-12 {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
	if one, err := times([]byte("BenchmarkKernel/mix \t 10 \t 3 ns/op\n"), "mix", 1); err != nil || len(one) != 1 {
		t.Errorf("with GOMAXPROCS=1 the name has no suffix: %v, %v", one, err)
	}
}

func TestTimesRefuseWhatWasNotAskedFor(t *testing.T) {
	t.Parallel()
	for text, why := range map[string]string{
		"PASS\n": "printed 0 results, want 2",
		strings.ReplaceAll(printed, "5.243 ns/op", "oops ns/op"): "parsing",
		strings.ReplaceAll(printed, "mix", "mixed"):              "want Kernel/mix",
		strings.ReplaceAll(printed, " ns/op", " MB/s"):           "printed no time",
		strings.ReplaceAll(printed, "5.243", "0"):                "printed no time",
	} {
		if xs, err := times([]byte(text), "mix", 2); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, %v; want an error with %q", text, xs, err, why)
		}
	}
}

func FuzzTimesNeverPanicAndAreAlwaysAsAskedFor(f *testing.F) {
	f.Add(printed, "mix", 2)
	f.Add("BenchmarkKernel/mix-2 1 NaN ns/op\n", "mix", 1)
	f.Add("Unit ns/op assume=nothing\nBenchmark", "", 0)
	f.Fuzz(func(t *testing.T, text, kernel string, n int) {
		xs, err := times([]byte(text), kernel, n)
		if err != nil {
			return
		}
		if len(xs) != n || slices.ContainsFunc(xs, func(x float64) bool { return !(x > 0) }) {
			t.Errorf("%v from %q, want %d positive times", xs, text, n)
		}
	})
}

func TestComparisonsRunTheSidesInTheirOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		first  bool
		rounds int
		want   []float64
	}{
		{false, 1, []float64{0, 0.1}},
		{true, 1, []float64{0.1, 0}},
		{false, 3, []float64{0, 0.1, 0, 0.1, 0, 0.1}},
		{true, 2, []float64{0.1, 0, 0.1, 0}},
	} {
		var order []float64
		x, err := compare(t.Context(), task{effect: 0.1, first: c.first}, c.rounds, func(_ context.Context, effect float64) ([]float64, error) {
			order = append(order, effect)
			return []float64{1 + effect, 1 + effect}, nil
		})
		if err != nil || !slices.Equal(order, c.want) {
			t.Errorf("first %v, %d rounds: %v, %v", c.first, c.rounds, order, err)
		}
		if math.Abs(x.ratio-1.1) > 1e-12 || x.truth != 1.1 || x.samples != 2*c.rounds {
			t.Errorf("outcome %+v", x)
		}
	}
}

// The exact two-sided p of two samples of ten that do not overlap is
// 2/C(20,10) = 2/184756.
func TestJudgeIsTheUTestOnMedians(t *testing.T) {
	t.Parallel()
	plain := []float64{10, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	var slowed []float64
	for _, x := range plain {
		slowed = append(slowed, x+100)
	}
	x := judge(plain, slowed, 0.05)
	if math.Abs(x.p-2.0/184756) > 1e-12 || math.Abs(x.ratio-105.5/5.5) > 1e-12 || x.truth != 1.05 {
		t.Errorf("apart: %+v", x)
	}
	if x := judge(plain, plain, 0); x.p < 0.9 || x.ratio != 1 {
		t.Errorf("alike: %+v", x)
	}
	if !math.IsNaN(x.lo) || !math.IsNaN(x.hi) {
		t.Errorf("benchstat gives a delta no interval, this one has [%g %g]", x.lo, x.hi)
	}
}
