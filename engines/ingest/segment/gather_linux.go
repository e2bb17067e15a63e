package segment

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// most is IOV_MAX, how many parts one call takes.
const most = 1024

// Gather appends the parts, end to end, from where they lie: one writev(2) for
// every 1024 of them, or more where the kernel takes less than it is given.
// Parts is used up.
func (f *File) Gather(parts [][]byte) error {
	for len(parts) > 0 {
		f.calls++
		n, err := unix.Writev(int(f.file.Fd()), parts[:min(most, len(parts))])
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return fmt.Errorf("writev %s: %w", f.file.Name(), err)
		}
		f.bytes += int64(n)
		parts = after(parts, n)
	}
	return nil
}

// after drops the first n bytes of the parts.
func after(parts [][]byte, n int) [][]byte {
	for len(parts) > 0 && n >= len(parts[0]) {
		n -= len(parts[0])
		parts = parts[1:]
	}
	if n > 0 {
		parts[0] = parts[0][n:]
	}
	return parts
}
