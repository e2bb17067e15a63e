package outline

import (
	"strings"
	"testing"

	"assay/reports/digest"
	"assay/runner/result"
)

// counted is a benchmark of two revisions whose instructions were counted.
func counted(op string, base, head float64, verdict string, within float64) result.Result {
	k := result.Key{Family: "example.com/m", Op: op, Workload: "bench"}
	r := result.Result{}
	for i, x := range []float64{base, head} {
		stat := result.Stat{Mean: &x, N: 1, Better: "lower", Exact: within > 0, Within: within, How: "by a simulator"}
		if within == 0 {
			stat.Mean, stat.Median = nil, &x
		}
		one := 1.0
		r.Cases = append(r.Cases, result.Case{Key: k, Variant: []string{"base", "head"}[i], Units: map[string]result.Stat{
			"instructions/op": stat, "branches/op": {Mean: &one, N: 1, Better: "lower", Exact: true, How: "by a simulator"},
		}})
	}
	r.Comparisons = []result.Comparison{{Key: k, Unit: "branches/op", Base: "base", Variant: "head", Ratio: 1, Verdict: "equal"}}
	if verdict != "" {
		r.Comparisons = append(r.Comparisons, result.Comparison{Key: k, Unit: "instructions/op", Base: "base", Variant: "head", Ratio: head / base, Verdict: verdict})
	}
	return r
}

func TestTheWorkOfTwoRevisionsIsATableOfAllBenchmarks(t *testing.T) {
	t.Parallel()
	all := counted("BenchmarkA", 100, 150, "worse", 0.002)
	for _, r := range []result.Result{counted("BenchmarkB", 100, 100, "equal", 0.03), counted("BenchmarkC", 100, 130, "", 0)} {
		all.Cases, all.Comparisons = append(all.Cases, r.Cases...), append(all.Comparisons, r.Comparisons...)
	}
	b := builder{}
	b.worked(digest.Groups(all), "head")
	var lines []string
	for _, block := range b.blocks {
		if block.Table == nil {
			lines = append(lines, block.Para)
			continue
		}
		for _, row := range block.Table.Rows {
			var cells []string
			for _, c := range row {
				cells = append(cells, c.Text)
			}
			lines = append(lines, strings.Join(cells, " | "))
		}
	}
	want := `Work per iteration: by a simulator.
BenchmarkA bench | 100 | 150 | +50.0% worse | 0.2%
BenchmarkB bench | 100 | 100 | = equal | 3%
BenchmarkC bench | 100 | 130 | – | varies
Equal, as far as they repeat, in every benchmark where they do: branches/op.`
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
