// Package whole writes files that appear whole or not at all: they are written
// beside their place and renamed, so a reader, a crash or a full disk never
// sees half of one.
package whole

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Write makes the file appear whole: it is written beside its place and renamed.
func Write(path string, data []byte) error {
	if at, err := os.Stat(path); err == nil && at.IsDir() {
		return fmt.Errorf("%s is a folder: name a file in it", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", path, err), os.Remove(f.Name()))
	}
	return nil
}

// File is a file that appears whole at Close, by rename.
type File struct {
	bytes.Buffer
	path string
}

// Create returns a file that will appear at path when it is closed.
func Create(path string) (*File, error) { return &File{path: path}, nil }

// Close writes the file beside its place and renames it.
func (f *File) Close() error { return Write(f.path, f.Bytes()) }
