package main

import (
	"math"
	"testing"

	"assay/runner/result"
	"assay/runner/selftest"
)

func TestThePlanPlantsTheSlowdownInOneSideOnly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		task
		want [2]float64 // per arm, the base first
	}{
		{task{kernel: "mix", effect: 0.05}, [2]float64{0, 0.05}},
		{task{kernel: "mix", effect: 0.05, first: true}, [2]float64{0.05, 0}},
		{task{kernel: "chase", effect: 0, first: true}, [2]float64{0, 0}},
	} {
		p, err := planFor(c.task, 1.1)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Groups) != 1 || p.Groups[0].Control || p.Groups[0].Op != c.kernel || len(p.Groups[0].Arms) != 2 {
			t.Fatalf("groups %+v", p.Groups)
		}
		if a := p.Groups[0].Arms; a[0].Inject != c.want[0] || a[1].Inject != c.want[1] || a[0].Variant != a[1].Variant {
			t.Errorf("%+v: arms %+v", c.task, a)
		}
		if p.Budget != 1.1 || p.Threshold != 0.0025 || p.Alpha != selftest.Alpha || p.Rows != 1 {
			t.Errorf("budget %g, threshold %g, alpha %g, rows %d", p.Budget, p.Threshold, p.Alpha, p.Rows)
		}
	}
}

func TestAComparisonIsReadFromTheSlowedSide(t *testing.T) {
	t.Parallel()
	c := result.Comparison{Ratio: 1.25, Lo: 1, Hi: 2, Verdict: "slower", Stopped: "decided", Restarts: 9}
	x := read(c, task{}, 1.2)
	if x.ratio != 1.25 || x.lo != 1 || x.hi != 2 || x.verdict != "slower" || !x.early || x.samples != 9 || x.truth != 1.2 || !math.IsNaN(x.p) {
		t.Errorf("slowed second: %+v", x)
	}
	x = read(c, task{first: true}, 1.2)
	if x.ratio != 0.8 || x.lo != 0.5 || x.hi != 1 || x.verdict != "faster" {
		t.Errorf("slowed first: %+v", x)
	}
	c.Verdict, c.Stopped = "undecided", "budget"
	if x = read(c, task{first: true}, 1.2); x.verdict != "undecided" || x.early {
		t.Errorf("undecided: %+v", x)
	}
}
