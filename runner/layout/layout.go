// Package layout builds the running program again with its functions in other
// places.
//
// Where the linker puts a function moves its speed: an irrelevant function
// elsewhere in the binary moved a page lookup by 1.84 ± 0.37 %, and no restart
// cures it. A difference between two variants is worth a word only if it
// survives several random layouts (Curtsinger and Berger 2013, Stabilizer). The
// Go linker shuffles functions by -randlayout=SEED; a link takes half a second.
package layout

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"assay/runner/plan"
)

// Source says where this program can be built again.
type Source struct {
	Package string // import path of its main package
	Dir     string // a folder of the module that holds it
}

// Find returns the source of the running program, or why it cannot be built
// again. file is a source file of its main package, as runtime.Caller reports
// it in main.
func Find(file string) (Source, error) {
	if _, err := exec.LookPath("go"); err != nil {
		return Source{}, errors.New("no Go toolchain is in PATH")
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Path == "" || info.Path == "command-line-arguments" || strings.HasSuffix(info.Path, ".test") {
		return Source{}, errors.New("this binary does not say which package it was built from")
	}
	if !filepath.IsAbs(file) {
		return Source{}, errors.New("this binary was built with -trimpath and does not know its source")
	}
	if _, err := os.Stat(file); err != nil {
		return Source{}, fmt.Errorf("the source is gone: %w", err)
	}
	return Source{Package: info.Path, Dir: filepath.Dir(file)}, nil
}

// Build links n binaries into dir, each with its functions in an order drawn
// from the seed, and tells step after each. The first lines of the compiler's
// complaint are in the error.
func Build(ctx context.Context, s Source, dir string, seed uint64, n int, step func(done int)) ([]string, error) {
	var paths []string
	for i := range n {
		path := filepath.Join(dir, fmt.Sprintf("layout%d", i))
		if runtime.GOOS == "windows" {
			path += ".exe"
		}
		shuffle := plan.Mix(seed, 17, i)>>33 + 1 // the linker takes a positive int; 0 means "do not shuffle"
		cmd := exec.CommandContext(ctx, "go", "build", "-o", path, fmt.Sprintf("-ldflags=-s -w -randlayout=%d", shuffle), s.Package)
		cmd.Dir = s.Dir
		var complaint bytes.Buffer
		cmd.Stdout, cmd.Stderr = &complaint, &complaint
		if err := cmd.Run(); err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			return nil, fmt.Errorf("building layout %d: %w: %s", i+1, err, firstLines(complaint.String(), 3))
		}
		paths = append(paths, path)
		step(i + 1)
	}
	return paths, nil
}

func firstLines(s string, n int) string {
	lines := strings.SplitN(strings.TrimSpace(s), "\n", n+1)
	return strings.Join(lines[:min(n, len(lines))], " | ")
}
