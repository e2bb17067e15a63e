// Package mark tells whoever counts the work of this process where a measured
// stretch begins and where it ends: the hardware counters of the processor, a
// simulator that the process runs under, or a tracer of its system calls.
//
// Its limits first. The counters see the calling thread alone, in user mode:
// what an operation leaves to other goroutines, to the collector or to the
// kernel is not in them. A tracer sees the calls of every thread. Marks are for
// a pass of their own, never for a timed one.
//
// Every stretch leaves one entry in a log: a line of the file that Open is given
// for [Perf], a dump of the simulator for [Simulated], a line of the tracer's
// file for [Calls]. What the marks themselves add to a stretch is constant; a
// stretch with nothing in it shows how much.
package mark

import "fmt"

// The ways to count.
const (
	Perf      = "perf"      // hardware counters, by perf_event_open
	Simulated = "simulated" // valgrind's callgrind
	Calls     = "calls"     // system calls, by ptrace
)

// Marker brackets stretches of one way of counting.
type Marker struct {
	begin, end func() error
	close      func() error
}

// Open readies a way of counting on the calling thread, which must stay this
// goroutine's until Close. Log is the file that [Perf] writes to. It fails where
// the process is not run as the way wants it, and says how.
func Open(way, log string) (*Marker, error) {
	switch way {
	case Perf:
		return openPerf(log)
	case Simulated:
		return openSimulated()
	case Calls:
		return openCalls()
	}
	return nil, fmt.Errorf("way of counting %q is not %s, %s or %s", way, Perf, Simulated, Calls)
}

// Begin starts a stretch.
func (m *Marker) Begin() error { return m.begin() }

// End ends it and leaves its counts in the log before it returns.
func (m *Marker) End() error { return m.end() }

// Close gives the way up.
func (m *Marker) Close() error { return m.close() }

func nothing() error { return nil }
