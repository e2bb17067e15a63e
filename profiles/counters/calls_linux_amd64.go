package counters

import (
	"maps"

	"golang.org/x/sys/unix"
)

// withOld adds the calls that only this architecture, older than their
// successors, has.
func withOld(names map[int]string) map[int]string {
	maps.Copy(names, map[int]string{
		unix.SYS_OPEN: "open", unix.SYS_STAT: "stat", unix.SYS_LSTAT: "lstat", unix.SYS_NEWFSTATAT: "newfstatat", unix.SYS_ACCESS: "access",
		unix.SYS_UNLINK: "unlink", unix.SYS_RENAME: "rename", unix.SYS_MKDIR: "mkdir", unix.SYS_RMDIR: "rmdir", unix.SYS_DUP2: "dup2",
		unix.SYS_GETDENTS: "getdents",
	})
	return names
}
