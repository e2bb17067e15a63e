package lab_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"assay/runner/lab"
	"assay/workloads"
)

// bodies counts what clients were given.
type bodies struct {
	mu      sync.Mutex
	lengths map[int]int
	keys    []uint64
	clients map[int]bool
}

func (b *bodies) run(client int, batch []workloads.Entry) (uint64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.lengths == nil {
		b.lengths, b.clients = map[int]int{}, map[int]bool{}
	}
	b.lengths[len(batch)]++
	b.clients[client] = true
	for _, e := range batch {
		b.keys = append(b.keys, e.Key)
	}
	return batch[0].Key, nil
}

func TestClientsShareTheBatchesOfASliceAndTheClockWaitsForAll(t *testing.T) {
	t.Parallel()
	p := &script{slices: [][3]int{{2, 5, 0}, {0, 3, 11}}}
	x := newT(t, 8, p)
	var b bodies
	x.Prepare(func([]workloads.Entry) { p.note("prepare") })
	if err := x.Clients(4, b.run); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(p.events, " "), "next prepare start stop 40 next prepare start stop 24 next"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if b.lengths[8] != 2+5+3+1 || b.lengths[2] != 1 || b.lengths[1] != 1 || len(b.lengths) != 3 { // 11 on top: 8 + 2 + 1
		t.Errorf("lengths %v", b.lengths)
	}
	for c := range b.clients {
		if c < 0 || c > 3 {
			t.Errorf("client %d of 4", c)
		}
	}
	if !x.Shared() || newT(t, 8, p).Shared() {
		t.Error("Shared says what is not so")
	}
}

// TestAnswersOfClientsAreFoldedAsTheirSum: whoever runs which batch, the digest
// is the same; and another answer gives another.
func TestAnswersOfClientsAreFoldedAsTheirSum(t *testing.T) {
	t.Parallel()
	run := func(n int, spoil uint64) uint64 {
		x := newT(t, 8, &script{slices: [][3]int{{1, 50, 0}, {0, 20, 0}}})
		var b bodies
		if err := x.Clients(n, func(client int, batch []workloads.Entry) (uint64, error) {
			answer, err := b.run(client, batch)
			return answer + spoil, err
		}); err != nil {
			t.Fatal(err)
		}
		return x.Digest()
	}
	if run(1, 0) != run(7, 0) {
		t.Error("the digest depends on the number of clients")
	}
	if run(2, 0) == run(2, 1) {
		t.Error("other answers have the same digest")
	}
}

func TestTheFirstErrorOfAClientEndsTheTrialWithoutCredit(t *testing.T) {
	t.Parallel()
	for name, slices := range map[string][][3]int{"warm-up": {{9, 1, 0}}, "timed": {{0, 9, 0}}} {
		p := &script{slices: slices}
		boom := errors.New("boom")
		var n atomic.Int64
		err := newT(t, 8, p).Clients(3, func(int, []workloads.Entry) (uint64, error) {
			if n.Add(1) == 4 {
				return 0, boom
			}
			return 0, nil
		})
		if !errors.Is(err, boom) || strings.Contains(strings.Join(p.events, " "), "stop") {
			t.Errorf("%s: error %v after %v", name, err, p.events)
		}
	}
}

// alarms is a pacer of a latency pass: so many batches, each due at its number.
type alarms struct {
	script
	mu   sync.Mutex
	left int
	done []time.Duration
}

func (a *alarms) Due() (time.Duration, bool) {
	a.left--
	return time.Duration(a.left), a.left >= 0
}

func (a *alarms) Done(began time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.done = append(a.done, began)
}

func TestClientsOfALatencyPassAreTimedOneByOne(t *testing.T) {
	t.Parallel()
	p := &alarms{left: 100}
	var b bodies
	if err := newT(t, 4, p).Clients(5, b.run); err != nil {
		t.Fatal(err)
	}
	if len(p.done) != 100 || b.lengths[4] != 100+5 || len(p.events) != 0 {
		t.Errorf("%d batches recorded, %v run with the warm-up of 5, events %v", len(p.done), b.lengths, p.events)
	}
	seen := map[time.Duration]bool{}
	for _, d := range p.done {
		seen[d] = true
	}
	if len(seen) != 100 {
		t.Errorf("%d different beginnings of 100", len(seen))
	}
}

func TestAnErrorEndsALatencyPass(t *testing.T) {
	t.Parallel()
	p := &alarms{left: 1 << 30}
	boom := errors.New("boom")
	var n atomic.Int64
	err := newT(t, 4, p).Clients(5, func(int, []workloads.Entry) (uint64, error) {
		if n.Add(1) == 20 {
			return 0, boom
		}
		return 0, nil
	})
	if !errors.Is(err, boom) {
		t.Errorf("error %v", err)
	}
}

func TestTheWorkloadsBatchIsTheLength(t *testing.T) {
	t.Parallel()
	env := load(t, "sequential,batch=32", 100)
	c := lab.Case{Shape: lab.Shape{Length: 256}}
	if x := lab.NewT(env, c, nil, 0, nil); x.Length() != 32 {
		t.Errorf("length %d, the workload says 32", x.Length())
	}
	if x := lab.NewT(env, c, nil, 1, nil); x.Length() != 1 {
		t.Errorf("length %d, the pass says 1", x.Length())
	}
}
