package runner

import (
	"context"
	"path/filepath"
	"sync/atomic"
	"testing"

	"assay/runner/clock"
	"assay/runner/lab"
	"assay/runner/plan"
	"assay/runner/samples"
	"assay/runner/trial"
)

// paced remembers the latency passes that were asked of it.
type paced struct {
	scripted
	asked *[]plan.Trial
}

func (p paced) Latency(_ context.Context, _ plan.Group, t plan.Trial) ([]trial.Latency, error) {
	*p.asked = append(*p.asked, t)
	return nil, nil
}

// toy is a catalog whose second operation has a rate of its own.
func toy() []lab.Room {
	nothing := func(*lab.T, int) error { return nil }
	return []lab.Room{lab.Family[int]{
		Name: "toy", Base: "base", Workloads: []string{"sequential"},
		Ops:      []lab.Op[int]{{Name: "free", Run: nothing}, {Name: "rated", Rate: 100, Run: nothing}},
		Variants: []lab.Variant[int]{{Name: "base"}, {Name: "other"}},
	}.Erase()}
}

// TestAnOperationWithARateHasItsLatencyPassUnasked and long enough to have
// percentiles; the user's rate goes before it, and other operations wait to be asked for.
func TestAnOperationWithARateHasItsLatencyPassUnasked(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		latency, small bool
		rate           float64
		want           map[string]plan.Trial
	}{
		"unasked":       {want: map[string]plan.Trial{"rated": {Rate: 100, Millis: 2500}}},
		"asked for":     {latency: true, want: map[string]plan.Trial{"free": {Millis: 500}, "rated": {Rate: 100, Millis: 2500}}},
		"at a rate":     {latency: true, rate: 1000, want: map[string]plan.Trial{"free": {Rate: 1000, Millis: 500}, "rated": {Rate: 1000, Millis: 500}}},
		"at a slow one": {rate: 1, want: map[string]plan.Trial{"rated": {Rate: 1, Millis: latencyMost}}},
		"smoke":         {small: true, want: map[string]plan.Trial{"rated": {Rate: 100, Millis: smokeMillis}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := planned("free", "rated")
			p.Latency, p.LatencyRate, p.Small, p.MinRestarts, p.MaxRestarts = x.latency, x.rate, x.small, 2, 2
			j, err := samples.Create(filepath.Join(t.TempDir(), "run"), p, samples.Head{})
			if err != nil {
				t.Fatal(err)
			}
			defer j.Close()
			var asked []plan.Trial
			source := paced{scripted{scripts: map[string]string{"free": "1", "rated": "1"}, started: &atomic.Int64{}}, &asked}
			r := Runner{Clock: clock.System(), Rooms: toy(), Source: source}
			if err := r.Run(context.Background(), p, j); err != nil {
				t.Fatal(err)
			}
			if len(asked) != len(x.want) {
				t.Fatalf("%d latency passes, want %d", len(asked), len(x.want))
			}
			for _, got := range asked {
				if want := x.want[got.Op]; got.Rate != want.Rate || got.Millis != want.Millis {
					t.Errorf("%s: %v a second for %d ms, want %v for %d", got.Op, got.Rate, got.Millis, want.Rate, want.Millis)
				}
			}
		})
	}
}
