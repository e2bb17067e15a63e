package host

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"assay/runner/clock"
)

// Limits of usable clocks, for slices of 0.25 ms and more: a clock must step
// finely enough, and a reading cost little enough, to stay near 1 % of one.
const (
	maxStep     = time.Microsecond
	maxReadCost = 1500 * time.Nanosecond
	maxLate     = time.Millisecond
)

func clockFindings(p probes) []Finding {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return []Finding{
		threadFinding(p),
		stepFinding("wall clock", "times what blocks, and paces the slices", step(func() time.Duration { return p.clock.Wall() }),
			"use a clock source such as tsc"),
		costFinding(p.clock),
		timerFinding(p.clock),
	}
}

func threadFinding(p probes) Finding {
	f := stepFinding("thread CPU clock", "CPU time leaves out what other programs do to a slice",
		step(func() time.Duration { return p.clock.Read().Thread }), "boot a kernel with high-resolution timers")
	if !p.supports.Thread {
		f.OK, f.Value, f.Why, f.Mend = false, "missing", p.supports.Note, "measure on Linux"
	}
	return f
}

func stepFinding(name, why string, d time.Duration, mend string) Finding {
	switch {
	case d == 0:
		return Finding{Name: name, Value: "does not move", Why: why, Mend: mend}
	case d > maxStep:
		return Finding{Name: name, Value: fmt.Sprintf("steps of %v, above %v", d, maxStep), Why: why, Mend: mend}
	}
	return Finding{Name: name, OK: true, Value: fmt.Sprintf("steps of %v", d), Why: why}
}

// step measures the resolution of a clock: the greatest common divisor of the
// differences of its readings. The smallest difference would not do, because
// it cannot be less than the cost of a reading. A clock of 4 ms steps moves
// twice in the 20000 readings, at 1 us each; 0 means that it did not move.
func step(read func() time.Duration) time.Duration {
	var g time.Duration
	last := read()
	for moves, i := 0, 0; i < 20_000 && moves < 200; i++ {
		now := read()
		if now > last {
			g = gcd(g, now-last)
			moves++
		}
		last = now
	}
	return g
}

func gcd(a, b time.Duration) time.Duration {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// costFinding times Read in batches and takes their median, which a batch
// that was interrupted does not move.
func costFinding(c clock.Clock) Finding {
	const batches, reads = 21, 200
	cost := make([]time.Duration, batches)
	for i := range cost {
		start := c.Wall()
		for range reads {
			c.Read()
		}
		cost[i] = (c.Wall() - start) / reads
	}
	slices.Sort(cost)
	f := Finding{
		Name: "clock cost", OK: true, Value: fmt.Sprintf("%v per reading", cost[batches/2]),
		Why: "every slice pays for two readings",
	}
	switch median := cost[batches/2]; {
	case median <= 0:
		f.OK, f.Value, f.Mend = false, "less than the wall clock can show", "use a clock source such as tsc"
	case median > maxReadCost:
		f.OK, f.Mend = false, fmt.Sprintf("use longer slices (a reading should cost at most %v)", maxReadCost)
	}
	return f
}

// timerFinding sees how late a sleep of 1 ms returns; open-loop work, which
// starts each operation at a planned time, cannot be more punctual.
func timerFinding(c clock.Clock) Finding {
	const sleep = time.Millisecond
	late := make([]time.Duration, 9)
	for i := range late {
		start := c.Wall()
		_ = c.Sleep(context.Background(), sleep) // without a deadline it cannot fail
		late[i] = c.Wall() - start - sleep
	}
	slices.Sort(late)
	f := Finding{
		Name: "timer", OK: true, Value: fmt.Sprintf("%v late", late[len(late)/2].Round(time.Microsecond)),
		Why: "starts open-loop operations at their planned times",
	}
	if late[len(late)/2] > maxLate {
		f.OK, f.Mend = false, "plan fewer operations per second, or boot a kernel with high-resolution timers"
	}
	return f
}
