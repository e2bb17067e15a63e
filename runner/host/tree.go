package host

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/prometheus/procfs"
)

// tree is the one place where this package meets the facts on disk: the proc
// and sys below a root, so that a test can be any machine.
type tree struct{ root string }

// read returns the trimmed contents of a small file and whether it was
// readable and not empty.
func (t tree) read(name string) (string, bool) {
	b, err := os.ReadFile(filepath.Join(t.root, name))
	s := strings.TrimSpace(string(b))
	return s, err == nil && s != ""
}

// each returns the trimmed contents of the readable files that match pattern,
// in the order of their names.
func (t tree) each(pattern string) []string {
	names, err := filepath.Glob(filepath.Join(t.root, pattern))
	if err != nil {
		return nil // only a malformed pattern, and ours are constants
	}
	var all []string
	for _, name := range names {
		if b, err := os.ReadFile(name); err == nil {
			all = append(all, strings.TrimSpace(string(b)))
		}
	}
	return all
}

// has reports whether the file or directory exists.
func (t tree) has(name string) bool {
	_, err := os.Stat(filepath.Join(t.root, name))
	return err == nil
}

// proc opens the proc file system of this tree.
func (t tree) proc() (procfs.FS, bool) {
	fs, err := procfs.NewFS(filepath.Join(t.root, "proc"))
	return fs, err == nil
}
