package flush

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Direct turns direct I/O on or off: writes then go from the caller's memory to
// the disk, in whole blocks from aligned addresses. It fails where the file
// system has none.
func (f *File) Direct(on bool) error {
	flags, err := unix.FcntlInt(f.file.Fd(), unix.F_GETFL, 0)
	if err == nil {
		flags &^= unix.O_DIRECT
		if on {
			flags |= unix.O_DIRECT
		}
		_, err = unix.FcntlInt(f.file.Fd(), unix.F_SETFL, flags)
	}
	if err != nil {
		return fmt.Errorf("direct I/O on %s: the file system refuses it: %w", f.file.Name(), err)
	}
	return nil
}

// Allocate reserves size bytes from an offset without changing the length of
// the file.
func (f *File) Allocate(offset, size int64) error {
	if err := unix.Fallocate(int(f.file.Fd()), unix.FALLOC_FL_KEEP_SIZE, offset, size); err != nil {
		return fmt.Errorf("preallocate %d bytes of %s: %w", size, f.file.Name(), err)
	}
	return nil
}

// vector is a list of parts for one pwritev(2). It calls the kernel itself,
// because unix.Pwritev makes a new list of its own each time.
type vector struct{ parts []unix.Iovec }

// maxParts is IOV_MAX.
const maxParts = 1024

func (v *vector) add(b []byte) {
	if len(b) == 0 {
		return // an address is needed and there is none; nothing is lost
	}
	p := unix.Iovec{Base: unsafe.SliceData(b)}
	p.SetLen(len(b))
	v.parts = append(v.parts, p)
}

// write appends all parts to the file and empties the list.
func (v *vector) write(f *File) error {
	for left := v.parts; len(left) > 0; {
		f.calls++
		offset := uintptr(f.bytes) // a table is written from its start, without gaps
		n, _, errno := unix.Syscall6(unix.SYS_PWRITEV, f.file.Fd(), uintptr(unsafe.Pointer(&left[0])), uintptr(len(left)), offset, uintptr(uint64(offset)>>32), 0)
		if errno == unix.EINTR {
			continue
		}
		if errno != 0 {
			return fmt.Errorf("vectored write to %s: %w", f.file.Name(), errno)
		}
		f.bytes += int64(n)
		left = skip(left, uint64(n))
	}
	v.parts = v.parts[:0]
	return nil
}

// skip drops what was written from the front of the parts.
func skip(parts []unix.Iovec, n uint64) []unix.Iovec {
	for len(parts) > 0 && n >= parts[0].Len {
		n -= parts[0].Len
		parts = parts[1:]
	}
	if n > 0 {
		parts[0].Base = (*byte)(unsafe.Add(unsafe.Pointer(parts[0].Base), n))
		parts[0].Len -= n
	}
	return parts
}
