package overlay

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"assay/runner/gobench/code"
)

func goroot(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skipf("no Go toolchain: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// skeleton has the statements that the edits look for, and nothing else.
const skeleton = `package testing

type B struct {
	loop struct{ n, i uint64 }
}

func (b *B) StartTimer() {
	runtime.ReadMemStats(&memStats)
	b.start = highPrecisionTimeNow()
}

func (b *B) StopTimer() {
	b.duration += highPrecisionTimeSince(b.start)
	runtime.ReadMemStats(&memStats)
}

func (b *B) ResetTimer() {
	if b.timerOn {
		runtime.ReadMemStats(&memStats)
	}
	b.netBytes = 0
}

func (b *B) runN(n int) {
	runtime.GC()
	b.benchFunc(b)
}

func (b *B) RunParallel(body func(*PB)) {
}

func (b *B) loopSlowPath() bool {
	return false
}

func (s *benchState) processBench(b *B) {
}

func (b *B) Run(name string, f func(b *B)) bool {
	if b.bstate != nil {
		benchName, ok, partial = b.bstate.match.fullName(&b.common, name)
	}
	if sub.run1() {
		sub.run()
	}
	b.add(sub.result)
	return true
}

func runBenchmarks() bool {
	main.runN(1)
	return true
}
`

func TestEditsKeepTheLinesOfTheOriginal(t *testing.T) {
	t.Parallel()
	got, loop, err := edit([]byte(skeleton))
	if err != nil || loop != "loop_fields" {
		t.Fatalf("loop %q, %v", loop, err)
	}
	before, after := strings.Split(skeleton, "\n"), strings.Split(string(got), "\n")
	if len(before) != len(after) {
		t.Fatalf("%d lines became %d", len(before), len(after))
	}
	for _, want := range []string{
		"\tassayStart(b); b.start = highPrecisionTimeNow()",
		"\tb.duration += highPrecisionTimeSince(b.start); assayStop(b)",
		"\tassayTarget(sub); if sub.run1() {",
		"func (b *B) loopSlowPath() bool { if assayLooping(b) { return assayLoop(b) }; ",
		"\tassayBegin(); main.runN(1); assayOver()",
	} {
		if !strings.Contains(string(got), want+"\n") {
			t.Errorf("no line %q in\n%s", want, got)
		}
	}
}

func TestTheLoopOfGo1240IsKnown(t *testing.T) {
	t.Parallel()
	old := strings.Replace(skeleton, "loop struct{ n, i uint64 }", "loopN int", 1)
	if _, loop, err := edit([]byte(old)); err != nil || loop != "loop_n" {
		t.Errorf("loop %q, %v; want loop_n", loop, err)
	}
}

func TestEveryMissingOrDoubledPlaceIsAnUnknownShape(t *testing.T) {
	t.Parallel()
	for _, p := range places {
		code := p.code
		if code == "" {
			_, code, _ = strings.Cut(p.function, ".")
		}
		code, _, _ = strings.Cut(code, "\n")
		text := strings.ReplaceAll(skeleton, code, strings.ReplaceAll(code, "(", "X("))
		if text == skeleton {
			text = strings.ReplaceAll(skeleton, code, "y = 1")
		}
		if _, _, err := edit([]byte(text)); !errors.Is(err, ErrShape) {
			t.Errorf("without %q in %s: %v", p.code, p.function, err)
		}
	}
	for name, text := range map[string]string{
		"doubled":    strings.Replace(skeleton, "\truntime.GC()\n", "\truntime.GC()\n\truntime.GC()\n", 1),
		"no b.Loop":  strings.Replace(skeleton, "loop struct{ n, i uint64 }", "n int", 1),
		"not Go":     "package testing\nfunc {",
		"empty file": "",
	} {
		if _, _, err := edit([]byte(text)); !errors.Is(err, ErrShape) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzEditNeverPanics(f *testing.F) {
	f.Add(skeleton)
	f.Add("package testing")
	f.Add("package testing\nfunc (b B) runN() { runtime.GC() }\ntype B int")
	f.Fuzz(func(t *testing.T, text string) {
		if got, loop, err := edit([]byte(text)); err == nil && (loop == "" || len(got) < len(text)) {
			t.Fatalf("loop %q, %d bytes of %d", loop, len(got), len(text))
		}
	})
}

func TestAnOperatingSystemWithoutAClockIsAnUnknownShape(t *testing.T) {
	t.Parallel()
	if _, err := Write(goroot(t), "plan9", t.TempDir()); !errors.Is(err, ErrShape) {
		t.Errorf("error %v", err)
	}
	if _, err := Write(t.TempDir(), "linux", t.TempDir()); err == nil {
		t.Error("a toolchain without package testing is no error")
	}
}

// The loops of empty benchmarks are the same machine code with the overlay as
// without it: what an iteration costs cannot have changed.
func TestAnIterationCostsWhatItCostsWithoutTheOverlay(t *testing.T) {
	t.Parallel()
	if testing.Short() || runtime.GOARCH != "amd64" || runtime.GOOS != "linux" {
		t.Skip("compares machine code of Linux on amd64")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/empty\n\ngo 1.24\n",
		"e_test.go": "package empty\n\nimport \"testing\"\n\n" +
			"func BenchmarkN(b *testing.B) {\n\tfor i := 0; i < b.N; i++ {\n\t}\n}\n\n" +
			"func BenchmarkLoop(b *testing.B) {\n\tfor b.Loop() {\n\t}\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	scratch := t.TempDir()
	overlay, err := Write(goroot(t), runtime.GOOS, scratch)
	if err != nil {
		t.Fatal(err)
	}
	plain, changed := filepath.Join(scratch, "plain.test"), filepath.Join(scratch, "changed.test")
	for _, args := range [][]string{{"-o", plain}, {"-o", changed, "-overlay=" + overlay}} {
		cmd := exec.Command("go", append(append([]string{"test", "-c"}, args...), ".")...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=", "GOWORK=off")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	d, err := code.Compare(plain, changed)
	if err != nil {
		t.Fatal(err)
	}
	seen := false
	for _, name := range d.Changed {
		seen = seen || name == "testing.(*B).runN"
		if strings.HasPrefix(name, "example.com/empty.Benchmark") {
			t.Errorf("%s has other code with the overlay", name)
		}
	}
	if !seen {
		t.Errorf("the overlay changed nothing: %v", d.Changed)
	}
}
