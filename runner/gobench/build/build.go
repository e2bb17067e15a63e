package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
)

// Request says what to build of one side.
type Request struct {
	Dir      string // where the patterns count from
	Flags    Flags
	Overlay  string // path of the overlay's JSON; empty: package testing as it is
	Packages []Package
	Out      string // an empty folder for the binaries
	Temp     string // for the go command's own files
	Seeds    []int  // of the linker, one per layout; 0 leaves the functions in order
}

// Binaries are the test binaries of one side: by import path, one per layout.
type Binaries map[string][]string

// Tests builds the test binaries. Packages that do not build are in broken,
// with the compiler's first lines.
func Tests(ctx context.Context, r Request) (built Binaries, broken map[string]string, err error) {
	built, broken = Binaries{}, map[string]string{}
	failed := r.layout(ctx, 0, r.Packages) // the first layout compiles, and tells which packages do
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	var good []Package
	for _, p := range r.Packages {
		if why, bad := failed[p.Path]; bad {
			broken[p.Path] = why
		} else {
			good = append(good, p)
		}
	}
	var wait sync.WaitGroup
	failures := make([]map[string]string, len(r.Seeds))
	slots := make(chan struct{}, max(1, runtime.NumCPU()/2)) // the other side is building too
	for i := 1; i < len(r.Seeds); i++ {
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			failures[i] = r.layout(ctx, i, good)
		})
	}
	wait.Wait()
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	for _, failed := range failures {
		for p, why := range failed {
			broken[p] = why
		}
	}
	for _, p := range good {
		for i := range r.Seeds {
			built[p.Path] = append(built[p.Path], r.binary(i, p))
		}
	}
	return built, broken, nil
}

// layout links every package once; several share a run of the go command as
// long as their binaries have different names. It returns what failed.
func (r Request) layout(ctx context.Context, i int, packages []Package) map[string]string {
	failed := map[string]string{}
	for len(packages) > 0 && ctx.Err() == nil {
		var batch, later []Package
		names := map[string]bool{}
		for _, p := range packages {
			if name := binaryName(p.Path); names[name] {
				later = append(later, p)
			} else {
				names[name] = true
				batch = append(batch, p)
			}
		}
		packages = later
		err := r.link(ctx, i, batch)
		if err == nil {
			continue
		}
		for _, p := range batch { // find out which
			one := err
			if len(batch) > 1 {
				one = r.link(ctx, i, []Package{p})
			}
			if one != nil {
				failed[p.Path] = one.Error()
			}
		}
	}
	return failed
}

func (r Request) link(ctx context.Context, i int, batch []Package) error {
	out := filepath.Join(r.Out, fmt.Sprint(i), "new")
	if err := os.MkdirAll(out, 0o700); err != nil {
		return err
	}
	defer os.RemoveAll(out)
	args := append([]string{"test", "-c", "-vet=off", "-o", out + string(filepath.Separator)}, r.Flags.Build...)
	if r.Overlay != "" {
		args = append(args, "-overlay="+r.Overlay)
	}
	link := r.Flags.Link
	if r.Seeds[i] != 0 {
		link = strings.TrimSpace(link + fmt.Sprintf(" -randlayout=%d", r.Seeds[i]))
	}
	if link != "" {
		args = append(args, "-ldflags="+link)
	}
	for _, p := range batch { // no -- before them: go test takes what follows it for the binary's
		args = append(args, p.Path)
	}
	if _, err := goTool(ctx, r.Dir, []string{"GOTMPDIR=" + r.Temp}, args...); err != nil {
		return err
	}
	for _, p := range batch {
		to := r.binary(i, p)
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		if err := os.Rename(filepath.Join(out, binaryName(p.Path)), to); errors.Is(err, os.ErrNotExist) {
			return errors.New("go test -c built no binary for it")
		} else if err != nil {
			return err
		}
	}
	return nil
}

// binary is where a layout of a package goes: packages of one name in folders of their own.
func (r Request) binary(i int, p Package) string {
	for n, q := range r.Packages {
		if q.Path == p.Path {
			return filepath.Join(r.Out, fmt.Sprint(i), fmt.Sprint(n), binaryName(p.Path))
		}
	}
	return ""
}

// binaryName is how go test -c names a binary: after the last element of the
// import path that is no major version.
func binaryName(importPath string) string {
	name := path.Base(importPath)
	if isMajor(name) && path.Dir(importPath) != "." {
		name = path.Base(path.Dir(importPath))
	}
	if runtime.GOOS == "windows" {
		return name + ".test.exe"
	}
	return name + ".test"
}

// isMajor says that the name is a major version as import paths end in: v2 and up.
func isMajor(name string) bool {
	n, err := strconv.Atoi(strings.TrimPrefix(name, "v"))
	return err == nil && n >= 2 && name == fmt.Sprintf("v%d", n)
}

// Testing builds package testing alone with the overlay: whether the overlay
// fits the toolchain is for its compiler to say.
func Testing(ctx context.Context, dir, overlay, temp string) error {
	_, err := goTool(ctx, dir, []string{"GOTMPDIR=" + temp}, "build", "-overlay="+overlay, "testing")
	return err
}
