package gate

import (
	"strings"
	"testing"

	"assay/runner/result"
)

func TestARunThatLacksSomethingDoesNotPass(t *testing.T) {
	t.Parallel()
	nibble := key("page", "fill")
	for _, c := range []struct {
		name  string
		spoil func(*Run)
		code  int
		want  string
	}{
		{"partial", func(r *Run) { r.Partial = true }, 2, "stopped before its end"},
		{"failed", func(r *Run) {
			r.Failed = []result.Failure{{Key: nibble, Variant: "nibble", Reason: "it died\nin pain"}}
		}, 2, "page/fill/nibble w could not be measured: it died"},
		{"wrong", func(r *Run) {
			r.Wrong = []result.Wrong{{Key: nibble, Variant: "nibble", At: "key 3", Detail: "7"}}
		}, 1, "page/fill/nibble w answers wrongly at key 3: 7"},
		{"wrong and partial", func(r *Run) {
			r.Partial, r.Wrong = true, []result.Wrong{{Key: nibble, Variant: "nibble", At: "key 3"}}
		}, 1, "answers wrongly"},
		{"unfit", func(r *Run) { r.Control = result.Control{Verdict: "slower", Variant: "raw"} }, 2, "raw against itself, came out slower"},
		{"all failed", func(r *Run) {
			r.Cases, r.Comparisons = nil, nil
			r.Failed = []result.Failure{{Key: nibble, Reason: "no"}}
		}, 2, "page/fill w could not be measured: no"},
	} {
		run := labRun()
		c.spoil(&run)
		r, err := Judge(run, Options{Budgets: budgets(t, "page/*: ns/op +50%")})
		if err != nil || r.Code != c.code || !strings.Contains(r.Sentence, c.want) {
			t.Errorf("%s: code %d, error %v: %s", c.name, r.Code, err, r.Sentence)
		}
	}
}

func TestAnUnfitControlSpoilsTimesAndNotCounts(t *testing.T) {
	t.Parallel()
	run := labRun()
	run.Control = result.Control{Verdict: "slower", Variant: "raw"}
	if r := judged(t, run, Options{Baseline: baselineOf(t, labRun())}); r.Code != 0 || len(r.Notes) != 1 {
		t.Errorf("counts alone: %+v", r)
	}
	r := judged(t, run, Options{Budgets: budgets(t, "page/*: ns/op +2%")})
	if r.Code != 2 || r.Regressions != 0 {
		t.Errorf("a slowdown of an unfit run was called confirmed: %+v", r)
	}
}

func TestARevisionThatWasNotTimedDoesNotPass(t *testing.T) {
	t.Parallel()
	run := abRun()
	run.Comparisons = run.Comparisons[:1]
	if r := judged(t, run, Options{}); r.Code != 2 || !strings.Contains(r.Sentence, "example.com/m/sub/Encode/size=10 w was not timed") {
		t.Errorf("%+v", r)
	}
	run.Comparisons = nil
	if r := judged(t, run, Options{}); r.Code != 2 {
		t.Errorf("no times at all: %+v", r)
	}
}

func TestAGateThatWouldMeasureNothingIsRefused(t *testing.T) {
	t.Parallel()
	empty := labRun()
	empty.Cases, empty.Comparisons = nil, nil
	floor := labRun()
	floor.Cases, floor.Comparisons = floor.Cases[2:], nil
	for _, c := range []struct {
		name string
		run  Run
		o    Options
		want string
	}{
		{"empty", empty, Options{Budgets: budgets(t, "*: ns/op +1%")}, "results/r holds no case"},
		{"no files", labRun(), Options{}, "nothing to judge results/r by: give --baseline FILE"},
		{"the floor alone", floor, Options{Budgets: budgets(t, "*: ns/op +1%")}, `b.txt:1: "*: ns/op +1%": it matches no row of results/r`},
		{"unknown family", labRun(), Options{Budgets: budgets(t, "pag/fill/raw: B/op +1%"), Baseline: baselineOf(t, labRun())}, `b.txt:1: "pag/fill/raw: B/op +1%": it matches no row of results/r: did you mean "page/fill/raw"?`},
		{"unknown unit", labRun(), Options{Budgets: budgets(t, "page: allocs/opp +1%"), Baseline: baselineOf(t, labRun())}, `in allocs/opp: did you mean "allocs/op"?`},
		{"counts without a baseline", labRun(), Options{Budgets: budgets(t, "page: B/op +1%")}, "counts are judged against a baseline, give --baseline FILE"},
		{"the other sign", labRun(), Options{Budgets: budgets(t, "page: ns/op -2%")}, `b.txt:1: "page: ns/op -2%": the other sign: ns/op is better lower, so its budget says how much it may rise, such as +2%`},
		{"the other sign of a count", labRun(), Options{Budgets: budgets(t, "page: entries/page +2%"), Baseline: baselineOf(t, labRun())}, "may fall, such as -2%"},
	} {
		r, err := Judge(c.run, c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, report %s, want %q", c.name, err, r.Sentence, c.want)
		}
	}
}

func TestNamesFromOutsideStayOnTheirLine(t *testing.T) {
	t.Parallel()
	run := abRun()
	for i := range run.Cases {
		run.Cases[i].Op = "X\n::error::\x1b[31mboo\u202e"
	}
	for i := range run.Comparisons {
		run.Comparisons[i].Op = "X\n::error::\x1b[31mboo\u202e"
	}
	for _, x := range judged(t, run, Options{}).Rows {
		if strings.ContainsAny(x.Text+x.Name, "\n\r\x1b\u202e") {
			t.Errorf("%q", x.Text)
		}
	}
}

func TestABudgetFinerThanTheRunIsNoted(t *testing.T) {
	t.Parallel()
	r := judged(t, labRun(), Options{Budgets: budgets(t, "page: ns/op +0.5%")})
	if len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "b.txt:1: a budget of +0.5% is finer than this run could tell") {
		t.Errorf("%v", r.Notes)
	}
}
