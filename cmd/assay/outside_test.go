package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A variant can stay in somebody else's module: the example builds, runs its
// own worker processes, and its variant stands beside the published ones.
func TestAVariantInAnotherModuleIsMeasured(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds a program: run without -short")
	}
	dir := t.TempDir()
	// The example is built with a go.mod and go.sum of the test's own, seeded
	// with this module's, so that the example's folder stays as it is and its
	// requirements cannot fall behind.
	copyFile(t, "testdata/outside/go.mod", filepath.Join(dir, "go.mod"))
	copyFile(t, "../../go.sum", filepath.Join(dir, "go.sum"))
	program := filepath.Join(dir, "linear")
	build := exec.Command("go", "build", "-mod=mod", "-modfile="+filepath.Join(dir, "go.mod"), "-o", program, ".")
	build.Dir = filepath.Join("testdata", "outside")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	if out := runIn(t, dir, program, "list"); !strings.Contains(out, "raw-linear") {
		t.Errorf("list does not name the variant:\n%s", out)
	}
	out := runIn(t, dir, program, "run", "page/get-hit", "--variants", "raw,raw-linear", "--smoke")
	if !strings.Contains(out, "raw-linear") || strings.Contains(out, "FAILED") || strings.Contains(out, "WRONG") {
		t.Errorf("the variant was not measured:\n%s", out)
	}
}

// runIn runs a program in a folder and returns its standard output; anything
// but exit code 0 fails the test.
func runIn(t *testing.T, dir, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "TMPDIR="+dir)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", filepath.Base(program), strings.Join(args, " "), err, out, complaint.String())
	}
	return string(out)
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}
