package code

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

//go:noinline
func checked(xs []int, i int) int { return xs[i] }

//go:noinline
func masked(xs *[8]int, i int) int { return xs[i&7] }

//go:noinline
func through(f func(int) int, x int) int { return f(x) + f(x+1) }

//go:noinline
func twinOne(x int) int { return leaf(x)*3 + leaf(x+1) }

//go:noinline
func twinTwo(x int) int { return leaf(x)*3 + leaf(x+1) }

//go:noinline
func cousin(x int) int { return leaf(x)*3 + another(x+1) }

//go:noinline
func leaf(x int) int { return x ^ 5 }

//go:noinline
func another(x int) int { return x ^ 6 }

//go:noinline
func choosing(x int) string {
	if x > 1000 {
		return "many"
	}
	if x < -1000 {
		return "less than none"
	}
	return "some"
}

const here = "assay/profiles/code."

// used keeps the functions in the binary.
func used() int {
	return checked([]int{1}, 0) + masked(&[8]int{}, 3) + through(leaf, 2) + twinOne(1) + twinTwo(1) + cousin(1) + len(choosing(3))
}

func ownProgram(t *testing.T) *Program {
	t.Helper()
	if used() == 0 {
		t.Fatal("the functions do nothing")
	}
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p, err := Open(path)
	if errors.Is(err, ErrUnreadable) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func function(t *testing.T, p *Program, name string) Function {
	t.Helper()
	f, err := p.Function(here + name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestBranchesCallsAndChecksAreToldApart(t *testing.T) {
	t.Parallel()
	p := ownProgram(t)
	for name, want := range map[string]string{
		"checked":  "2 branches, 2 guards, 1 checks, 0 indirect, 0 calls", // of the bounds, and of the stack
		"masked":   "0 branches, 0 guards, 0 checks, 0 indirect, 0 calls",
		"through":  "1 branches, 1 guards, 0 checks, 2 indirect, 0 calls",
		"twinOne":  "1 branches, 1 guards, 0 checks, 0 indirect, 2 calls",
		"choosing": "2 branches, 0 guards, 0 checks, 0 indirect, 0 calls",
	} {
		f := function(t, p, name)
		if raced(f) {
			t.Skip("the race detector adds code of its own")
		}
		got := fmt.Sprintf("%d branches, %d guards, %d checks, %d indirect, %d calls", f.Branches, f.Guards, f.Checks, f.Indirect, f.Calls)
		if name == "checked" && f.Branches == 1 { // a leaf may do without the check of its stack
			want = "1 branches, 1 guards, 1 checks, 0 indirect, 0 calls"
		}
		if got != want {
			t.Errorf("%s: %s, want %s\n%s", name, got, want, listing(f))
		}
		if f.Instructions != len(f.Lines) || f.Size < f.Instructions || f.Opaque != 0 {
			t.Errorf("%s: %d instructions in %d lines and %d bytes, %d of them unknown", name, f.Instructions, len(f.Lines), f.Size, f.Opaque)
		}
		if l := f.Lines[0]; l.File != "code/code_test.go" || l.Number < 10 {
			t.Errorf("%s comes from %s:%d", name, l.File, l.Number)
		}
	}
}

// raced tells code that the race detector was compiled into.
func raced(f Function) bool { return strings.Contains(listing(f), "race") }

func listing(f Function) string {
	var b strings.Builder
	for _, l := range f.Lines {
		fmt.Fprintf(&b, "%4x %-8s %s\n", l.Offset, l.Mark, l.Text)
	}
	return b.String()
}

func TestFunctionsAreTheSameByCodeAndNotByPlace(t *testing.T) {
	t.Parallel()
	p := ownProgram(t)
	one, two, three := function(t, p, "twinOne"), function(t, p, "twinTwo"), function(t, p, "cousin")
	if !Same(one, two) {
		t.Errorf("two functions of one text differ:\n%s\n%s", listing(one), listing(two))
	}
	if Same(one, three) {
		t.Errorf("functions that call others are the same:\n%s\n%s", listing(one), listing(three))
	}
}

func TestAFunctionThatIsNotThereIsAnErrorThatNamesIt(t *testing.T) {
	t.Parallel()
	p := ownProgram(t)
	if _, err := p.Function(here + "absent"); err == nil || !strings.Contains(err.Error(), "has no function assay/profiles/code.absent") {
		t.Errorf("error %v", err)
	}
	if names := p.Match(regexp.MustCompile(`profiles/code\.twin`)); !slices.Equal(names, []string{here + "twinOne", here + "twinTwo"}) && !slices.Equal(names, []string{here + "twinTwo", here + "twinOne"}) {
		t.Errorf("matched %v", names)
	}
	if p.Has(here+"absent") || !p.Has(here+"leaf") {
		t.Error("what is there is not, or the other way round")
	}
}

func TestAFileThatIsNoProgramIsUnreadable(t *testing.T) {
	t.Parallel()
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{text, filepath.Join(t.TempDir(), "absent")} {
		if _, err := Open(path); !errors.Is(err, ErrUnreadable) {
			t.Errorf("%s: error %v", path, err)
		}
	}
}

const inlined = `package main

func small(x int) int { return x*x + 7 }

//go:noinline
func large(x int) int { return small(x) + small(x+1) }

func main() { println(large(3)) }
`

func TestInliningIsReadFromDebuggingInformation(t *testing.T) {
	t.Parallel()
	if testing.Short() || runtime.GOOS != "linux" {
		t.Skip("builds a program for Linux")
	}
	dir := t.TempDir()
	source := filepath.Join(dir, "main.go")
	if err := os.WriteFile(source, []byte(inlined), 0o600); err != nil {
		t.Fatal(err)
	}
	build := func(out string, args ...string) *Program {
		cmd := exec.Command("go", append(append([]string{"build", "-o", filepath.Join(dir, out)}, args...), source)...)
		cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0")
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
		p, err := Open(filepath.Join(dir, out))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	n, err := build("whole").Inlining()
	if err != nil {
		t.Fatal(err)
	}
	if into, of := n.Into("main.small"), n.Of("main.large"); !slices.Equal(into, []string{"main.large"}) || !slices.Equal(of, []string{"main.small"}) {
		t.Errorf("small is in %v, large holds %v", into, of)
	}
	stripped := build("stripped", "-ldflags=-s -w")
	if _, err := stripped.Inlining(); err == nil || !strings.Contains(err.Error(), "build it with go build") {
		t.Errorf("error %v", err)
	}
	if _, err := stripped.Function("main.large"); err != nil {
		t.Errorf("a program without symbols: %v", err)
	}
}

func FuzzAmd64IsDecodedToItsEnd(f *testing.F) {
	f.Add([]byte{0xc5, 0xf8, 0x77, 0xc3})
	f.Add([]byte{0xc4, 0xe2, 0x7d, 0x58, 0x44, 0x24, 0x08, 0x90})
	f.Add([]byte{0x0f, 0x84, 0, 0, 0, 0, 0xff, 0xe0})
	f.Fuzz(func(t *testing.T, code []byte) {
		names := func(uint64) (string, uint64) { return "", 0 }
		for rest := code; len(rest) > 0; {
			x := amd64{}.decode(rest, 0x400000, names)
			if x.length < 1 || x.length > len(rest) || x.relative[1] > x.length {
				t.Fatalf("%x: an instruction of %d bytes, relative field %v", rest, x.length, x.relative)
			}
			rest = rest[x.length:]
		}
	})
}

// The lengths of VEX instructions are those that the GNU assembler makes.
func TestInstructionsWithAVEXPrefixHaveTheirLengths(t *testing.T) {
	t.Parallel()
	for text, code := range map[string][]byte{
		"vzeroupper":                      {0xc5, 0xf8, 0x77},
		"vpxor %ymm0,%ymm0,%ymm0":         {0xc5, 0xfd, 0xef, 0xc0},
		"vmovdqu (%rsi),%ymm1":            {0xc5, 0xfe, 0x6f, 0x0e},
		"vmovdqu 0x20(%rsi),%ymm1":        {0xc5, 0xfe, 0x6f, 0x4e, 0x20},
		"vmovdqu 0x100(%rsi),%ymm1":       {0xc5, 0xfe, 0x6f, 0x8e, 0, 1, 0, 0},
		"vmovdqu (%rsi,%rcx,8),%ymm1":     {0xc5, 0xfe, 0x6f, 0x0c, 0xce},
		"vmovdqu 0x10(%rip),%ymm1":        {0xc5, 0xfe, 0x6f, 0x0d, 0x10, 0, 0, 0},
		"vpshufd $0x1b,%xmm1,%xmm2":       {0xc5, 0xf9, 0x70, 0xd1, 0x1b},
		"vextracti128 $0x1,%ymm1,%xmm2":   {0xc4, 0xe3, 0x7d, 0x39, 0xca, 0x01},
		"shlx %rcx,%rax,%rdx":             {0xc4, 0xe2, 0xf1, 0xf7, 0xd0},
		"vfmadd231sd %xmm2,%xmm1,%xmm0":   {0xc4, 0xe2, 0xf1, 0xb8, 0xc2},
		"vmovdqu 0x0(,%rcx,8),%ymm1":      {0xc5, 0xfe, 0x6f, 0x0c, 0xcd, 0, 0, 0, 0},
		"vpbroadcastb 0x8(%rsp),%ymm0":    {0xc4, 0xe2, 0x7d, 0x78, 0x44, 0x24, 0x08},
		"vpalignr $0x8,%ymm1,%ymm2,%ymm3": {0xc4, 0xe3, 0x6d, 0x0f, 0xd9, 0x08},
	} {
		if got := vexLength(append(slices.Clone(code), 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90)); got != len(code) {
			t.Errorf("%s: %d bytes, want %d", text, got, len(code))
		}
	}
}
