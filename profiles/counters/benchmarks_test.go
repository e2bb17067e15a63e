package counters

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"assay/runner/mark"
	"assay/runner/process"
)

func TestBracketsOfATimerMakeAStretchAndAResetForgetsThem(t *testing.T) {
	t.Parallel()
	brackets := []map[string]float64{{"instructions": 1}, {"instructions": 20}, {"instructions": 300, "branches": 4}}
	for _, c := range []struct {
		parts string
		seen  int
		want  map[string]float64
	}{
		{"7 1\n10 2\n", 7, map[string]float64{"instructions": 320, "branches": 4}}, // the first came before a reset
		{"3 3\n", 0, map[string]float64{"instructions": 321, "branches": 4}},
		{"", 0, nil},
		{"3 4\n", 0, nil},
		{"3 0\n", 0, nil},
		{"4 1\n", 0, nil},
		{"3 1\n", 1, nil},
		{"3 one\n", 0, nil},
		{"3\n", 0, nil},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, partsName), []byte(c.parts), 0o600); err != nil {
			t.Fatal(err)
		}
		got, _, err := Bracketed(brackets, c.seen, dir)
		if !reflect.DeepEqual(got, c.want) || (err == nil) != (c.want != nil) {
			t.Errorf("%q: %v, error %v, want %v", c.parts, got, err, c.want)
		}
	}
	if _, _, err := Bracketed(brackets, 0, t.TempDir()); err == nil || !strings.Contains(err.Error(), "its marks did not reach the counter") {
		t.Errorf("no word of the benchmark: error %v", err)
	}
}

func TestABenchmarkIsToldHowToMarkAndIsCountedInAllItsThreads(t *testing.T) {
	t.Parallel()
	c, err := Way{Name: mark.Simulated}.Marked(process.Command{Path: "m.test", Env: []string{"A=1"}}, "/tmp/x")
	if err != nil || !slices.Equal(c.Env, []string{"A=1", "ASSAY_BENCH_MARK=simulated", "ASSAY_BENCH_PARTS=/tmp/x/parts"}) {
		t.Errorf("%q, error %v", c.Env, err)
	}
	for threads, want := range map[bool]string{true: "--collect-atstart=yes", false: "--collect-atstart=no"} {
		if c := underCallgrind("/bin/valgrind", c, "/tmp/x", threads); !slices.Contains(c.Args, want) {
			t.Errorf("all threads %v: %q", threads, c.Args)
		}
	}
	if _, err := ForBenchmarks(t.Context(), mark.Perf); err == nil || !strings.Contains(err.Error(), "say --counters simulated") {
		t.Errorf("perf: error %v", err)
	}
}
