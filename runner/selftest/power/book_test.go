package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func someTrials() []trial {
	nan := math.NaN()
	return []trial{
		{
			task: task{kernel: "mix", effect: 0.005, seconds: 1.25, first: true, seed: math.MaxUint64}, method: "assay", took: 0.1 + 0.2, at: 1e-9, load: 4.5,
			outcome: outcome{ratio: 1.0051, truth: 1.00503, p: nan, lo: 1.004, hi: 1.006, verdict: "slower", samples: 12, early: true},
		},
		{
			task: task{kernel: "wide", seconds: 5}, method: "go test", took: 5, at: 3, load: nan,
			outcome: outcome{ratio: 1.5, truth: 1, p: 0.03, lo: nan, hi: nan, samples: 10},
		},
	}
}

func TestABookReadsBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b, err := openBook(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range someTrials() {
		if err := b.add(x); err != nil {
			t.Fatal(err)
		}
	}
	name := filepath.Join(dir, trialsFile)
	got, err := readAll([]string{name, name}) // before it is closed: each line is on disk at once
	if err != nil {
		t.Fatal(err)
	}
	want := append(someTrials(), someTrials()...)
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(trial{}, task{}, outcome{}), cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
	if err := b.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := openBook(dir); err == nil || !strings.Contains(err.Error(), "already holds a run") {
		t.Errorf("a second run in the same folder: %v", err)
	}
}

func TestABrokenBookIsAnErrorThatNamesThePlace(t *testing.T) {
	t.Parallel()
	good := strings.Join(row(someTrials()[0]), ",")
	head := strings.Join(header, ",")
	for text, why := range map[string]string{
		"":                   "does not begin with the columns",
		"a,b\n":              "does not begin with the columns",
		head + "\n1,2\n":     "wrong number of fields",
		head + "\n\"" + good: "extraneous or missing",
		head + "\n" + good + "\n" + strings.Replace(good, "true", "perhaps", 1): "csv:3: column slowed_first",
		head + "\n" + strings.Replace(good, ",12,", ",-12,", 1):                 "csv:2: column samples",
		head + "\n" + strings.Replace(good, "4.5", "4.5.6", 1):                  "csv:2: column load",
	} {
		name := filepath.Join(t.TempDir(), "b.csv")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := readAll([]string{name})
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, want an error with %q", text, err, why)
		}
	}
	if _, err := readAll([]string{filepath.Join(t.TempDir(), "none.csv")}); err == nil {
		t.Error("a file that is not there is no error")
	}
}

func FuzzALineIsATrialOrAnError(f *testing.F) {
	for _, x := range someTrials() {
		f.Add(strings.Join(row(x), ","))
	}
	f.Add(strings.Repeat(",", 16))
	f.Fuzz(func(t *testing.T, line string) {
		x, err := parseRow(strings.Split(line, ","))
		if err != nil {
			return
		}
		again, err := parseRow(row(x))
		if err != nil {
			t.Fatalf("%q reads as %+v, which does not read back: %v", line, x, err)
		}
		if diff := cmp.Diff(x, again, cmp.AllowUnexported(trial{}, task{}, outcome{}), cmpopts.EquateNaNs()); diff != "" {
			t.Error(diff)
		}
	})
}
