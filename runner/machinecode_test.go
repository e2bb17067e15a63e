package runner

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestTheMachineCodeOfHotFunctionsIsJournaled(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only ELF files are read")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := planned("a", "b", "inlined")
	p.Profile = []string{"cpu"}
	run, _, err := profiledRun(t, context.Background(), p, profiler{
		scripted: scripted{scripts: map[string]string{"a": "2", "b": "2", "inlined": "2"}},
		program:  self, hot: map[string]string{"a": "runtime.memmove", "b": "runtime.mallocgc"},
	})
	if err != nil || run.Code == nil {
		t.Fatalf("%v, %v", run.Code, err)
	}
	if n := len(run.Code.Functions); n != 2 || run.Code.Functions[0].Name != "runtime.mallocgc" || run.Code.Functions[0].Branches == 0 || run.Code.Functions[1].Size == 0 {
		t.Errorf("%+v", run.Code.Functions)
	}
	var got []string
	for _, v := range run.Code.Variants {
		if v.Declared {
			t.Errorf("%s declares nothing", v.Variant)
		}
		got = append(got, v.Op+" "+v.Variant+" "+strings.Join(v.Hottest(), ",")+" "+strings.Join(v.Same, ","))
	}
	want := "a base runtime.memmove ; a other runtime.memmove base; b base runtime.mallocgc ; b other runtime.mallocgc base"
	if s := strings.Join(got, "; "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

func TestAProgramThatCannotBeReadIsOneWarning(t *testing.T) {
	t.Parallel()
	other := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(other, []byte("MZ, of another system"), 0o755); err != nil {
		t.Fatal(err)
	}
	for program, want := range map[string]int{other: 1, "": 0} {
		p := planned("a", "b")
		p.Profile = []string{"cpu"}
		run, _, err := profiledRun(t, context.Background(), p, profiler{program: program})
		if err != nil || run.Code != nil {
			t.Fatalf("%v, %v", run.Code, err)
		}
		if n := strings.Count(strings.Join(run.Warnings, "\n"), "machine code"); n != want {
			t.Errorf("%d warnings of program %q, want %d: %q", n, program, want, run.Warnings)
		}
	}
	p := planned("a")
	p.Profile = []string{"block"}
	run, _, err := profiledRun(t, context.Background(), p, profiler{program: other})
	if err != nil || strings.Contains(strings.Join(run.Warnings, "\n"), "machine code") {
		t.Errorf("without CPU profiles: %q, %v", run.Warnings, err)
	}
}
