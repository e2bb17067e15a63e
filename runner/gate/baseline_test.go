package gate

import (
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assay/runner/lab"
	"assay/runner/result"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

func encoded(t *testing.T, r Run) (Baseline, string) {
	t.Helper()
	b, err := NewBaseline(r)
	if err != nil {
		t.Fatal(err)
	}
	data, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return b, string(data)
}

func TestABaselineIsOneSortedLinePerCase(t *testing.T) {
	t.Parallel()
	_, text := encoded(t, labRun())
	golden := filepath.Join("testdata", "baseline.golden.jsonl")
	if *update {
		if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("baseline differs (-want +got):\n%s", diff)
	}
}

func TestABaselineOfTwoRevisionsHoldsTheHead(t *testing.T) {
	t.Parallel()
	_, text := encoded(t, abRun())
	if strings.Contains(text, `"variant":"base"`) || strings.Count(text, `"variant":"head"`) != 2 {
		t.Errorf("it holds:\n%s", text)
	}
}

func TestTheCPUIsKeptOnlyWhereACountDependsOnIt(t *testing.T) {
	t.Parallel()
	r := labRun()
	if _, text := encoded(t, r); strings.Contains(text, "a CPU") {
		t.Errorf("the CPU of plain counts:\n%s", text)
	}
	r.set("raw", "instructions/op", simulated(1000))
	if _, text := encoded(t, r); !strings.Contains(text, `"cpu":"a CPU"`) {
		t.Errorf("no CPU beside simulated instructions:\n%s", text)
	}
}

func TestNoBaselineIsMadeOfARunThatLacksSomething(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		spoil func(*Run)
		want  string
	}{
		{func(r *Run) { r.Partial = true }, "stopped before its end"},
		{func(r *Run) { r.Failed = []result.Failure{{Key: key("page", "fill"), Variant: "raw"}} }, "page/fill/raw w could not be measured"},
		{func(r *Run) { r.Wrong = []result.Wrong{{Variant: "raw"}} }, "raw answers wrongly"},
		{func(r *Run) { r.Cases = nil }, "holds no exact unit"},
		{func(r *Run) { r.Cases = r.Cases[2:] }, "holds no exact unit"}, // the floor alone
	} {
		r := labRun()
		c.spoil(&r)
		if _, err := NewBaseline(r); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
	r := labRun()
	r.set("raw", "B/op", counted(math.NaN(), lab.Lower))
	b, err := NewBaseline(r)
	if err == nil {
		_, err = b.Encode()
	}
	if err == nil {
		t.Error("a count that is no number was kept")
	}
}

func TestABaselineThatWasMergedEditedOrCutIsNamedWithItsLine(t *testing.T) {
	t.Parallel()
	_, text := encoded(t, labRun())
	lines := strings.SplitAfter(text, "\n")
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "b:1: no baseline of assay"},
		{"something else", "package main\n", "b:1: no baseline of assay"},
		{"another JSON", `{"seed":1}` + "\n", "b:1: no baseline of assay"},
		{"newer", strings.Replace(text, "baseline/1", "baseline/2", 1), `b:1: schema "assay-baseline/2"`},
		{"head alone", lines[0], "b holds no case"},
		{"cut in a line", text[:len(text)-10], "b:3: not as --write-baseline writes it"},
		{"cut at an end", strings.TrimSuffix(text, "\n"), "b:3: the last line has no end"},
		{"out of order", lines[0] + lines[2] + lines[1], "b:3: not as --write-baseline writes it: it is out of order or there twice"},
		{"twice", lines[0] + lines[1] + lines[1], "b:3: not as --write-baseline writes it: it is out of order or there twice"},
		{"a conflict", lines[0] + "<<<<<<< ours\n" + lines[1], "b:2: not as --write-baseline writes it"},
		{"spaced", lines[0] + strings.Replace(lines[1], ":", ": ", 1), "b:2: not as --write-baseline writes it: it was changed by hand"},
		{"a unit twice", lines[0] + strings.Replace(lines[1], `{"B/op"`, `{"B/op":1,"B/op"`, 1), "it was changed by hand"},
		{"no units", lines[0] + `{"family":"a","op":"b","variant":"c","workload":"d","units":{}}` + "\n", "b:2: not as --write-baseline writes it: it holds no unit"},
		{"unknown field", lines[0] + `{"familie":"a"}` + "\n", `unknown field "familie"`},
		{"blank line", lines[0] + "\n" + lines[1], "b:2: not as --write-baseline writes it: an empty line"},
	} {
		_, err := ParseBaseline("b", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: the error has more than one line: %v", c.name, err)
		}
	}
	if _, err := ParseBaseline("b", []byte(strings.ReplaceAll(text, "\n", "\r\n"))); err != nil {
		t.Errorf("a checkout with other line ends: %v", err)
	}
}

func TestABaselineOfOtherCircumstancesIsRefusedWhereItMatters(t *testing.T) {
	t.Parallel()
	plainCounts := labRun()
	for _, c := range plainCounts.Cases {
		delete(c.Units, "allocs/op")
		delete(c.Units, "B/op")
	}
	withCPU := labRun()
	withCPU.set("raw", "instructions/op", simulated(1000))
	simulator, hardware := labRun(), simulated(1000)
	simulator.set("raw", "instructions/op", simulated(1000))
	hardware.How = "hardware"
	for _, c := range []struct {
		name   string
		run    Run
		change func(*Run)
		want   string // empty: accepted
	}{
		{"another seed", labRun(), func(r *Run) { r.Seed = 2 }, "seed 1, and results/r has 2"},
		{"another size", labRun(), func(r *Run) { r.Smoke = true }, "sizes standard, and results/r has smoke"},
		{"another patch of Go", labRun(), func(r *Run) { r.Host.GoVersion = "go1.26.9" }, ""},
		{"another Go", labRun(), func(r *Run) { r.Host.GoVersion = "go1.27.0" }, "Go version go1.26, and results/r has go1.27"},
		{"another Go, no allocations", plainCounts, func(r *Run) { r.Host.GoVersion = "go1.27.0" }, ""},
		{"another architecture", labRun(), func(r *Run) { r.Host.Arch = "arm64" }, "architecture amd64, and results/r has arm64"},
		{"another CPU", labRun(), func(r *Run) { r.Host.CPU = "another" }, ""},
		{"another simulator", simulator, func(r *Run) { r.set("raw", "instructions/op", hardware) }, "counters a simulator, and results/r has hardware"},
		{"another CPU, simulated", withCPU, func(r *Run) { r.Host.CPU = "another" }, "CPU a CPU, and results/r has another"},
		{"another seed of two revisions", abRun(), func(r *Run) { r.Seed = 2 }, ""},
	} {
		b, _ := encoded(t, c.run)
		b.File = "b"
		later := c.run
		c.change(&later)
		_, err := Judge(later, Options{Baseline: &b})
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

func FuzzABaselineIsReadAsItIsWrittenOrRefused(f *testing.F) {
	for _, r := range []Run{labRun(), abRun()} {
		b, err := NewBaseline(r)
		if err != nil {
			f.Fatal(err)
		}
		data, err := b.Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(data[:len(data)/2])
	}
	f.Add([]byte("{\"schema\":\"assay-baseline/1\"}\n\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := ParseBaseline("b", data)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("no clear line: %q", err)
			}
			return
		}
		again, err := b.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if string(again) != strings.ReplaceAll(string(data), "\r\n", "\n") {
			t.Errorf("read %q, writes %q", data, again)
		}
	})
}
