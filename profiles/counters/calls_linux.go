package counters

import "golang.org/x/sys/unix"

// callName is the kernel's name of a system call; those without one here are "other".
func callName(number int) string {
	if name, ok := named[number]; ok {
		return name
	}
	return "other"
}

// named are the calls of storage and networks that every architecture has.
var named = withOld(map[int]string{
	unix.SYS_READ: "read", unix.SYS_WRITE: "write", unix.SYS_PREAD64: "pread64", unix.SYS_PWRITE64: "pwrite64",
	unix.SYS_READV: "readv", unix.SYS_WRITEV: "writev", unix.SYS_PREADV: "preadv", unix.SYS_PWRITEV: "pwritev",
	unix.SYS_PREADV2: "preadv2", unix.SYS_PWRITEV2: "pwritev2", unix.SYS_IO_URING_ENTER: "io_uring_enter",
	unix.SYS_OPENAT: "openat", unix.SYS_OPENAT2: "openat2", unix.SYS_CLOSE: "close", unix.SYS_LSEEK: "lseek",
	unix.SYS_FSYNC: "fsync", unix.SYS_FDATASYNC: "fdatasync", unix.SYS_SYNC_FILE_RANGE: "sync_file_range", unix.SYS_MSYNC: "msync",
	unix.SYS_FALLOCATE: "fallocate", unix.SYS_FTRUNCATE: "ftruncate", unix.SYS_FADVISE64: "fadvise64", unix.SYS_READAHEAD: "readahead",
	unix.SYS_FSTAT: "fstat", unix.SYS_STATX: "statx", unix.SYS_FACCESSAT: "faccessat", unix.SYS_GETDENTS64: "getdents64",
	unix.SYS_UNLINKAT: "unlinkat", unix.SYS_RENAMEAT: "renameat", unix.SYS_RENAMEAT2: "renameat2", unix.SYS_LINKAT: "linkat",
	unix.SYS_MKDIRAT: "mkdirat", unix.SYS_FLOCK: "flock", unix.SYS_FCNTL: "fcntl", unix.SYS_IOCTL: "ioctl", unix.SYS_PIPE2: "pipe2",
	unix.SYS_COPY_FILE_RANGE: "copy_file_range", unix.SYS_SPLICE: "splice", unix.SYS_SENDFILE: "sendfile", unix.SYS_DUP3: "dup3",
	unix.SYS_SOCKET: "socket", unix.SYS_CONNECT: "connect", unix.SYS_ACCEPT4: "accept4", unix.SYS_BIND: "bind", unix.SYS_LISTEN: "listen",
	unix.SYS_SENDTO: "sendto", unix.SYS_RECVFROM: "recvfrom", unix.SYS_SENDMSG: "sendmsg", unix.SYS_RECVMSG: "recvmsg",
	unix.SYS_SHUTDOWN: "shutdown", unix.SYS_SETSOCKOPT: "setsockopt", unix.SYS_GETSOCKOPT: "getsockopt", unix.SYS_GETRANDOM: "getrandom",
})
