//go:build !linux

package flush

import (
	"errors"
	"fmt"
)

// Direct fails: this build knows direct I/O on Linux only.
func (f *File) Direct(bool) error {
	return fmt.Errorf("direct I/O on %s: %w", f.file.Name(), errors.ErrUnsupported)
}

// Allocate does nothing: this build knows preallocation on Linux only.
func (f *File) Allocate(_, _ int64) error { return nil }

// vector is a list of parts for one vectored write, which this build has not.
type vector struct{ parts [][]byte }

const maxParts = 1024

func (v *vector) add(b []byte) { v.parts = append(v.parts, b) }

func (v *vector) write(f *File) error {
	return fmt.Errorf("vectored write to %s: %w", f.file.Name(), errors.ErrUnsupported)
}
