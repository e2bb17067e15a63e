//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package host

import (
	"errors"
	"fmt"
	"os"
)

func openLock(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
}

// tryLock refuses rather than pretends: a file that merely exists would be a
// lock that a crash leaves behind.
func tryLock(*os.File) error {
	return fmt.Errorf("this operating system has no flock: %w", errors.ErrUnsupported)
}

func unlock(f *os.File) { _ = f.Close() }
