package code

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

const program = "package main\n\n//go:noinline\nfunc a(x int) int { return b(x) + 1 }\n\n//go:noinline\nfunc b(x int) int { return x * 3 }\n\nfunc main() { println(a(1)) }\n"

func compile(t *testing.T, text string, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	source, out := filepath.Join(dir, "main.go"), filepath.Join(dir, "out")
	if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", append(append([]string{"build", "-o", out}, args...), source)...)
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	return out
}

func readable(t *testing.T) {
	t.Helper()
	if testing.Short() || runtime.GOARCH != "amd64" || runtime.GOOS != "linux" {
		t.Skip("builds programs for Linux on amd64")
	}
}

func TestOnlyFunctionsWithOtherCodeAreNamed(t *testing.T) {
	t.Parallel()
	readable(t)
	before := compile(t, program)
	// More code in front moves every address and every relative call.
	moved := "package main\n\n//go:noinline\nfunc aa(x int) int { return x - 7 }\n" + program[len("package main\n"):] +
		"\nvar sink = aa(3)\n"
	changed := compile(t, program[:len("package main\n\n//go:noinline\nfunc a(x int) int { return b(x) + ")]+
		"2 }\n\n//go:noinline\nfunc b(x int) int { return x * 3 }\n\nfunc main() { println(a(1)) }\n")
	names, err := Changed(before, compile(t, program))
	if err != nil || len(names) != 0 {
		t.Errorf("the same program: %v, %v", names, err)
	}
	if names, err = Changed(before, changed); err != nil || !slices.Equal(names, []string{"main.a"}) {
		t.Errorf("changed: %v, %v; want main.a", names, err)
	}
	names, err = Changed(before, compile(t, moved))
	if err != nil || slices.Contains(names, "main.a") || slices.Contains(names, "main.b") || !slices.Contains(names, "main.aa") {
		t.Errorf("moved: %v, %v; want main.aa and neither main.a nor main.b", names, err)
	}
}

func TestWhatIsNoBinaryIsAnError(t *testing.T) {
	t.Parallel()
	readable(t)
	good := compile(t, program)
	bad := filepath.Join(t.TempDir(), "bad")
	if err := os.WriteFile(bad, []byte("\x7fELF and nothing more"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]string{{bad, good}, {good, bad}, {good, "/no/such/file"}, {compile(t, program, "-ldflags=-s"), good}} {
		if _, err := Changed(pair[0], pair[1]); !errors.Is(err, ErrUnreadable) {
			t.Errorf("%v: error %v", pair, err)
		}
	}
}

func FuzzReadSurvivesGarbage(f *testing.F) {
	self, err := os.Executable()
	if err != nil {
		f.Fatal(err)
	}
	head, err := os.ReadFile(self)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(head[:4096])
	f.Add([]byte("\x7fELF"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if b, err := read(path); err == nil && b.functions == nil {
			t.Fatal("neither functions nor an error")
		}
	})
}

// Bytes that the decoder does not know still count.
func TestOpaqueCodeIsComparedByteByByte(t *testing.T) {
	t.Parallel()
	x := &binary{}
	f := function{code: []byte{0x62, 1, 2, 3, 4, 5, 6, 7}, at: 100}
	same := function{code: []byte{0x62, 1, 2, 3, 4, 5, 6, 7}, at: 900}
	other := function{code: []byte{0x62, 1, 2, 3, 4, 5, 6, 8}, at: 100}
	if !alike(x, x, f, same) {
		t.Error("the same bytes at another place differ")
	}
	if alike(x, x, f, other) || alike(x, x, f, function{code: f.code[:7], at: 100}) {
		t.Error("different bytes are alike")
	}
}
