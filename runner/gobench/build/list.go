// Package build finds the packages of one side that have benchmarks and builds
// their test binaries, several with their functions in other places.
package build

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Toolchain is the Go that a folder is built with.
type Toolchain struct{ Root, Version, GOOS string }

// Package is a package with top-level benchmarks.
type Package struct {
	Path       string // import path
	Dir        string
	Benchmarks []string // names of the functions, as written
}

// goTool runs the go command and returns its output; an error holds the first
// lines of its complaint. It is interrupted, not killed, when ctx ends: the go
// command then removes its own temporary files.
func goTool(ctx context.Context, dir string, env []string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "PWD="+dir), env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if errors.Is(err, exec.ErrNotFound) {
			return nil, errors.New("no Go toolchain is in PATH: install Go")
		}
		return out.Bytes(), fmt.Errorf("%s", firstLines(complaint.String(), 3))
	}
	return out.Bytes(), nil
}

// firstLines joins the first lines of a complaint that say something.
func firstLines(s string, n int) string {
	var kept []string
	for _, line := range strings.Split(s, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "# ") || strings.HasPrefix(line, "go: downloading ") {
			continue
		}
		if kept = append(kept, line); len(kept) == n {
			break
		}
	}
	return strings.Join(kept, " | ")
}

// Find asks for the toolchain of the folder, which a go.mod may choose. A
// folder outside any module is an error.
func Find(ctx context.Context, dir string) (Toolchain, error) {
	out, err := goTool(ctx, dir, nil, "env", "-json", "GOROOT", "GOVERSION", "GOOS", "GOMOD", "GOWORK")
	if err != nil {
		return Toolchain{}, err
	}
	var e struct{ GOROOT, GOVERSION, GOOS, GOMOD, GOWORK string }
	if err := json.Unmarshal(out, &e); err != nil {
		return Toolchain{}, fmt.Errorf("go env: %w", err)
	}
	if (e.GOMOD == "" || e.GOMOD == os.DevNull) && e.GOWORK == "" {
		return Toolchain{}, errors.New("not a Go module: there is no go.mod here or above")
	}
	return Toolchain{Root: e.GOROOT, Version: e.GOVERSION, GOOS: e.GOOS}, nil
}

// List returns the packages of the patterns that have benchmarks whose function
// the filter wants, and what is wrong with packages that cannot be read, by import path.
func List(ctx context.Context, dir string, f Flags, patterns []string, want func(name string) bool) (found []Package, broken map[string]string, err error) {
	args := append([]string{"list", "-e", "-json=ImportPath,Dir,TestGoFiles,XTestGoFiles,Error"}, f.Build...)
	out, err := goTool(ctx, dir, nil, append(append(args, "--"), patterns...)...)
	if err != nil {
		return nil, nil, err
	}
	broken = map[string]string{}
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		var p struct {
			ImportPath, Dir           string
			TestGoFiles, XTestGoFiles []string
			Error                     *struct{ Err string }
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return found, broken, nil
		} else if err != nil {
			return nil, nil, fmt.Errorf("go list: %w", err)
		}
		if p.Error != nil {
			broken[p.ImportPath] = firstLines(p.Error.Err, 1)
		}
		x := Package{Path: p.ImportPath, Dir: p.Dir}
		for _, name := range append(p.TestGoFiles, p.XTestGoFiles...) {
			x.Benchmarks = append(x.Benchmarks, benchmarksIn(filepath.Join(p.Dir, name), want)...)
		}
		if len(x.Benchmarks) > 0 {
			found = append(found, x)
		}
	}
}

// benchmarksIn names the wanted benchmark functions of a file. One that does
// not parse has none: the build will say why.
func benchmarksIn(path string, want func(string) bool) []string {
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	var names []string
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if ok && fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Benchmark") && len(fn.Type.Params.List) == 1 && want(fn.Name.Name) {
			names = append(names, fn.Name.Name)
		}
	}
	return names
}
