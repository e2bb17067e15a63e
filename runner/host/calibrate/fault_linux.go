package calibrate

import "golang.org/x/sys/unix"

// faults touches each page of fresh memory once. Large pages are declined: one
// fault would bring 512 of the ordinary ones.
func faults() (work, func() error, error) {
	const pages = 256
	size := unix.Getpagesize()
	return func(n int) (ops int, err error) {
		for ; ops < n; ops += pages {
			m, err := unix.Mmap(-1, 0, pages*size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
			if err != nil {
				return ops, err
			}
			_ = unix.Madvise(m, unix.MADV_NOHUGEPAGE) // a kernel without large pages refuses, and needs no telling
			for at := 0; at < len(m); at += size {
				m[at] = 1
			}
			if err := unix.Munmap(m); err != nil {
				return ops, err
			}
		}
		return ops, nil
	}, func() error { return nil }, nil
}
