package trial

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"assay/runner/clock"
	"assay/runner/lab"
	"assay/runner/plan"
	"assay/workloads"
)

// shop is a contract that an operation and its neighbour share.
type shop struct {
	served, delivered atomic.Int64
	refuse            error
}

// shops is a family with a neighbour of its own, and the contracts it made.
func shops(refuse error) (lab.Room, *[]*shop) {
	made := &[]*shop{}
	room := lab.Family[*shop]{
		Name: "shop", Base: "corner", Workloads: []string{"sequential"},
		Ops: []lab.Op[*shop]{{Name: "serve", Draws: workloads.Present, Run: func(t *lab.T, s *shop) error {
			for batch := range t.Batches {
				s.served.Add(int64(len(batch)))
				for s.delivered.Load() == 0 && s.served.Load() > 256 {
					runtime.Gosched() // from the second batch on: the neighbour is there
				}
				t.Fold(batch[0].Key)
			}
			return nil
		}}},
		Variants: []lab.Variant[*shop]{{Name: "corner", New: func(*lab.Env) (*shop, error) {
			*made = append(*made, &shop{refuse: refuse})
			return (*made)[len(*made)-1], nil
		}}},
		Beside: []lab.Op[*shop]{{
			Name: "van", Draws: workloads.Fresh, Shape: lab.Shape{Length: 8}, Every: time.Microsecond,
			Run: func(t *lab.T, s *shop) error {
				for batch := range t.Batches {
					s.delivered.Add(int64(len(batch)))
					if s.refuse != nil {
						return s.refuse
					}
				}
				return nil
			},
		}},
	}.Erase()
	return room, made
}

func serving(beside string) plan.Trial {
	return plan.Trial{
		Mode: "time", Family: "shop", Op: "serve", Workload: "sequential,count=10,batch=256", Seed: 1, SliceNS: 1000, Beside: beside,
		Arms: []plan.Arm{{Name: "corner", Variant: "corner", Batches: 2}},
	}
}

func TestAFamilysNeighbourWorksOnTheArmsOwnContractAndStopsWithIt(t *testing.T) {
	t.Parallel()
	for beside, want := range map[string]bool{"van": true, "": false, "cpu": false} {
		room, made := shops(nil)
		w, err := Open(clock.System(), []lab.Room{room}, serving(beside), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		s := (*made)[0]
		if !want {
			s.delivered.Store(8) // nobody else will
		}
		if _, err := w.arms[0].slice(0, 2); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if got := s.delivered.Load(); got%8 != 0 || !want && got != 8 {
			t.Errorf("beside %q: %d delivered", beside, got)
		}
	} // goleak sees a van that drives on
}

func TestANeighbourThatFailsFailsTheTrial(t *testing.T) {
	t.Parallel()
	closed := errors.New("the road is closed")
	room, _ := shops(closed)
	w, err := Open(clock.System(), []lab.Room{room}, serving("van"), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.arms[0].slice(0, 2); err != nil { // it goes on as long as the neighbour has not begun
		t.Fatal(err)
	}
	if _, err := w.Close(); !errors.Is(err, closed) || !strings.Contains(err.Error(), "van beside corner") {
		t.Errorf("error %v", err)
	}
}

func TestANeighboursBatchesComeWhenTheyAreDue(t *testing.T) {
	t.Parallel()
	f := &clock.Fake{}
	ctx, cancel := context.WithCancel(context.Background())
	b := &beat{clock: f, ctx: ctx, every: 100}
	start := f.Wall()
	for i, x := range []struct{ took, at time.Duration }{
		{10, 0},    // the first at once
		{10, 100},  // then every 100
		{250, 200}, // the next comes late,
		{10, 450},  // at once,
		{10, 550},  // and is not made up for
	} {
		if _, timed, _ := b.Next(); timed != 1 || f.Wall()-start != x.at {
			t.Errorf("batch %d of %d at %d, want %d", i, timed, f.Wall()-start, x.at)
		}
		f.Advance(x.took, 0)
	}
	cancel()
	if _, timed, _ := b.Next(); timed != 0 {
		t.Error("it goes on")
	}
}
