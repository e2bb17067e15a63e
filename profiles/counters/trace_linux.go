package counters

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"assay/runner/mark"
)

// tracing says why this system does not let a process trace its child, nil when
// it does: yama's strictest setting forbids it to everybody, 2 to all but root. A
// container's seccomp profile may forbid it too; that shows when tracing begins.
func tracing() error {
	scope, err := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope")
	if err != nil {
		return nil //nolint:nilerr // no yama, no restriction of its own
	}
	switch s := strings.TrimSpace(string(scope)); {
	case s == "3", s == "2" && os.Geteuid() != 0:
		return fmt.Errorf("no system calls counted: kernel.yama.ptrace_scope is %s, which forbids tracing: run sysctl kernel.yama.ptrace_scope=1 as root", s)
	}
	return nil
}

// Trace runs a worker and counts the system calls of its marked stretches, one
// line of the log per stretch. The worker has this process's standard streams
// and its file descriptor 3, and dies with it. Trace returns when the worker has
// ended, with its failure.
func Trace(log string, argv []string) error {
	runtime.LockOSThread() // the kernel takes requests from the thread that traces alone
	defer runtime.UnlockOSThread()
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("log of system calls: %w", err)
	}
	defer out.Close()
	cmd := exec.Command(argv[0], argv[1:]...) //nolint:gosec // the runner's own worker
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.ExtraFiles = []*os.File{os.NewFile(answersFD, "answers")}
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("the worker cannot be traced: %w", err)
	}
	t := tracer{pid: cmd.Process.Pid, log: out, threads: map[int]bool{}}
	err = t.follow()
	cmd.Process.Release() //nolint:errcheck // it was waited for
	return err
}

// answersFD is the pipe on which a worker answers.
const answersFD = 3

// tracer follows one process.
type tracer struct {
	pid      int
	log      *os.File
	threads  map[int]bool // that have been seen
	counting bool
	counts   map[string]float64
}

// follow resumes every thread of the worker from stop to stop until it ends.
func (t *tracer) follow() error {
	var status unix.WaitStatus
	if _, err := unix.Wait4(t.pid, &status, 0, nil); err != nil {
		return fmt.Errorf("the worker did not stop to be traced: %w", err)
	}
	t.threads[t.pid] = true
	const options = unix.PTRACE_O_TRACESECCOMP | unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_EXITKILL
	if err := unix.PtraceSetOptions(t.pid, options); err != nil {
		return fmt.Errorf("ptrace: %w", err)
	}
	thread, signal := t.pid, 0
	for {
		// A thread that was killed in the meantime is gone; that it ended comes later.
		if err := unix.PtraceCont(thread, signal); err != nil && !errors.Is(err, unix.ESRCH) {
			return fmt.Errorf("ptrace: %w", err)
		}
		var err error
		if thread, status, err = next(); err != nil {
			return fmt.Errorf("waiting for the worker: %w", err)
		}
		for !status.Stopped() {
			if thread == t.pid {
				return ended(status)
			}
			if thread, status, err = next(); err != nil {
				return fmt.Errorf("waiting for the worker: %w", err)
			}
		}
		if signal, err = t.stopped(thread, status); err != nil {
			return err
		}
	}
}

// next waits for any thread to stop or end.
func next() (thread int, status unix.WaitStatus, err error) {
	for {
		thread, err = unix.Wait4(-1, &status, unix.WALL, nil)
		if !errors.Is(err, unix.EINTR) {
			return thread, status, err
		}
	}
}

func ended(status unix.WaitStatus) error {
	switch {
	case status.Signaled():
		return fmt.Errorf("the worker died: signal: %v", status.Signal())
	case status.ExitStatus() != 0:
		return fmt.Errorf("the worker died: exit status %d", status.ExitStatus())
	}
	return nil
}

// stopped looks at a thread that stopped and returns the signal to resume it with.
func (t *tracer) stopped(thread int, status unix.WaitStatus) (signal int, err error) {
	first := !t.threads[thread]
	t.threads[thread] = true
	switch s := status.StopSignal(); {
	case s == unix.SIGTRAP && status.TrapCause() == unix.PTRACE_EVENT_SECCOMP:
		return 0, t.systemCall(thread)
	case s == unix.SIGTRAP, first && s == unix.SIGSTOP: // another event, or how a new thread begins
		return 0, nil
	default:
		return int(s), nil
	}
}

// systemCall counts the call that a thread is about to make.
func (t *tracer) systemCall(thread int) error {
	number, argument, alive, err := call(thread)
	if err != nil || !alive {
		return err
	}
	if number != mark.MarkerCall {
		if t.counting {
			t.counts[callName(number)]++
		}
		return nil
	}
	switch argument {
	case mark.BeginArgument:
		t.counting, t.counts = true, map[string]float64{}
	case mark.EndArgument:
		t.counting = false
		line, err := mark.FormatCounts(t.counts)
		if err == nil {
			_, err = t.log.Write(line)
		}
		return err
	}
	return nil
}

// call asks the kernel which system call a thread stopped before, unless the
// thread was killed meanwhile. The answer is the same on all processors; Linux
// 5.3 and later have it.
func call(thread int) (number int, argument uint64, alive bool, err error) {
	var info struct { // struct ptrace_syscall_info up to the first argument
		op     uint8
		_      [3]uint8
		arch   uint32
		ip, sp uint64
		number uint64
		first  uint64
	}
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GET_SYSCALL_INFO, uintptr(thread), unsafe.Sizeof(info), uintptr(unsafe.Pointer(&info)), 0, 0)
	switch {
	case errno == unix.ESRCH:
		return 0, 0, false, nil
	case errno != 0:
		return 0, 0, false, fmt.Errorf("ptrace: asking for a system call: %w: Linux 5.3 or later is needed", errno)
	}
	return int(info.number), info.first, true, nil
}
