// Package disk keeps a store's folder: the lock that refuses a second handle,
// the manifest that names the tables, and files that count their writes.
//
// Nothing here syncs, as the published store does not: what was written
// survives the process (a kill -9), not the machine.
package disk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Lock is the hold on a folder. The system drops it when the process ends, however.
type Lock struct{ f *os.File }

// Acquire takes the folder, or says that another handle has it, in this
// process or in another.
func Acquire(dir string) (*Lock, error) {
	f, err := os.OpenFile(filepath.Join(dir, "LOCK"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("%s: another handle has this store open; close it first", dir)
		}
		return nil, fmt.Errorf("%s: flock: %w", f.Name(), err)
	}
	return &Lock{f}, nil
}

// Release gives the folder back. It unlocks before it closes: a process that is
// being started at this moment, by whoever shares ours, holds a copy of the
// descriptor until its exec, and a close alone would leave the lock with it.
func (l *Lock) Release() error {
	return errors.Join(unix.Flock(int(l.f.Fd()), unix.LOCK_UN), l.f.Close())
}
