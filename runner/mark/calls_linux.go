package mark

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A system call whose number no kernel has fails and does nothing else. A tracer
// that knows it sees where a stretch begins (MarkerCall with [BeginArgument])
// and ends ([EndArgument]).
const (
	MarkerCall    = 0x7a55
	BeginArgument = 1
	EndArgument   = 2
)

// openCalls has the kernel stop this process for its tracer before each system
// call, from now on and in all threads: loading the data is not slowed down. The
// calls by which the Go runtime runs itself do not stop it.
func openCalls() (*Marker, error) {
	// Without a tracer the kernel would refuse every call from here on.
	if tracer, err := tracerOf(); err != nil || tracer == 0 {
		return nil, errors.Join(errors.New("this process is not traced for its system calls"), err)
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return nil, fmt.Errorf("filter of system calls: %w", err)
	}
	program := filter()
	prog := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&prog)))
	if errno != 0 {
		return nil, fmt.Errorf("filter of system calls: %w: a container's seccomp profile may forbid it", errno)
	}
	call := func(what uintptr) func() error {
		return func() error {
			unix.Syscall(MarkerCall, what, 0, 0) //nolint:errcheck // it always fails
			return nil
		}
	}
	return &Marker{begin: call(BeginArgument), end: call(EndArgument), close: nothing}, nil
}

// filter is a program for the kernel: let the runtime's own calls pass, stop for
// the tracer at all others.
func filter() []unix.SockFilter {
	const numberAt = 0 // in struct seccomp_data
	program := []unix.SockFilter{{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: numberAt}}
	for _, n := range runtimeCalls {
		program = append(program,
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: n, Jf: 1},
			unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW})
	}
	return append(program, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_TRACE})
}

// ForeignCalls is what a program that cannot import this package needs to have
// its system calls counted: the number of the call seccomp and the filter to
// give it, as the kernel reads it.
func ForeignCalls() (seccomp int, program []byte, err error) {
	for _, f := range filter() {
		program = binary.NativeEndian.AppendUint16(program, f.Code)
		program = append(program, f.Jt, f.Jf)
		program = binary.NativeEndian.AppendUint32(program, f.K)
	}
	return unix.SYS_SECCOMP, program, nil
}

// runtimeCalls are those by which the Go runtime schedules, sleeps, signals,
// gets memory and reads clocks. How often it does so depends on the moment and
// not on the operation.
var runtimeCalls = []uint32{
	unix.SYS_FUTEX, unix.SYS_SCHED_YIELD, unix.SYS_NANOSLEEP, unix.SYS_CLOCK_NANOSLEEP,
	unix.SYS_EPOLL_PWAIT, unix.SYS_EPOLL_PWAIT2, unix.SYS_EPOLL_CREATE1, unix.SYS_EPOLL_CTL, unix.SYS_EVENTFD2,
	unix.SYS_RT_SIGACTION, unix.SYS_RT_SIGPROCMASK, unix.SYS_RT_SIGRETURN, unix.SYS_SIGALTSTACK, unix.SYS_TGKILL,
	unix.SYS_GETPID, unix.SYS_GETTID, unix.SYS_CLONE, unix.SYS_CLONE3, unix.SYS_SET_ROBUST_LIST, unix.SYS_RSEQ,
	unix.SYS_EXIT, unix.SYS_EXIT_GROUP, unix.SYS_RESTART_SYSCALL, unix.SYS_PRCTL, unix.SYS_MEMBARRIER, unix.SYS_SCHED_GETAFFINITY,
	// A thread that cgo or the race detector starts guards its stack by mprotect.
	unix.SYS_MMAP, unix.SYS_MUNMAP, unix.SYS_MREMAP, unix.SYS_MPROTECT, unix.SYS_MADVISE, unix.SYS_BRK,
	unix.SYS_CLOCK_GETTIME, unix.SYS_GETTIMEOFDAY, unix.SYS_GETRUSAGE,
	unix.SYS_TIMER_CREATE, unix.SYS_TIMER_SETTIME, unix.SYS_TIMER_DELETE, unix.SYS_SETITIMER,
}

// tracerOf is the process that traces this one, 0 for none.
func tracerOf() (int, error) {
	status, err := os.ReadFile("/proc/thread-self/status")
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "TracerPid:")
	line, _, _ := strings.Cut(rest, "\n")
	return strconv.Atoi(strings.TrimSpace(line))
}
