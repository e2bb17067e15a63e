// Package scratch makes folders for tests.
package scratch

import (
	"os"
	"testing"
)

// New makes a folder in memory where the system has a place for that: ext4 is
// slow at thousands of files that come and go. The caller removes it.
func New(t testing.TB) string {
	t.Helper()
	for _, place := range []string{"/dev/shm", ""} {
		if dir, err := os.MkdirTemp(place, "lsm"); err == nil {
			return dir
		}
	}
	t.Fatal("no temporary folder can be made")
	return ""
}

// Dir makes such a folder for the time of a test.
func Dir(t testing.TB) string {
	t.Helper()
	dir := New(t)
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}
