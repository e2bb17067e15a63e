//go:build unix && !linux

package clock

import (
	"time"

	"golang.org/x/sys/unix"
)

var supports = Support{
	Process: true,
	Note:    "no CPU clock per thread here: process CPU time, in microseconds, stands in, and involuntary switches are the process's",
}

// readCPU uses getrusage, the one CPU clock that all these systems share.
func readCPU(r *Reading) {
	var usage unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &usage) != nil {
		return // cannot happen with a constant argument and our own pointer
	}
	r.Process = time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	r.Involuntary = int64(usage.Nivcsw)
}

func fillMissing(r *Reading) { r.Thread = r.Process }
