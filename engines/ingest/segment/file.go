package segment

import (
	"fmt"
	"os"
)

// File is a new file that counts what is written to it.
type File struct {
	file  *os.File
	calls int
	bytes int64
}

// Create makes an empty file where there must be none yet.
func Create(path string) (*File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create a segment: %w", err)
	}
	return &File{file: f}, nil
}

// Write appends b with one write(2).
func (f *File) Write(b []byte) (int, error) {
	f.calls++
	n, err := f.file.Write(b)
	f.bytes += int64(n)
	return n, err
}

// Close closes the file.
func (f *File) Close() error { return f.file.Close() }

// Remove closes the file and takes it away: what could not be written whole is
// better not there at all.
func (f *File) Remove() error {
	f.file.Close() //nolint:errcheck // it goes away
	return os.Remove(f.file.Name())
}

// Calls is the number of write calls.
func (f *File) Calls() int { return f.calls }

// Bytes is what they wrote.
func (f *File) Bytes() int64 { return f.bytes }
