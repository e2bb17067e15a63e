package selftest

import (
	"testing"

	"assay/runner/plan"
	"assay/runner/samples"
)

func TestTruthCountsWholeOperations(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ops    int64
		effect float64
		want   float64
	}{
		{256, .01, 259. / 256},
		{1000, .1, 1100. / 1000}, // 1000·1.1 is a little more than 1100 in binary
		{256, 0, 1},
	} {
		run := &samples.Run{Restarts: []samples.Restart{{
			Order: []int{0, 1}, Ops: []int64{c.ops, c.ops}, Arms: []plan.Arm{{}, {Inject: c.effect}},
		}}}
		if got := Truth(run, c.effect); got != c.want {
			t.Errorf("%d operations and %g more: %g, want %g", c.ops, c.effect, got, c.want)
		}
	}
}
