package disk

import (
	"os"

	"assay/engines/lsm/part"
)

// File is a file being written that counts its write calls.
type File struct {
	f      *os.File
	counts *part.Counts
}

// Create begins a file, over an old one if there is one.
func Create(path string, counts *part.Counts) (*File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	return &File{f, counts}, nil
}

// Write is one write call.
func (f *File) Write(b []byte) (int, error) {
	f.counts.Writes++
	return f.f.Write(b)
}

// Take hands the file over for reading; nothing may be written after.
func (f *File) Take() *os.File { return f.f }

// Close closes a file that was not taken.
func (f *File) Close() error { return f.f.Close() }
