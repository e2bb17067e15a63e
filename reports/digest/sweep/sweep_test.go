package sweep_test

import (
	"math"
	"testing"

	"assay/reports/digest/sweep"
	"assay/runner/result"
)

// swept is a run of two variants at three sizes, one of which one variant lacks.
func swept() result.Result {
	r := result.Result{}
	for _, v := range []string{"plain", "mended"} {
		c := result.Curve{Family: "bloom", Op: "miss", Variant: v, Workload: "uniform:0-9", Field: "count"}
		for i, workload := range []string{"uniform:0-9,count=13,keysize=12", "uniform:0-9,count=130,keysize=12", "uniform:0-9,count=1300,keysize=12"} {
			if v == "mended" && i == 1 {
				continue
			}
			rate, bits := 1/float64(i+1), 9.6
			u := map[string]result.Stat{
				"rate/ideal": {Mean: &rate, Exact: true, Better: "lower"}, "bits/key": {Mean: &bits, Exact: true, Better: "lower"},
				"ns/op": {Median: &rate, Better: "lower"},
			}
			r.Cases = append(r.Cases, result.Case{Key: result.Key{Family: "bloom", Op: "miss", Workload: workload}, Variant: v, Units: u})
			c.Points = append(c.Points, result.Point{N: []float64{13, 130, 1300}[i], Ns: 1})
		}
		r.Curves = append(r.Curves, c)
	}
	return r
}

func TestASweepHasOneCurveForEachCountThatMoves(t *testing.T) {
	t.Parallel()
	all := sweep.Tables(swept())
	if len(all) != 1 || all[0].Unit != "rate/ideal" || all[0].Field != "count" || len(all[0].Rows) != 2 {
		t.Fatalf("%+v, want rate/ideal alone: bits/key stays the same, ns/op is no count", all)
	}
	for i, want := range []float64{1, 1. / 2, 1. / 3} {
		if got := all[0].Rows[0].Means[i]; got != want || all[0].At[i] != []float64{13, 130, 1300}[i] {
			t.Errorf("point %d: %v at %v, want %v", i, got, all[0].At[i], want)
		}
	}
	if m := all[0].Rows[1].Means; m[0] != 1 || !math.IsNaN(m[1]) || m[2] != 1./3 {
		t.Errorf("a variant that lacks a size has %v", m)
	}
}
