package disk

import (
	"os"

	"golang.org/x/sys/unix"
)

// exchange lets two files change places, in one step. Where the second does not
// exist yet, or the file system cannot exchange, it renames.
func exchange(from, to string) error {
	if unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_EXCHANGE) == nil {
		return nil
	}
	return os.Rename(from, to)
}
