package flush

import (
	"fmt"
	"os"
)

// File is a file that counts: every variant writes through one, so that calls
// and bytes are facts and not estimates. Where a method makes one system call,
// it counts one, whatever comes of it.
type File struct {
	file  *os.File
	calls int
	bytes int64
}

// Create makes an empty file.
func Create(path string) (*File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create a table: %w", err)
	}
	return &File{file: f}, nil
}

// largestWrite is how much package os hands to one write(2).
const largestWrite = 1 << 30

// Write appends b with one write(2), or one per GiB. The kernel cuts a write to
// a regular file short only when the disk is full, and then the next one fails.
func (f *File) Write(b []byte) (int, error) {
	f.calls += max(1, (len(b)+largestWrite-1)/largestWrite)
	n, err := f.file.Write(b)
	f.bytes += int64(n)
	return n, err
}

// Truncate sets the length of the file, which gives back what Allocate took
// and what a direct write had to pad. It is no write and is not counted.
func (f *File) Truncate(size int64) error { return f.file.Truncate(size) }

// Sync waits until the file is on the disk, fsync(2).
func (f *File) Sync() error { return f.file.Sync() }

// Close closes the file.
func (f *File) Close() error { return f.file.Close() }

// Calls returns how many write calls were made.
func (f *File) Calls() int { return f.calls }

// Bytes returns how many bytes they wrote, padding included.
func (f *File) Bytes() int64 { return f.bytes }
