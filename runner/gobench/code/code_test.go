package code

import (
	"debug/elf"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const program = "package main\n\n//go:noinline\nfunc a(x int) int { return b(x) + 1 }\n\n//go:noinline\nfunc b(x int) int { return x * 3 }\n\nfunc main() { println(a(1)) }\n"

// changedIn compares and names what differs.
func changedIn(a, b string) ([]string, error) {
	d, err := Compare(a, b)
	if err != nil {
		return nil, err
	}
	return d.Changed, nil
}

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
	names, err := changedIn(before, compile(t, program))
	if err != nil || len(names) != 0 {
		t.Errorf("the same program: %v, %v", names, err)
	}
	if names, err = changedIn(before, changed); err != nil || !slices.Equal(names, []string{"main.a"}) {
		t.Errorf("changed: %v, %v; want main.a", names, err)
	}
	names, err = changedIn(before, compile(t, moved))
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
		if _, err := changedIn(pair[0], pair[1]); !errors.Is(err, ErrUnreadable) {
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

// An AVX load relative to the instruction, at two places, of one table: its
// prefix must not be read as an instruction of old.
func TestAVectorLoadIsKnownByWhatItLoads(t *testing.T) {
	t.Parallel()
	load := []byte{0xc5, 0x79, 0x6f, 0x05, 0xf8, 0, 0, 0, 0xc3} // vmovdqa 0xf8(%rip), %xmm8; ret
	moved := slices.Clone(load)
	moved[4] -= 0x10
	x := &image{symbols: []elf.Symbol{{Name: "p.table", Value: 0x200, Size: 16}}}
	f, g := function{code: load, at: 0x100}, function{code: moved, at: 0x110}
	x.digest(&f)
	x.digest(&g)
	if !f.opaque || !g.opaque || !alike(x, x, f, g) {
		t.Errorf("opaque %v and %v, alike %v", f.opaque, g.opaque, alike(x, x, f, g))
	}
	moved[4]--
	if alike(x, x, f, g) {
		t.Error("a load from the byte before the table is alike")
	}
}

// Bytes that the decoder does not know still count.
func TestOpaqueCodeIsComparedByteByByte(t *testing.T) {
	t.Parallel()
	x := &image{}
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

const reaching = `package main

type shape interface{ area() int }
type square struct{ side int }
type circle struct{ r int }

//go:noinline
func (s *square) area() int { return s.side * s.side }

//go:noinline
func (c circle) area() int { return 3 * c.r }

//go:noinline
func helper(x int) int { return x / 3 }

//go:noinline
func stored(x int) int { return x ^ 5 }

//go:noinline
func listed(x int) int { return x - 9 }

//go:noinline
func lonely(x int) int { return x + 41 }

var (
	hook  func(int) int
	table = []func(int) int{listed}
	made  any
)

func init() { hook = stored }

//go:noinline
func BenchmarkCalls(x int) int { f := func() int { return helper(x) }; return f() }

//go:noinline
func BenchmarkHook(x int) int { return hook(x) }

//go:noinline
func BenchmarkTable(x int) int { return table[0](x) }

//go:noinline
func BenchmarkInterface(s shape) int { return s.area() }

//go:noinline
func BenchmarkAsks(x any) int { return x.(shape).area() }

//go:noinline
func BenchmarkNothing(x int) int { return x }

func main() {
	made = circle{2}
	println(BenchmarkCalls(1), BenchmarkHook(2), BenchmarkTable(3), BenchmarkInterface(&square{4}), BenchmarkAsks(made), BenchmarkNothing(5), lonely(6))
}
`

// Each change is seen by the benchmarks that can run it and by no other; what
// initialisers store, and methods where interfaces are made at run time, count.
func TestABenchmarkReachesWhatItMayRun(t *testing.T) {
	t.Parallel()
	readable(t)
	before := compile(t, reaching)
	all := []string{"BenchmarkCalls", "BenchmarkHook", "BenchmarkTable", "BenchmarkInterface", "BenchmarkAsks", "BenchmarkNothing"}
	for _, c := range []struct {
		old, new string
		reached  []string
	}{
		{"return 0", "return 0", nil},
		{"x / 3", "x / 7", []string{"BenchmarkCalls"}},
		{"x ^ 5", "x ^ 6", all}, // an initialiser stores it where anybody could call it
		{"x - 9", "x - 8", []string{"BenchmarkTable"}},
		{"3 * c.r", "5 * c.r", []string{"BenchmarkAsks"}},
		{"x + 41", "x + 42", nil},
	} {
		d, err := Compare(before, compile(t, strings.Replace(reaching, c.old, c.new, 1)))
		if err != nil {
			t.Fatal(err)
		}
		var reached []string
		for _, name := range all {
			if d.Reaches(name) {
				reached = append(reached, name)
			}
		}
		if !slices.Equal(reached, c.reached) {
			t.Errorf("%s becomes %s, which changes %v: reached by %v, want %v", c.old, c.new, d.Changed, reached, c.reached)
		}
	}
	d, err := Compare(before, compile(t, strings.Replace(reaching, "x + 41", "x + 42", 1)))
	if err != nil || !d.Reaches("BenchmarkUnknown") {
		t.Errorf("a benchmark that is not there reaches nothing: %v", err)
	}
}
