package host

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// countInstructions opens a counter of this thread's instructions in user
// mode, works a little and returns the count. The error wraps the errno of
// perf_event_open and begins with its name.
func countInstructions() (uint64, error) {
	runtime.LockOSThread() // the counter belongs to the thread that opens it
	defer runtime.UnlockOSThread()
	attr := unix.PerfEventAttr{
		Type:   unix.PERF_TYPE_HARDWARE,
		Config: unix.PERF_COUNT_HW_INSTRUCTIONS,
		Size:   uint32(unsafe.Sizeof(unix.PerfEventAttr{})),
		// User mode alone is what paranoid level 2, the usual one, allows.
		Bits: unix.PerfBitExcludeKernel | unix.PerfBitExcludeHv,
	}
	fd, err := unix.PerfEventOpen(&attr, 0, -1, -1, unix.PERF_FLAG_FD_CLOEXEC)
	if err != nil {
		var errno unix.Errno
		name := ""
		if errors.As(err, &errno) {
			name = unix.ErrnoName(errno)
		}
		return 0, fmt.Errorf("%s from perf_event_open: %w", name, err)
	}
	f := os.NewFile(uintptr(fd), "perf_event")
	var count [8]byte
	_, err = io.ReadFull(f, count[:]) // getting here was work enough to count
	return binary.NativeEndian.Uint64(count[:]), errors.Join(err, f.Close())
}
