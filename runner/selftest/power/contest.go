package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"assay/runner/clock"
	"assay/runner/host"
	"assay/runner/selftest"
)

// task is one comparison, to be made by every method.
type task struct {
	kernel  string
	effect  float64 // planted slowdown, relative; 0 = nothing
	seconds float64 // wall time for both sides
	first   bool    // the slowed side runs first
	seed    uint64
}

// outcome is what a method said of a task.
type outcome struct {
	ratio   float64 // time of the slowed side over the other's
	truth   float64 // what ratio should be
	p       float64 // of the U test; NaN from assay
	lo, hi  float64 // 95 % interval of ratio; NaN where the method gives none
	verdict string  // assay's, of the slowed side: slower, faster, same, undecided
	samples int     // per side
	early   bool    // ended before its time because it had decided
}

// trial is a task carried out by a method.
type trial struct {
	task
	outcome
	method string
	took   float64 // seconds of wall time
	at     float64 // seconds since the contest began
	load   float64 // runnable tasks, mean of the minute before
}

// method makes a comparison in about the seconds that it is told, by its own
// clock; how these relate to wall time is for [pace] to find.
type method struct {
	name    string
	compare func(ctx context.Context, t task, seconds float64) (outcome, error)
}

const (
	shortest = 1.25 // seconds: what `go test -bench` takes by default for one sample
	longest  = 5.0
)

// shares divide the budget between the times per comparison.
func shares() map[float64]float64 { return map[float64]float64{shortest: 0.6, longest: 0.4} }

// effects are the slowdowns planted, relative.
func effects() []float64 { return []float64{0, 0.005, 0.01, 0.02, 0.05, 0.10} }

func kernels() []string {
	var names []string
	for _, c := range selftest.Room().Cases {
		names = append(names, c.Op)
	}
	return names
}

// blockSeconds is what one task takes all methods at most, as they keep to their time.
func blockSeconds(seconds float64) float64 { return 3 * seconds }

// schedule draws tasks without end. A sweep has every effect once, in random
// order and each on another kernel, so that after as many sweeps as there are
// kernels every effect has met each; sweeps of both times go on side by side.
type schedule struct {
	rng    *rand.Rand
	sweeps map[float64]int
	queue  map[float64][]task
	spent  map[float64]float64
}

func newSchedule(seed uint64) *schedule {
	return &schedule{
		rng:    rand.New(rand.NewPCG(seed, 0x706f776572)),
		sweeps: map[float64]int{}, queue: map[float64][]task{}, spent: map[float64]float64{},
	}
}

// next is the next task that fits into the time left; ok is false where none does.
func (s *schedule) next(left float64) (t task, ok bool) {
	best := 0.0
	for _, seconds := range []float64{shortest, longest} {
		behind := s.spent[seconds] / shares()[seconds]
		if blockSeconds(seconds) <= left && (!ok || behind < best) {
			t.seconds, best, ok = seconds, behind, true
		}
	}
	if !ok {
		return task{}, false
	}
	if len(s.queue[t.seconds]) == 0 {
		s.queue[t.seconds] = s.sweep(t.seconds)
	}
	t = s.queue[t.seconds][0]
	s.queue[t.seconds] = s.queue[t.seconds][1:]
	return t, true
}

func (s *schedule) sweep(seconds float64) []task {
	names := kernels()
	var tasks []task
	for i, e := range effects() {
		tasks = append(tasks, task{
			kernel: names[(s.sweeps[seconds]+i)%len(names)], effect: e, seconds: seconds,
			first: s.rng.IntN(2) == 0, seed: s.rng.Uint64(),
		})
	}
	s.rng.Shuffle(len(tasks), func(i, j int) { tasks[i], tasks[j] = tasks[j], tasks[i] })
	s.sweeps[seconds]++
	return tasks
}

// pace learns what to tell each method so that it takes the wall time it is
// given. A Go benchmark overshoots its -benchtime and starts processes; a run of
// assay has passes beside the timed one.
type pace map[string]float64

// tell is the seconds to tell a method: a share of the wall time, at first the
// share that shorter comparisons have taught.
func (p pace) tell(method string, seconds float64) float64 {
	for _, known := range []string{key(method, seconds), key(method, shortest)} {
		if share := p[known]; share > 0 {
			return share * seconds
		}
	}
	return 0.6 * seconds
}

// learn corrects the share by half the error on a logarithmic scale: one trial
// on a busy machine may take half as long again by bad luck.
func (p pace) learn(method string, seconds, took float64) {
	const gain, least, most = 0.5, 0.1, 1.5
	share := p.tell(method, seconds) / seconds * math.Pow(seconds/took, gain)
	p[key(method, seconds)] = math.Min(most, math.Max(least, share))
}

func key(method string, seconds float64) string { return fmt.Sprintf("%s %g", method, seconds) }

// contest runs tasks through all methods until the budget is spent.
type contest struct {
	methods  []method
	budget   float64 // seconds
	clock    clock.Clock
	schedule *schedule
	pace     pace
	book     *book
	tell     func(line string)
	trials   []trial
	began    time.Duration
	told     float64 // when progress was last told
}

func newContest(methods []method, o options, clk clock.Clock, b *book, tell func(string)) *contest {
	return &contest{
		methods: methods, budget: o.budget.Seconds(), clock: clk, schedule: newSchedule(o.seed),
		pace: pace{}, book: b, tell: tell, began: clk.Wall(), told: math.Inf(-1),
	}
}

func (c *contest) spent() float64 { return (c.clock.Wall() - c.began).Seconds() }

// run ends with the budget, with ctx, or with the first failure of a method.
func (c *contest) run(ctx context.Context) error {
	for {
		c.progress()
		t, ok := c.schedule.next(c.budget - c.spent())
		if !ok {
			return nil
		}
		before := c.spent()
		for _, i := range c.schedule.rng.Perm(len(c.methods)) {
			if err := c.one(ctx, c.methods[i], t); err != nil {
				return err
			}
		}
		c.schedule.spent[t.seconds] += c.spent() - before
	}
}

func (c *contest) one(ctx context.Context, m method, t task) error {
	x := trial{task: t, method: m.name, load: host.Inspect("/").Load, at: c.spent()}
	var err error
	x.outcome, err = m.compare(ctx, t, c.pace.tell(m.name, t.seconds))
	if err != nil {
		// ^C also reaches the benchmark, which may end before ctx does.
		if stop := c.clock.Sleep(ctx, 100*time.Millisecond); stop != nil {
			return stop
		}
		return fmt.Errorf("%s on %s: %w", m.name, t.kernel, err)
	}
	x.took = c.spent() - x.at
	if !x.early {
		c.pace.learn(m.name, t.seconds, x.took)
	}
	c.trials = append(c.trials, x)
	return c.book.add(x)
}

// progressEvery is in seconds: a line that is still of use in a log.
const progressEvery = 20

func (c *contest) progress() {
	if c.spent()-c.told < progressEvery {
		return
	}
	c.told = c.spent()
	left := time.Duration(math.Max(0, c.budget-c.told) * float64(time.Second)).Round(time.Second)
	c.tell(fmt.Sprintf("%d trials, %v left", len(c.trials), left))
}
