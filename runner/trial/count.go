package trial

import (
	"fmt"
	"strconv"
	"strings"

	"assay/runner/mark"
	"assay/runner/plan"
	"assay/runner/wire"
)

// How many operations one stretch counts, at most: what an operation does is
// the same from seed to seed but for its inputs, and some thousand of those say
// enough. A simulator takes 50 times as long as the processor.
const (
	countedOps      = 2048
	smallCountedOps = 256
)

// count opens a trial whose slices are counted, not timed. Every slice is one
// stretch between marks; the first stretch, before any slice, holds no operation
// and shows what the harness itself adds to the others. The answer is how many
// batches of each arm a slice should have.
func (s *server) count(trial plan.Trial) error {
	w, err := Open(s.clock, s.rooms, trial, s.dir)
	if err != nil {
		return err
	}
	s.worker = w
	m, err := mark.Open(trial.Count, trial.Log)
	if err != nil {
		return err
	}
	words := make([]string, len(w.arms))
	for i, a := range w.arms {
		a.hooks = marks(a, m)
		n, err := s.counted(trial, a)
		if err != nil {
			return err
		}
		words[i] = strconv.Itoa(n)
	}
	w.arms[0].Start()
	w.arms[0].Stop(0)
	if err := w.arms[0].err; err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s %s\n", wire.Ready, strings.Join(words, " "))
	return nil
}

// marks brackets the slices of an arm; a mark that fails ends the arm.
func marks(a *arm, m *mark.Marker) hooks {
	keep := func(f func() error) func() {
		return func() {
			if err := f(); err != nil && a.err == nil {
				a.err = err
			}
		}
	}
	return hooks{before: keep(m.Begin), after: keep(m.End)}
}

// counted is how many batches of an arm make a slice: its census, within
// bounds. It must not depend on any time, or two runs would count on different
// inputs.
func (s *server) counted(trial plan.Trial, a *arm) (int, error) {
	room, err := plan.FindRoom(s.rooms, trial.Family)
	if err != nil {
		return 0, err
	}
	c, err := plan.FindCase(room, trial.Op, a.Variant)
	if err != nil {
		return 0, err
	}
	most := countedOps
	if trial.Small {
		most = smallCountedOps
	}
	return max(1, min(c.Census, most)/a.t.Length()), nil
}
