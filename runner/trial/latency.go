package trial

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"assay/runner/clock"
	"assay/runner/lab"
	"assay/runner/plan"
)

// Latency is the distribution of single operations of one arm, in nanoseconds.
type Latency struct {
	Variant   string             `json:"variant"`
	Ops       int64              `json:"ops"`
	Dropped   int64              `json:"dropped"`            // beyond the histogram's 100 s
	Rate      float64            `json:"rate"`               // intended operations per second; 0 = one after another
	ClockCost float64            `json:"clock"`              // nanoseconds per clock read here
	Quantiles map[string]float64 `json:"quantiles"`          // p50 p90 p99 p99.9 max
	Percents  []float64          `json:"percents,omitempty"` // at 0, 1, … 100 %: the whole distribution
	Failed    string             `json:"failed,omitempty"`
}

// LatencyAll times single operations of each arm in turn. With a rate, the
// operations are issued at intended times and measured from those (open loop):
// an operation that had to wait for a stalled one shows the wait, which a
// closed loop would hide (coordinated omission).
func LatencyAll(clk clock.Clock, rooms []lab.Room, trial plan.Trial, dir string) ([]Latency, error) {
	room, err := plan.FindRoom(rooms, trial.Family)
	if err != nil {
		return nil, err
	}
	env, err := environment(room, trial, dir)
	if err != nil {
		return nil, err
	}
	cost := clockCost(clk)
	var all []Latency
	for i, a := range trial.Arms {
		c, err := plan.FindCase(room, trial.Op, a.Variant)
		if err != nil {
			return nil, err
		}
		e := env
		if e.Dir, err = subfolder(dir, i); err != nil {
			return nil, err
		}
		l := Latency{Variant: a.Name, Rate: trial.Rate, ClockCost: cost}
		if err := latency(clk, a, c, room.Units, e, trial, &l); err != nil {
			l.Failed = err.Error()
		}
		all = append(all, l)
		runtime.GC()
	}
	return all, nil
}

func latency(clk clock.Clock, a plan.Arm, c lab.Case, units []lab.Unit, env lab.Env, trial plan.Trial, l *Latency) error {
	length := 1
	if c.Shape.Batches > 0 {
		length = 0
	}
	p := &single{
		clock: clk, until: time.Duration(trial.Millis) * time.Millisecond,
		histogram: hdrhistogram.New(1, 100_000_000_000, 3),
	}
	if trial.Rate > 0 {
		p.every = time.Duration(float64(time.Second) / trial.Rate)
	}
	t := lab.NewT(env, c, units, length, p)
	if err := guard(func() error { return c.Run(t) }); err != nil {
		return err
	}
	if !p.over {
		return fmt.Errorf("%s: the operation stopped after %d operations, before its time was over", a.Name, p.histogram.TotalCount())
	}
	if p.histogram.TotalCount() == 0 {
		return fmt.Errorf("%s: no operation ended within %v", a.Name, p.until)
	}
	l.Ops, l.Dropped = p.histogram.TotalCount(), p.dropped
	l.Quantiles = map[string]float64{"max": float64(p.histogram.Max())}
	for name, q := range map[string]float64{"p50": 50, "p90": 90, "p99": 99, "p99.9": 99.9} {
		l.Quantiles[name] = float64(p.histogram.ValueAtQuantile(q))
	}
	for q := range 101 {
		l.Percents = append(l.Percents, float64(p.histogram.ValueAtQuantile(float64(q))))
	}
	return nil
}

// single is the pacer of a latency pass: one operation per batch, each timed by itself.
type single struct {
	clock     clock.Clock
	every     time.Duration // between intended starts; 0 = closed loop
	until     time.Duration
	started   bool
	over      bool
	end       time.Duration // no operation is meant to start from here on
	intended  time.Duration
	began     time.Duration
	recording sync.Mutex // of what follows: batches of several clients end at once
	histogram *hdrhistogram.Histogram
	dropped   int64
}

// overtime bounds how long an open loop works off what it is behind, in
// multiples of its time: at a rate that cannot be kept it would never end.
const overtime = 4

// Next ends the pass when no operation is meant to start any more. An open
// loop still issues those that a stall has kept waiting past the end: to drop
// them would hide the stall.
func (s *single) Next() (warm, timed, extra int) {
	if !s.started {
		return 1, 1, 0
	}
	now := s.clock.Wall()
	if s.every > 0 {
		s.intended += s.every
		if now >= s.end+overtime*s.until {
			for ; s.intended < s.end; s.intended += s.every {
				s.record(now - s.intended) // never issued: it waited this long at least
			}
		}
		now = s.intended
	}
	if now >= s.end {
		s.over = true
		return 0, 0, 0
	}
	return 0, 1, 0
}

// Start begins an operation, in an open loop at its intended time and no
// sooner: the inputs are drawn by then, so that drawing is not in the latency
// unless the loop is late. It spins: a sleep would oversleep by more than most
// operations take.
func (s *single) Start() {
	now := s.clock.Wall()
	if !s.started {
		s.started, s.intended, s.end = true, now, now+s.until
	}
	s.began = now
	if s.every > 0 {
		for now < s.intended {
			now = s.clock.Wall()
		}
		s.began = s.intended
	}
}

// Due is Next and Start for operations of several clients, which end whenever
// they end (see lab.T.Clients). It sleeps where Start would spin: clients and
// whoever serves them share the processors. A sleep oversleeps by up to a
// millisecond, so the last two are spun.
func (s *single) Due() (began time.Duration, more bool) {
	if _, timed, _ := s.Next(); timed == 0 {
		return 0, false
	}
	if s.started && s.every > 0 {
		s.clock.Sleep(context.Background(), s.intended-s.clock.Wall()-overslept) //nolint:errcheck // nobody ends this context
	}
	s.Start()
	return s.began, true
}

const overslept = 2 * time.Millisecond

// Done records a batch that Due gave out, whoever runs it.
func (s *single) Done(began time.Duration) { s.record(s.clock.Wall() - began) }

// Stop records the operation.
func (s *single) Stop(int) { s.record(s.clock.Wall() - s.began) }

func (s *single) record(took time.Duration) {
	s.recording.Lock()
	defer s.recording.Unlock()
	if s.histogram.RecordValue(max(1, int64(took))) != nil {
		s.dropped++
	}
}

// Observe ignores units: they belong to the other passes.
func (s *single) Observe(lab.Unit, float64) {}

// Pass is neither of the untimed ones.
func (s *single) Pass() (answering, counting bool) { return false, false }

// clockCost is the smallest difference seen between two reads, in nanoseconds.
func clockCost(clk clock.Clock) float64 {
	best := math.Inf(1)
	for range 1000 {
		a := clk.Wall()
		for range 9 {
			clk.Wall()
		}
		best = min(best, float64(clk.Wall()-a)/10)
	}
	return best
}
