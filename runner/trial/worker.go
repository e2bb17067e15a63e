package trial

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"

	"assay/runner/clock"
	"assay/runner/lab"
	"assay/runner/plan"
	"assay/runner/wire"
	"assay/workloads"
)

// Worker hosts the arms of one trial in this process.
type Worker struct {
	trial   plan.Trial
	meter   *meter
	arms    []*arm
	digests []uint64
	began   memory
	stop    func() error // the neighbours inside this process
	collect func()       // between slices, outside the clock; nil under the default policy
}

// Open loads the data and every arm, ready for its first slice. Dir is an
// empty folder the arms may write to. The calling goroutine must stay on its
// OS thread until Close.
func Open(clk clock.Clock, rooms []lab.Room, trial plan.Trial, dir string) (*Worker, error) {
	if err := setGC(trial.GC); err != nil {
		return nil, err
	}
	room, err := plan.FindRoom(rooms, trial.Family)
	if err != nil {
		return nil, err
	}
	if len(trial.Arms) == 0 {
		return nil, fmt.Errorf("a trial takes at least one arm")
	}
	env, err := environment(room, trial, dir)
	if err != nil {
		return nil, err
	}
	w := &Worker{trial: trial, meter: &meter{clock: clk}, stop: quiet}
	if trial.GC != "" && trial.GC != "default" {
		w.collect = runtime.GC
	}
	if err := w.load(room, env, dir); err != nil {
		w.abandon()
		return nil, err
	}
	return w, nil
}

// load builds every arm and readies it.
func (w *Worker) load(room lab.Room, env lab.Env, dir string) error {
	for i, a := range w.trial.Arms {
		c, err := plan.FindCase(room, w.trial.Op, a.Variant)
		if err != nil {
			return err
		}
		e := env
		if e.Dir, err = subfolder(dir, i); err != nil {
			return err
		}
		for _, other := range w.trial.Arms[:i] {
			if other.Variant == a.Variant {
				e.Twin++
			}
		}
		w.arms = append(w.arms, newArm(w.meter, a, c, room.Units, e, 0))
	}
	// Whoever loads first gets the better memory: the order is drawn anew each restart.
	for _, i := range plan.Order(plan.Mix(w.trial.Seed, 5), len(w.arms), 1)[:len(w.arms)] {
		if err := w.arms[i].load(); err != nil {
			return fmt.Errorf("%s: %w", w.arms[i].Name, err)
		}
	}
	w.meter.calibrate()
	return w.settle(room)
}

// abandon ends what runs, without a report.
func (w *Worker) abandon() {
	w.stop() //nolint:errcheck // whoever abandons has an error already
	w.stop = quiet
	for _, a := range w.arms {
		a.stop()
	}
}

// settle runs one batch of every arm outside the count, keeps its digest (all
// arms have seen the same inputs up to here), and collects the garbage of loading.
func (w *Worker) settle(room lab.Room) error {
	for _, a := range w.arms {
		inject := a.Inject
		a.Inject = 0 // operations on top would be answers on top
		_, err := a.slice(0, 1)
		a.Inject = inject
		if err != nil {
			return fmt.Errorf("%s: %w", a.Name, err)
		}
		w.digests = append(w.digests, a.t.Digest())
		for _, t := range a.tallies {
			*t = Tally{Better: t.Better}
		}
	}
	if w.trial.Mode != "count" { // there the heap only grows: reuse of collected memory would differ from run to run
		runtime.GC()
	}
	w.meter.ran = false // the collection of what loading left is nobody's slice
	w.stop = w.antagonise(room)
	w.began = readMemory()
	return nil
}

// Run runs the slices in order and returns their timings.
func (w *Worker) Run(slices []wire.Slice) ([]wire.Timing, error) {
	timings := make([]wire.Timing, 0, len(slices))
	for _, s := range slices {
		a := w.arms[s.Arm]
		t, err := a.slice(s.Warm, s.Batches)
		if err != nil {
			return timings, fmt.Errorf("%s: %w", a.Name, err)
		}
		t.Arm = s.Arm
		timings = append(timings, t)
		if w.collect != nil {
			w.collect()
			w.meter.last = w.meter.clock.Read() // its cost is reported apart, in the Ending
		}
	}
	return timings, nil
}

// Ending is what a worker knows when its trial is over.
type Ending struct {
	Digests []uint64           `json:"digests"` // of the first batch, per arm
	Units   []map[string]Tally `json:"units"`   // noisy units observed while timed, per arm
	Allocs  uint64             `json:"allocs"`  // heap objects since the arms were ready
	Bytes   uint64             `json:"bytes"`
	GCs     uint64             `json:"gcs"`
	GCCPU   float64            `json:"gc_cpu"` // seconds

	Resident uint64 `json:"resident,omitempty"` // most bytes of memory the process ever held; 0 = the system does not say
}

// Close ends every arm and reports what it observed.
func (w *Worker) Close() (Ending, error) {
	failed := w.stop()
	w.stop = quiet
	m := readMemory()
	e := Ending{
		Digests: w.digests,
		Allocs:  m.allocs - w.began.allocs, Bytes: m.bytes - w.began.bytes,
		GCs: m.gcs - w.began.gcs, GCCPU: m.gcCPU - w.began.gcCPU,
		Resident: resident(),
	}
	for _, a := range w.arms {
		if err := a.close(); err != nil && failed == nil {
			failed = fmt.Errorf("%s: %w", a.Name, err)
		}
		seen := map[string]Tally{}
		for name, t := range a.tallies {
			if t.N > 0 {
				seen[name] = *t
			}
		}
		e.Units = append(e.Units, seen)
	}
	return e, failed
}

func environment(room lab.Room, trial plan.Trial, dir string) (lab.Env, error) {
	spec, err := workloads.Parse(trial.Workload)
	if err != nil {
		return lab.Env{}, err
	}
	if len(trial.Arms) == 0 {
		return lab.Env{}, fmt.Errorf("a trial takes at least one arm")
	}
	c, err := plan.FindCase(room, trial.Op, trial.Arms[0].Variant)
	if err != nil {
		return lab.Env{}, err
	}
	count := c.Count
	if spec.Count() > 0 {
		count = spec.Count()
	}
	if trial.Small {
		count = min(count, smallCount)
	}
	data, err := spec.Load(trial.Seed, count)
	if err != nil {
		return lab.Env{}, err
	}
	return lab.Env{Workload: spec, Data: data, Seed: trial.Seed, Dir: dir}, nil
}

// smallCount bounds the entries loaded in a smoke run.
const smallCount = 2000

func subfolder(dir string, i int) (string, error) {
	path := fmt.Sprintf("%s/arm%d", dir, i)
	return path, os.MkdirAll(path, 0o700)
}

func setGC(policy string) error {
	switch policy {
	case "", "default":
		return nil
	case "off":
		debug.SetGCPercent(-1)
		return nil
	}
	n, err := strconv.Atoi(policy)
	if err != nil || n < 1 {
		return fmt.Errorf("gc policy %q is not default, off or a percentage such as 800", policy)
	}
	debug.SetGCPercent(n)
	return nil
}
