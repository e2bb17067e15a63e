package clock

import (
	"time"

	"golang.org/x/sys/unix"
)

// Tick is how often the kernel looks at its CPU timers: no profiler that relies
// on them can sample faster. Zero where the system does not say.
func Tick() time.Duration {
	var ts unix.Timespec
	if unix.ClockGetres(unix.CLOCK_MONOTONIC_COARSE, &ts) != nil { // the coarse clocks move at each tick
		return 0
	}
	return time.Duration(ts.Nano())
}
