package story

import (
	"strings"
	"testing"

	"assay/reports/digest"
	"assay/reports/internal/fixture"
	"assay/runner/host"
	"assay/runner/result"

	"github.com/google/go-cmp/cmp"
)

func TestBadNewsComesFirst(t *testing.T) {
	t.Parallel()
	words := []string{}
	for _, s := range Headline(fixture.Page().Result) {
		first, _, _ := strings.Cut(s, " ")
		words = append(words, first)
	}
	if diff := cmp.Diff([]string{"WRONG:", "FAILED:", "PARTIAL:", "UNFIT:", "Of", "Of"}, words); diff != "" {
		t.Error(diff)
	}
}

func TestARunWithoutComparisonsSaysWhy(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]result.Result{
		"Nothing was compared: the run has no base, or a single variant.":        {},
		"Nothing was compared: the run was stopped before its first comparison.": {Partial: true},
		"Nothing was compared: what did not fail has nothing beside it.":         {Failed: []result.Failure{{Reason: "panic"}}, Partial: true},
	} {
		if got := Headline(r); len(got) == 0 || got[len(got)-1] != want {
			t.Errorf("%q, want %q at the end", got, want)
		}
	}
}

func TestHeadlineCountsTimeAndCountsApart(t *testing.T) {
	t.Parallel()
	r := result.Result{Alpha: 0.01, Threshold: 0.025, Host: host.Host{Fit: true}, Comparisons: []result.Comparison{
		{Verdict: "faster"}, {Verdict: "faster"}, {Verdict: "undecided"}, {Verdict: "better"},
	}}
	want := []string{
		"Of 3 comparisons by time, 2 faster and 1 undecided (false-alarm chance 1% for the whole run, threshold 2.5%).",
		"Of 1 comparison by exact count, 1 better.",
	}
	if diff := cmp.Diff(want, Headline(r)); diff != "" {
		t.Error(diff)
	}
}

func TestUnfitRunSaysWhy(t *testing.T) {
	t.Parallel()
	fit := result.Result{Host: host.Host{Fit: true}, Control: result.Control{Verdict: "undecided"}}
	if why := Unfit(fit); len(why) != 0 {
		t.Errorf("a fit run is called unfit: %v", why)
	}
	fit.Control.Verdict = "faster"
	if why := Unfit(fit); len(why) != 1 || !strings.Contains(why[0], "null control") {
		t.Errorf("a control that sees differences: %v", why)
	}
	if why := Unfit(result.Result{}); len(why) != 1 {
		t.Errorf("an unfit host without a warning: %v", why)
	}
}

func TestControlIsLoudWhenItFindsADifference(t *testing.T) {
	t.Parallel()
	c := result.Control{Variant: "raw", Ratio: 1.02, Lo: 1.01, Hi: 1.03, Verdict: "slower"}
	if s := Control(c); !strings.Contains(s, "THE RUN IS UNFIT") {
		t.Error(s)
	}
	c.Verdict = "same"
	if s := Control(c); strings.Contains(s, "UNFIT") || !strings.Contains(s, "+2.0% [+1.0 +3.0]") {
		t.Error(s)
	}
	if s := Control(result.Control{Verdict: "none"}); !strings.Contains(s, "nothing was timed") {
		t.Error(s)
	}
}

func TestClaimSaysWhyItDidNotReproduce(t *testing.T) {
	t.Parallel()
	c := result.Claim{Key: result.Key{Family: "page", Op: "fill", Workload: "full"}, Variant: "nibble", Unit: "entries/page", Published: 752, Measured: 700, Lo: 735, Hi: 771, Source: "a book", Note: "one reason"}
	want := "NOT reproduced: page/fill nibble, full; published 752 (a book), measured 700 entries/page, outside [735 771]. One reason."
	if got := Claim(c); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	c.Note = ""
	if got := Claim(c); !strings.HasSuffix(got, "No reason is known.") {
		t.Error(got)
	}
	c.Reproduced, c.Base = true, "raw"
	if got := Claim(c); got != "Reproduced: page/fill nibble, full; published 752 (a book), measured 700 times raw in entries/page." {
		t.Error(got)
	}
	if got := Claims([]result.Claim{c, {}}); got != "1 of 2 published figures reproduced; 1 did not." {
		t.Error(got)
	}
}

func TestAnswerPutsWorkloadsWithTheSameLeaderTogether(t *testing.T) {
	t.Parallel()
	got := Answer(digest.Groups(fixture.Page().Result))
	want := "page/fill in entries/page: offset-nibble-parity leads under realistic and full; offset-nibble and offset-nibble-parity lead together under zip-entries."
	for _, s := range got {
		if s == want {
			return
		}
	}
	t.Errorf("no such sentence in\n%s", strings.Join(got, "\n"))
}

func TestRepeatIsACommandOneCanPaste(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]result.Result{
		"assay run page --seed=7":                  {Command: []string{"assay", "run", "page"}, Seed: 7},
		"assay run page --seed 3":                  {Command: []string{"assay", "run", "page", "--seed", "3"}, Seed: 3},
		`assay run 'page/*' 'it'\''s' '' --seed=0`: {Command: []string{"assay", "run", "page/*", "it's", ""}},
		"": {Seed: 1},
	} {
		if got := Repeat(r); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestUnknownFactsReadAsUnknown(t *testing.T) {
	t.Parallel()
	for _, f := range HostFacts(fixture.Page().Result.Host) {
		if f[0] == "governor" && f[1] != "unknown" {
			t.Errorf("the governor could not be read and reads %q", f[1])
		}
	}
	if s := Host(host.Host{CPU: "X", Unknown: []string{"cpu"}}); strings.Contains(s, "X") {
		t.Errorf("an unknown fact is shown: %s", s)
	}
}
