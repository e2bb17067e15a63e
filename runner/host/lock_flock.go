//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package host

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// openLock refuses a symbolic link, which in a shared temporary directory
// could make us truncate a file of somebody's choice.
func openLock(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
}

// tryLock returns errHeld at once when another open file has the lock.
func tryLock(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return errHeld
	}
	return err
}

// unlock empties the file first, so that no later message names this run. It
// unlocks before closing because a child between fork and exec still shares
// the open file, and closing ours alone would leave the lock with it. No
// caller can mend a failure here, and the end of the process unlocks anyway.
func unlock(f *os.File) {
	_ = f.Truncate(0)
	_ = unix.Flock(int(f.Fd()), unix.LOCK_UN)
	_ = f.Close()
}
