package reports

import (
	"strings"
	"testing"

	"assay/reports/plots"
	"assay/runner/result"
)

// counted is a sweep over two sizes of a rate that falls for one variant.
func counted() View {
	v := View{}
	for name, rates := range map[string][]float64{"double": {2.66, 1.03}, "remix": {.99, 1.01}} {
		c := result.Curve{Family: "bloom", Op: "miss", Variant: name, Workload: "uniform:0-9", Field: "count"}
		for i, workload := range []string{"uniform:0-9,count=13", "uniform:0-9,count=4000"} {
			ns := 20.0
			k := result.Key{Family: "bloom", Op: "miss", Workload: workload}
			v.Result.Cases = append(v.Result.Cases, result.Case{Key: k, Variant: name, Units: map[string]result.Stat{
				"ns/op":      {Median: &ns, Lo: &ns, Hi: &ns, N: 8, Better: "lower"},
				"rate/ideal": {Mean: &rates[i], Min: &rates[i], Max: &rates[i], N: 1, Exact: true, Better: "lower"},
			}})
			c.Points = append(c.Points, result.Point{N: []float64{13, 4000}[i], Ns: ns, Lo: ns, Hi: ns})
		}
		v.Result.Curves = append(v.Result.Curves, c)
	}
	return v
}

func TestASweepSetsCountsSideBySideAndDrawsThem(t *testing.T) {
	t.Parallel()
	text := render(t, "text", counted())
	for _, want := range []string{"rate/ideal of bloom/miss over count, uniform:0-9", " rate/ideal │   13 │ 4000", " double     │ 2.66 │ 1.03", " remix      │ 0.99 │ 1.01"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, f := range plots.Figures(counted()) {
		if f.Name == "swept-bloom-miss-rate-ideal-uniform-0-9-count" && f.Kind == plots.Growth {
			return
		}
	}
	t.Error("no figure of the rate over the sizes")
}
