// Package overlay turns the test binaries of a module into workers, without a
// change to the module: it writes the file for `go build -overlay` that replaces
// package testing's benchmark.go by an edited copy of the user's own.
//
// The copy is made at build time from the toolchain that builds, by inserting
// calls at places found in the syntax tree; nothing of the standard library is
// stored here. A toolchain whose benchmark.go has another shape is an error of
// kind [ErrShape], and the caller falls back to whole runs.
//
// The limits: the fast path of b.Loop and the loop of b.N stay as they are, so
// an iteration costs what it costs without assay. A benchmark that counts to
// b.N is called anew for every slice, with its setup; one that calls b.Loop is
// suspended inside it.
package overlay

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"assay/runner/mark"
)

// ErrShape says that package testing does not look as this package knows it.
var ErrShape = errors.New("package testing has a shape this assay does not know")

//go:embed source
var source embed.FS

// Write writes the overlay for the toolchain at goroot and the operating
// system goos into the folder dir, and returns the path of its JSON file.
func Write(goroot, goos, dir string) (string, error) {
	original := filepath.Join(goroot, "src", "testing", "benchmark.go")
	text, err := os.ReadFile(original)
	if err != nil {
		return "", fmt.Errorf("the toolchain's package testing: %w", err)
	}
	edited, loop, err := edit(text)
	if err != nil {
		return "", err
	}
	request, err := mark.ForeignRequest("assayAsk")
	if err != nil {
		return "", err
	}
	files := map[string][]byte{"benchmark.go": edited, "assay_request_amd64.s": []byte(request)}
	for name, from := range map[string]string{
		"assay_worker.go": "worker", "assay_timer.go": "timer", "assay_report.go": "report", "assay_profile.go": "profile", "assay_mark.go": "mark",
		"assay_request_amd64.go": "request_amd64", "assay_request_other.go": "request_other", "assay_loop.go": loop, "assay_clock.go": clockFor(goos),
	} {
		if files[name], err = source.ReadFile("source/" + from + ".go.txt"); err != nil {
			return "", fmt.Errorf("%w: no clock for %s", ErrShape, goos)
		}
	}
	replace := map[string]string{}
	for name, data := range files {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return "", fmt.Errorf("overlay: %w", err)
		}
		replace[filepath.Join(goroot, "src", "testing", name)] = path
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, data, 0o600)
}

func clockFor(goos string) string {
	switch goos {
	case "linux":
		return "clock_linux"
	case "darwin", "freebsd", "netbsd", "openbsd", "dragonfly":
		return "clock_unix"
	}
	return "none"
}
