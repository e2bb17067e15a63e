package clock

import (
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

var supports = Support{Thread: true, Process: true, Involuntary: true}

// rusageThread is RUSAGE_THREAD of Linux's sys/resource.h, which x/sys does
// not name on every architecture.
const rusageThread = 1

// readCPU makes three raw system calls. Raw, because none of them can block:
// the ordinary wrapper tells the scheduler that the thread may, which costs 5 %
// more and lets it hand the processor to another goroutine in the middle of a
// reading. Of the cost, thread time takes .43 us, process time .50, getrusage .26. The clocks it names exist on every Linux that Go runs on, and
// the pointers are ours, so the calls cannot fail and their errors are unread.
func readCPU(r *Reading) {
	var usage unix.Rusage
	unix.RawSyscall(unix.SYS_GETRUSAGE, rusageThread, uintptr(unsafe.Pointer(&usage)), 0)
	r.Involuntary = int64(usage.Nivcsw)
	r.Process = cpuTime(unix.CLOCK_PROCESS_CPUTIME_ID)
	r.Thread = cpuTime(unix.CLOCK_THREAD_CPUTIME_ID)
}

func cpuTime(id uintptr) time.Duration {
	var ts unix.Timespec
	unix.RawSyscall(unix.SYS_CLOCK_GETTIME, id, uintptr(unsafe.Pointer(&ts)), 0)
	return time.Duration(ts.Nano())
}

func fillMissing(*Reading) {}
