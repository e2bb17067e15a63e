package gate

import (
	"strings"
	"testing"

	"assay/runner/lab"
	"assay/runner/result"
)

func budgets(t *testing.T, text string) *Budgets {
	t.Helper()
	b, err := ParseBudgets("b.txt", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return &b
}

// baselineOf is the baseline of a run, as read back from its file.
func baselineOf(t *testing.T, r Run) *Baseline {
	t.Helper()
	_, text := encoded(t, r)
	b, err := ParseBaseline("base.jsonl", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return &b
}

func judged(t *testing.T, r Run, o Options) Report {
	t.Helper()
	report, err := Judge(r, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// rowOf finds the row of a unit of a variant.
func rowOf(t *testing.T, r Report, variant, unit string) Row {
	t.Helper()
	for _, x := range r.Rows {
		if x.Variant == variant && x.Unit == unit {
			return x
		}
	}
	t.Fatalf("no row %s %s in %+v", variant, unit, r.Rows)
	return Row{}
}

func TestARunPassesItsOwnBaseline(t *testing.T) {
	t.Parallel()
	for _, run := range []Run{labRun(), abRun()} {
		r := judged(t, run, Options{Baseline: baselineOf(t, run), Strict: true})
		if r.Code != 0 || r.Verdict != "pass" || r.Exact == 0 {
			t.Errorf("%+v", r)
		}
	}
}

func TestACountMayMoveByItsBudgetInItsBadDirectionAndNoFurther(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		unit, better, rules string
		before, after       float64
		want                string
	}{
		{"B/op", lab.Lower, "", 200, 200, "pass"},
		{"B/op", lab.Lower, "", 200, 201, "regression"},
		{"B/op", lab.Lower, "", 200, 199, "improved"},
		{"B/op", lab.Lower, "page: B/op +1%", 200, 202, "pass"},
		{"B/op", lab.Lower, "page: B/op +1%", 200, 202.1, "regression"},
		{"B/op", lab.Lower, "page: B/op +1%", 200, 198, "pass"},
		{"B/op", lab.Lower, "page: B/op +1%", 200, 197, "improved"},
		{"B/op", lab.Lower, "page: B/op +1%", 0, 1, "regression"},
		{"B/op", lab.Lower, "*: B/op +1%\npage/*/raw: B/op +5%\nother: B/op +0%", 200, 209, "idle"},
		{"B/op", lab.Lower, "*: B/op +1%\npage/*/raw: B/op +5%", 200, 209, "pass"},
		{"B/op", lab.Lower, "page/*/raw: B/op +5%\n*: B/op +1%", 200, 209, "regression"},
		{"entries/page", lab.Higher, "", 511, 510, "regression"},
		{"entries/page", lab.Higher, "", 511, 512, "improved"},
		{"entries/page", lab.Higher, "page: entries/page -1%", 511, 506, "pass"},
		{"entries/page", lab.Higher, "page: entries/page -1%", 511, 505, "regression"},
		{"odd", "", "", 5, 4, "regression"},
		{"odd", "", "", 5, 6, "regression"},
		{"odd", "", "page: odd +50%", 5, 4, "pass"},
		{"odd", lab.Lower, "", -5, -4, "regression"},
		{"third", lab.Lower, "", 1.0 / 3, 1.0/3 + 1e-16, "pass"},
		{"big", lab.Lower, "", 1e9, 1e9 + 1, "regression"},
	} {
		run := labRun()
		run.set("raw", c.unit, counted(c.before, c.better))
		o := Options{Baseline: baselineOf(t, run)}
		if c.rules != "" {
			o.Budgets = budgets(t, c.rules)
		}
		run.set("raw", c.unit, counted(c.after, c.better))
		r, err := Judge(run, o)
		if c.want == "idle" {
			if err == nil || !strings.Contains(err.Error(), `b.txt:3: "other: B/op +0%": it matches no row`) {
				t.Errorf("error %v", err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		row := rowOf(t, r, "raw", c.unit)
		if row.Status != c.want {
			t.Errorf("%+v: %s", c, row.Text)
		}
		if code := map[string]int{"regression": 1}[c.want]; r.Code != code {
			t.Errorf("%+v: code %d", c, r.Code)
		}
		if row.Place.File != "base.jsonl" || row.Place.Line < 2 {
			t.Errorf("%+v: its place is %v", c, row.Place)
		}
	}
}

func TestSimulatedCountsMayMoveWithinTheirRepeatability(t *testing.T) {
	t.Parallel()
	for after, want := range map[float64]string{1000.4: "pass", 1001.9: "pass", 1002.1: "regression", 997: "improved"} {
		run := labRun()
		run.set("raw", "instructions/op", simulated(1000))
		o := Options{Baseline: baselineOf(t, run)}
		run.set("raw", "instructions/op", simulated(after))
		if row := rowOf(t, judged(t, run, o), "raw", "instructions/op"); row.Status != want {
			t.Errorf("%v: %s", after, row.Text)
		}
	}
}

func TestNextToNothingMayMoveByItsSlack(t *testing.T) {
	t.Parallel()
	for after, want := range map[float64]string{0.004: "pass", 0.0062: "regression"} {
		few := simulated(0.0001)
		few.Slack = 0.005
		run := labRun()
		run.set("raw", "mispredictions/op", few)
		o := Options{Baseline: baselineOf(t, run)}
		few.Mean = &after
		run.set("raw", "mispredictions/op", few)
		if row := rowOf(t, judged(t, run, o), "raw", "mispredictions/op"); row.Status != want {
			t.Errorf("%v: %s", after, row.Text)
		}
	}
}

func TestATimeIsJudgedByTheVerdictOfTheRunAndItsBudget(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		budget        string
		ratio, lo, hi float64
		verdict, want string
	}{
		{"+2%", 1.05, 1.03, 1.07, "slower", "regression"},
		{"+2%", 1.05, 1.015, 1.085, "slower", "regression"}, // sure to be slower, and the estimate is over
		{"+5%", 1.05, 1.03, 1.07, "slower", "pass"},
		{"+2%", 1.05, 0.99, 1.11, "undecided", "undecided"},
		{"+20%", 1.05, 0.99, 1.11, "undecided", "pass"}, // decided as far as the budget goes
		{"+0%", 1.004, 0.995, 1.009, "same", "pass"},
		{"+2%", 0.8, 0.78, 0.82, "faster", "pass"},
	} {
		run := labRun()
		run.Comparisons = []result.Comparison{timeOf(key("page", "fill"), "raw", "nibble", c.ratio, c.lo, c.hi, c.verdict)}
		o := Options{Budgets: budgets(t, "page/*: ns/op "+c.budget)}
		r := judged(t, run, o)
		if row := rowOf(t, r, "nibble", "ns/op"); row.Status != c.want || r.Timed != 1 {
			t.Errorf("%+v: %s", c, row.Text)
		}
		o.Strict = true
		want := map[string]int{"regression": 1, "undecided": 3}[c.want]
		if strict := judged(t, run, o); strict.Code != want {
			t.Errorf("%+v: strict code %d, want %d", c, strict.Code, want)
		}
	}
}

func TestVariantsMayDifferUnlessARuleSaysOtherwise(t *testing.T) {
	t.Parallel()
	run := labRun()
	r := judged(t, run, Options{Baseline: baselineOf(t, run)})
	if r.Timed != 0 || r.Code != 0 {
		t.Errorf("a slower variant was judged without a rule: %s", r.Sentence)
	}
}

func TestTwoRevisionsNeedNoFiles(t *testing.T) {
	t.Parallel()
	same := judged(t, abRun(), Options{})
	if same.Code != 0 || same.Timed != 2 || same.Exact != 4 {
		t.Errorf("%+v", same)
	}
	slower := abRun()
	slower.Comparisons[1] = timeOf(key("example.com/m/sub", "Encode/size=10"), base, head, 1.05, 1.03, 1.07, "slower")
	if r := judged(t, slower, Options{}); r.Code != 1 || r.Regressions != 1 || !strings.Contains(r.Sentence, "example.com/m/sub/Encode/size=10 w: ns/op slower than base: +5.0% [+3.0 +7.0]") {
		t.Errorf("%+v", r)
	}
	if r := judged(t, slower, Options{Budgets: budgets(t, "example.com/m/sub/Encode: ns/op +10%")}); r.Code != 0 {
		t.Errorf("within its budget: %s", r.Sentence)
	}
	allocates := abRun()
	allocates.set(head, "allocs/op", counted(4, lab.Lower))
	if r := judged(t, allocates, Options{}); r.Code != 1 || r.Regressions != 1 {
		t.Errorf("%+v", r)
	}
	more := abRun()
	more.set(head, "B/op", counted(96.5, lab.Lower)) // within the threshold of 1 %
	if r := judged(t, more, Options{}); r.Code != 0 {
		t.Errorf("%+v", r)
	}
	if r := judged(t, more, Options{Budgets: budgets(t, "*: B/op +0%")}); r.Code != 1 {
		t.Errorf("%+v", r)
	}
	if r := judged(t, more, Options{Baseline: baselineOf(t, abRun())}); r.Code != 1 {
		t.Errorf("a baseline allows nothing by itself: %+v", r)
	}
	faster := abRun()
	faster.Comparisons[0] = timeOf(key("example.com/m", "Encode/size=10"), base, head, 0.9, 0.88, 0.92, "faster")
	if r := judged(t, faster, Options{}); r.Code != 0 || r.Improvements != 1 {
		t.Errorf("%+v", r)
	}
}

func TestACountThatVariesOnOneSideOfTwoRevisionsIsNamedAndNotJudged(t *testing.T) {
	t.Parallel()
	run := abRun()
	run.set(head, "B/op", noisy(100))
	r := judged(t, run, Options{})
	if r.Code != 0 || r.Exact != 3 || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "B/op varies") {
		t.Errorf("%+v", r)
	}
}

func TestWhatIsMissingFailsAndWhatIsNewFailsOnlyStrictly(t *testing.T) {
	t.Parallel()
	whole, less := labRun(), labRun()
	for i, c := range less.Cases {
		if c.Variant == "nibble" {
			less.Cases[i].Variant = "renamed"
		}
	}
	renamed := judged(t, less, Options{Baseline: baselineOf(t, whole)})
	if renamed.Code != 2 || renamed.Missing != 3 || renamed.Added != 3 || !strings.Contains(renamed.Sentence, "page/fill/nibble w: B/op is in base.jsonl and not in the run") {
		t.Errorf("%+v", renamed)
	}
	small := labRun()
	for _, c := range small.Cases {
		delete(c.Units, "entries/page")
	}
	o := Options{Baseline: baselineOf(t, small)}
	if r := judged(t, whole, o); r.Code != 0 || r.Added != 2 || len(r.Notes) != 1 {
		t.Errorf("%+v", r)
	}
	o.Strict = true
	if r := judged(t, whole, o); r.Code != 2 || r.Problems[0].Kind != "new" {
		t.Errorf("%+v", r)
	}
}
