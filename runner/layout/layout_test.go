package layout

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// write makes a module with a main package of a few functions.
func write(t *testing.T, body string) Source {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{"go.mod": "module tiny\n\ngo 1.24\n", "main.go": body}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Source{Package: "tiny", Dir: dir}
}

func TestLayoutsPutFunctionsInDifferentPlacesAndRunAlike(t *testing.T) {
	t.Parallel()
	s := write(t, `package main

import "reflect"

//go:noinline
func a() int { return 1 }

//go:noinline
func b() int { return 2 }

func main() { print(a()+b(), " ", reflect.ValueOf(a).Pointer()) }
`)
	steps := 0
	paths, err := Build(context.Background(), s, t.TempDir(), 1, 3, func(done int) { steps = done })
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) != 3 || steps != 3 {
		t.Fatalf("%d binaries after %d steps, want 3 and 3", len(paths), steps)
	}
	places := map[string]bool{}
	for _, p := range paths {
		out, err := exec.Command(p).CombinedOutput()
		sum, place, _ := strings.Cut(string(out), " ")
		if err != nil || sum != "3" {
			t.Fatalf("%s printed %q (%v), want 3 and an address", p, out, err)
		}
		places[place] = true
	}
	if len(places) < 2 {
		t.Errorf("main.a lies at the same address in all of %d layouts", len(paths))
	}
}

func TestASourceThatDoesNotBuildShowsTheCompilersFirstLine(t *testing.T) {
	t.Parallel()
	s := write(t, "package main\n\nfunc main() { undefinedThing() }\n")
	_, err := Build(context.Background(), s, t.TempDir(), 1, 1, func(int) {})
	if err == nil || !strings.Contains(err.Error(), "undefinedThing") {
		t.Errorf("error %v does not show what the compiler said", err)
	}
}

func TestATestBinaryKnowsThatItCannotBeBuiltAgain(t *testing.T) {
	t.Parallel()
	_, file, _, _ := runtime.Caller(0)
	if s, err := Find(file); err == nil {
		t.Errorf("found %+v for a test binary", s)
	}
	if _, err := Find("trimmed/main.go"); err == nil {
		t.Error("found a source for a path that -trimpath cut")
	}
}
