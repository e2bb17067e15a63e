package trial

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"assay/runner/clock"
	"assay/runner/lab"
	"assay/runner/plan"
	"assay/workloads"
)

// Check is what the untimed pass found about one arm: the exact units, what it
// allocates, and whether its answers are the reference's.
type Check struct {
	Variant string           `json:"variant"`
	Ops     int              `json:"ops"`                // operations counted
	Units   map[string]Tally `json:"units"`              // exact units
	Allocs  float64          `json:"allocs"`             // heap objects per operation
	Bytes   float64          `json:"bytes"`              // heap bytes per operation
	Digest  uint64           `json:"digest"`             // of the answers compared
	WrongAt string           `json:"wrong_at,omitempty"` // the first key answered otherwise than the reference does
	Detail  string           `json:"detail,omitempty"`
	Failed  string           `json:"failed,omitempty"`
	Inexact []string         `json:"inexact,omitempty"` // of allocs/op and B/op, those that differed between repeats
	Notes   []string         `json:"notes,omitempty"`   // warnings for the row
}

// CheckAll runs the untimed pass over every arm of the trial. Arms are built
// and dropped one after another, so memory holds one at a time. An arm that
// fails is a Check that says so; an error means that the trial itself is impossible.
func CheckAll(clk clock.Clock, rooms []lab.Room, trial plan.Trial, dir string) ([]Check, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection in mid-count would be counted as the variant's
	room, err := plan.FindRoom(rooms, trial.Family)
	if err != nil {
		return nil, err
	}
	env, err := environment(room, trial, dir)
	if err != nil {
		return nil, err
	}
	p := checkPass{meter: &meter{clock: clk}, room: room, env: env, trial: trial, dir: dir}
	if err := p.refer(); err != nil {
		return nil, err
	}
	var checks []Check
	for i, a := range trial.Arms {
		c, err := plan.FindCase(room, trial.Op, a.Variant)
		if err != nil {
			return nil, err
		}
		a.Inject = 0
		checks = append(checks, p.check(i, a, c))
		runtime.GC()
	}
	return checks, nil
}

type checkPass struct {
	meter     *meter
	room      lab.Room
	env       lab.Env
	trial     plan.Trial
	dir       string
	folders   int
	reference []uint64 // running digests of the model, or of the base where there is none
	referee   string
}

// refer runs the reference over the first answers.
func (p *checkPass) refer() error {
	name := "model"
	if len(p.room.Models) == 0 {
		first, err := plan.FindCase(p.room, p.trial.Op, p.trial.Arms[0].Variant)
		if err != nil {
			return err
		}
		name = first.Base
	}
	c, err := plan.FindCase(p.room, p.trial.Op, name)
	if err != nil {
		return err
	}
	p.referee = name
	p.reference, err = p.answers(plan.Arm{Name: name, Variant: name}, c)
	if err != nil {
		return fmt.Errorf("the reference %s of %s/%s: %w", name, p.room.Name, p.trial.Op, err)
	}
	return nil
}

func (p *checkPass) check(i int, a plan.Arm, c lab.Case) Check {
	got := Check{Variant: a.Name}
	answers, err := p.answers(a, c)
	if err == nil {
		got.Digest = answers[len(answers)-1]
		if !c.Null {
			p.compare(&got, c, answers)
		}
		err = p.count(&got, a, c)
	}
	if err != nil {
		got.Failed = err.Error()
	}
	return got
}

// count takes the census, and takes it again where there were few allocations
// in all: now and then the runtime allocates a little on its own account (eight
// objects, 5.6 kB, once in some hundred passes), the operation does so every
// time. The smaller count stands.
func (p *checkPass) count(got *Check, a plan.Arm, c lab.Case) error {
	const few = 100
	if err := p.census(got, a, c); err != nil || got.Allocs == 0 || got.Allocs*float64(got.Ops) > few || got.Inexact != nil {
		return err
	}
	again := Check{}
	if err := p.census(&again, a, c); err != nil {
		return err
	}
	got.Allocs, got.Bytes = min(got.Allocs, again.Allocs), min(got.Bytes, again.Bytes)
	return nil
}

// answers runs the operation one operation per batch, so that the running
// digest after each batch tells which answer was the first to differ.
func (p *checkPass) answers(a plan.Arm, c lab.Case) ([]uint64, error) {
	length := 1
	n, batches := c.Answers, 1
	if c.Shape.Batches > 0 { // a one-shot is one answer, several at once are one sum
		length, n, batches = 0, 1, c.Shape.Batches
	}
	x, err := p.build(a, c, length, false)
	if err != nil {
		return nil, err
	}
	defer x.stop()
	digests := make([]uint64, n)
	for i := range digests {
		if _, err := x.slice(0, batches); err != nil {
			return nil, err
		}
		digests[i] = x.t.Digest()
	}
	return digests, x.close()
}

// compare finds the first differing answer and names its key.
func (p *checkPass) compare(got *Check, c lab.Case, answers []uint64) {
	for i, d := range answers {
		if d == p.reference[i] {
			continue
		}
		got.WrongAt = p.keyOf(c, i)
		got.Detail = fmt.Sprintf("answer %d differs from %s's (digest %016x, want %016x)", i+1, p.referee, d, p.reference[i])
		return
	}
}

// keyOf draws the inputs again up to the i-th and returns its key.
func (p *checkPass) keyOf(c lab.Case, i int) string {
	if c.Shape.Batches > 0 {
		return "somewhere in the batch"
	}
	if p.env.Data.Text() {
		return p.textKeyOf(c, i)
	}
	s, err := p.env.Data.Stream(c.Draws, p.env.Seed)
	if err != nil {
		return err.Error()
	}
	batch := make([]workloads.Entry, i+1)
	s.Next(batch)
	return fmt.Sprintf("key %d", batch[i].Key)
}

func (p *checkPass) textKeyOf(c lab.Case, i int) string {
	s, err := p.env.Data.Records(c.Draws, p.env.Seed)
	if err != nil {
		return err.Error()
	}
	batch := make([]workloads.Record, i+1)
	s.Next(batch)
	return fmt.Sprintf("key %q", batch[i].Key)
}

// census counts exact units and allocations over a fixed number of operations.
func (p *checkPass) census(got *Check, a plan.Arm, c lab.Case) error {
	x, err := p.build(a, c, 0, true)
	if err != nil {
		return err
	}
	defer x.stop()
	var allocs, bytes uint64
	var before, after runtime.MemStats
	x.hooks = hooks{
		before: func() { runtime.ReadMemStats(&before) },
		after: func() {
			runtime.ReadMemStats(&after)
			allocs += after.Mallocs - before.Mallocs
			bytes += after.TotalAlloc - before.TotalAlloc
		},
	}
	length := x.t.Length()
	perSlice := max(1, poolBatches/length)
	total := c.Census
	if p.trial.Small {
		total = min(total, max(4*length, smallOps))
	}
	for warm := 1; got.Ops < total; warm = 0 {
		n := min(perSlice, (total-got.Ops+length-1)/length)
		t, err := x.slice(warm, n)
		if err != nil {
			return err
		}
		got.Ops += int(t.Ops)
	}
	got.Allocs, got.Bytes = float64(allocs)/float64(got.Ops), float64(bytes)/float64(got.Ops)
	if x.t.Shared() {
		got.Inexact = []string{"allocs/op", "B/op"}
	}
	if err := x.close(); err != nil { // before reading the units: rates are reported after the loop
		return err
	}
	got.Units = map[string]Tally{}
	for _, u := range p.room.Units {
		if t := x.tallies[u.Name]; u.Exact && t.N > 0 {
			got.Units[u.Name] = *t
		}
	}
	return nil
}

// smallOps bounds the census of a smoke run; the densest page takes half as many entries.
const smallOps = 2048

// poolBatches keeps a census slice within the pool of inputs, so that no input repeats.
const poolBatches = 4096

func (p *checkPass) build(a plan.Arm, c lab.Case, length int, counting bool) (*arm, error) {
	env := p.env
	var err error
	if env.Dir, err = subfolder(p.dir, p.folders); err != nil {
		return nil, err
	}
	p.folders++
	x := newArm(p.meter, a, c, p.room.Units, env, length)
	x.answering, x.counting = !counting, counting
	if err := x.load(); err != nil {
		x.stop()
		return nil, err
	}
	return x, nil
}
