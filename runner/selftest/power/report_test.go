package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assay/runner/clock"
)

var update = flag.Bool("update", false, "rewrite testdata/summary.txt")

// said makes one trial of a method.
func said(method string, seconds, effect, ratio, p float64, verdict string) trial {
	return trial{
		task: task{seconds: seconds, effect: effect}, method: method, took: seconds, load: 2,
		outcome: outcome{ratio: ratio, truth: 1 + effect, p: p, verdict: verdict},
	}
}

func TestAReadingSaysWhatItsMethodSaidAtItsLevel(t *testing.T) {
	t.Parallel()
	strict, usual, ours := reading{"go test", 0.01}, reading{"go test", 0.05}, reading{"assay", 0.01}
	for _, c := range []struct {
		reading
		trial
		want int
	}{
		{usual, said("go test", 1.25, 0.1, 1.2, 0.03, ""), 1},
		{strict, said("go test", 1.25, 0.1, 1.2, 0.03, ""), 0},
		{strict, said("go test", 1.25, 0.1, 0.9, 0.001, ""), -1},
		{usual, said("go test", 1.25, 0.1, 1, 0.001, ""), 0},
		{usual, said("go test", 1.25, 0.1, 1.2, math.NaN(), ""), 0},
		{ours, said("assay", 1.25, 0.1, 1.2, math.NaN(), "slower"), 1},
		{ours, said("assay", 1.25, 0.1, 0.9, math.NaN(), "faster"), -1},
		{ours, said("assay", 1.25, 0.1, 1.2, math.NaN(), "undecided"), 0},
		{ours, said("assay", 1.25, 0.1, 1.2, math.NaN(), "same"), 0},
	} {
		if got := c.says(c.trial); got != c.want {
			t.Errorf("%+v of %+v: %d, want %d", c.reading, c.trial.outcome, got, c.want)
		}
	}
}

// contestTrials are a small contest with every kind of outcome.
func contestTrials() []trial {
	nan := math.NaN()
	early := said("assay", 1.25, 0.1, 1.101, nan, "slower")
	early.early, early.took = true, 0.5
	long := said("go test", 5, 0.02, 1.03, 0.04, "")
	long.took = 6
	return []trial{
		said("assay", 1.25, 0, 1.001, nan, "undecided"), said("assay", 1.25, 0, 0.98, nan, "faster"),
		said("assay", 1.25, 0.01, 1.0102, nan, "slower"), said("assay", 1.25, 0.005, 1.004, nan, "undecided"), early,
		said("go test", 1.25, 0, 1.2, 0.03, ""), said("go test", 1.25, 0, 1, 0.9, ""),
		said("go test", 1.25, 0.01, 0.95, 0.004, ""), said("go test", 1.25, 0.005, 1.3, 0.02, ""), said("go test", 1.25, 0.1, 1.12, 0.2, ""),
		said("alternating", 1.25, 0, 1, 0.5, ""), said("alternating", 1.25, 0.1, 1.0999, 0.001, ""),
		said("assay", 5, 0.02, 1.02, nan, "slower"), long,
	}
}

func TestTheTallyCountsAlarmsFindsAndWrongWays(t *testing.T) {
	t.Parallel()
	sums := summarise(contestTrials())
	var got []string
	for _, s := range sums {
		var counts []string
		for _, c := range s.cells {
			counts = append(counts, strings.Join([]string{number(float64(c.n)), number(float64(c.found)), number(float64(c.wrong))}, "-"))
		}
		got = append(got, s.label()+" "+number(s.seconds)+": "+strings.Join(counts, " "))
	}
	want := []string{ // trials-found-wrong, for 0, .5, 1, 2, 5, 10 %
		"assay, alpha .01 per run 1.25: 2-1-0 1-0-0 1-1-0 0-0-0 0-0-0 1-1-0",
		"go test, old then new, p < .05 1.25: 2-1-0 1-1-0 1-0-1 0-0-0 0-0-0 1-0-0",
		"go test, old then new, p < .01 1.25: 2-0-0 1-0-0 1-0-1 0-0-0 0-0-0 1-0-0",
		"go test, alternating, p < .05 1.25: 1-0-0 0-0-0 0-0-0 0-0-0 0-0-0 1-1-0",
		"go test, alternating, p < .01 1.25: 1-0-0 0-0-0 0-0-0 0-0-0 0-0-0 1-1-0",
		"assay, alpha .01 per run 5: 0-0-0 0-0-0 0-0-0 1-1-0 0-0-0 0-0-0",
		"go test, old then new, p < .05 5: 0-0-0 0-0-0 0-0-0 1-1-0 0-0-0 0-0-0",
		"go test, old then new, p < .01 5: 0-0-0 0-0-0 0-0-0 1-0-0 0-0-0 0-0-0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if s := sums[0]; math.Abs(s.median-0.001) > 1e-4 || s.took != 1.25 || s.tookMost != 1.25 || s.n != 5 {
		t.Errorf("errors and times of assay: %+v", s)
	}
}

func TestTheSummaryTellsWhereAssayDidWorse(t *testing.T) {
	t.Parallel()
	trials := contestTrials()
	got := report(summarise(trials), trials, "A CPU.")
	name := filepath.Join("testdata", "summary.txt")
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s; if this is meant, run with -update", diff)
	}
	better := slices.DeleteFunc(trials, func(x trial) bool { return x.seconds == 1.25 })
	if text := report(summarise(better), better, ""); !strings.Contains(text, "In none of these figures did assay do worse.") {
		t.Errorf("of trials in which assay was better: %s", text)
	}
}

func TestTheFigureNamesEveryReadingAndEffect(t *testing.T) {
	t.Parallel()
	for name, trials := range map[string][]trial{
		"both times": contestTrials(),
		"one time":   contestTrials()[:12],
		"one trial":  contestTrials()[3:4],
		"alarms":     contestTrials()[:1],
	} {
		dir := t.TempDir()
		sums := summarise(trials)
		if err := drawFigure(dir, sums, "A CPU."); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		svg, err := os.ReadFile(filepath.Join(dir, "power.svg"))
		if err != nil {
			t.Fatal(err)
		}
		text := words(t, svg)
		for _, s := range sums {
			for _, want := range []string{s.label(), number(s.seconds) + " s per comparison", "A CPU.", "nothing", "0.5 %", "10 %", "false alarms"} {
				if !strings.Contains(text, want) {
					t.Errorf("%s: the figure does not say %q", name, want)
				}
			}
		}
		bits, err := os.ReadFile(filepath.Join(dir, "power.png"))
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(bits))
		if want := 2 * panelWide * len(panelsOf(sums)); err != nil || img.Bounds().Dx() != want || img.Bounds().Dy() != 2*high {
			t.Errorf("%s: the bitmap: %v, %v", name, img.Bounds(), err)
		}
	}
}

// words is the text of an SVG document, which must be well-formed.
func words(t *testing.T, svg []byte) string {
	t.Helper()
	var b strings.Builder
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatalf("the SVG is not well-formed: %v", err)
		}
		if c, ok := token.(xml.CharData); ok {
			b.Write(c)
			b.WriteByte('\n')
		}
	}
}

func TestPoolingWritesASummaryOfSeveralRuns(t *testing.T) {
	t.Parallel()
	var files []string
	for range 2 {
		dir := t.TempDir()
		b, err := openBook(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range contestTrials() {
			if err := b.add(x); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.close(); err != nil {
			t.Fatal(err)
		}
		files = append(files, filepath.Join(dir, trialsFile))
	}
	out := filepath.Join(t.TempDir(), "all")
	var printed bytes.Buffer
	if err := run(t.Context(), append([]string{"--out", out}, files...), &printed, io.Discard, &clock.Fake{}); err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(filepath.Join(out, "summary.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(kept), "over 28 trials") || !strings.HasPrefix(printed.String(), string(kept)) {
		t.Errorf("%s\nprinted %s", kept, printed.String())
	}
}

func TestABudgetTooSmallForOneTaskIsAnErrorThatSaysWhatIsNeeded(t *testing.T) {
	t.Parallel()
	err := run(t.Context(), []string{"--budget", "5s"}, io.Discard, io.Discard, &clock.Fake{})
	if err == nil || !strings.Contains(err.Error(), "need 13.75s") {
		t.Errorf("error %v", err)
	}
}
