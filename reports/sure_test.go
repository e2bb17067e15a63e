package reports

import (
	"regexp"
	"strings"
	"testing"

	"assay/reports/internal/fixture"
	"assay/runner/result"
)

// small is a run of one comparison, so that nothing gives way for size.
func small(clock string) View {
	v, k := View{}, result.Key{Family: "page", Op: "get", Workload: "w"}
	ns, wall := 10.0, 11.0
	units := map[string]result.Stat{"ns/op": {Median: &ns, Lo: &ns, Hi: &ns, Better: "lower"}, "wall-ns/op": {Median: &wall, Lo: &wall, Hi: &wall, Better: "lower"}}
	v.Result.Cases = []result.Case{{Key: k, Variant: "raw", Units: units}, {Key: k, Variant: "a", Units: units}}
	e := result.Estimate{Ratio: 1.2, Lo: 1.1, Hi: 1.3}
	v.Result.Comparisons = []result.Comparison{{
		Key: k, Unit: "ns/op", Base: "raw", Variant: "a", Ratio: 1.2, Lo: 1.1, Hi: 1.3, Verdict: "slower",
		Restarts: 8, Clock: clock, CPU: &e, Wall: &e, P50: &e, P99: &e, Stopped: clock,
	}}
	return v
}

func TestDetailsAreFoldedWhereAFormatCanFold(t *testing.T) {
	t.Parallel()
	v := small("cpu")
	for format, want := range map[string]string{"text": "", "markdown": "<details><summary>8 restarts, CPU clock.</summary>", "html": `<details class="sure"><summary>8 restarts, CPU clock.</summary>`} {
		out := render(t, format, v)
		if !strings.Contains(out, "8 restarts, CPU clock.") || !strings.Contains(out, want) {
			t.Errorf("%s does not say what its times rest on", format)
		}
		if shows := strings.Contains(out, "slowest slices (p99)"); shows != (want != "") {
			t.Errorf("%s: details shown is %v", format, shows)
		}
		if shows := strings.Contains(out, "wall-ns/op"); shows != (want != "") {
			t.Errorf("%s: wall time shown is %v", format, shows)
		}
	}
}

func TestHostileWordsStayInTheirFold(t *testing.T) {
	t.Parallel()
	attack := "</summary></details><b>x\n# y"
	md := render(t, "markdown", small(attack))
	if strings.Contains(md, attack) || strings.Count(md, "</details>") != 1 || strings.Contains(md, "<b>") {
		t.Errorf("a name closed its fold:\n%s", md)
	}
}

func TestDetailsGiveWayBeforeTables(t *testing.T) {
	t.Parallel()
	if md := render(t, "markdown", fixture.Huge()); strings.Contains(md, "<details>") || !strings.Contains(md, "24 restarts over 8 layouts") {
		t.Error("a comment that is too long keeps details, or loses their summary")
	}
}

func TestScenariosStandBesideEachOtherAndTurnedVerdictsAreLoud(t *testing.T) {
	t.Parallel()
	_, part, _ := strings.Cut(render(t, "text", fixture.Page()), "page/get-hit realistic, by scenario\n")
	for _, want := range []string{
		`variant +│ +alone │ +memory`, `raw +│ +121\.5ns .* │ +243\.0ns`,
		`nibble +│ +S \+14% \[\+13 \+15\] │ +\? \+1% \[-4 \+6\]`, `offset-nibble +│ +F -30.* │ TURNED S \+10%`,
	} {
		if !regexp.MustCompile(want).MatchString(part) {
			t.Errorf("no %s in\n%s", want, part)
		}
	}
}

func TestAScenarioCannotHoldWhatWasNeverDecided(t *testing.T) {
	t.Parallel()
	v := fixture.Page()
	for i := range v.Result.Comparisons {
		if c := &v.Result.Comparisons[i]; c.Scenario == "" {
			c.Verdict = "undecided"
		}
	}
	if out := render(t, "text", v); !strings.Contains(out, "Nothing was decided alone") || strings.Contains(out, "turned round") || strings.Contains(out, "TURNED") {
		t.Error("verdicts turn round that were never made")
	}
}

func TestEverySourceOfAFigureIsNamed(t *testing.T) {
	t.Parallel()
	v := fixture.Page()
	for _, format := range []string{"text", "markdown", "html"} {
		_, part, _ := strings.Cut(render(t, format, v), "published figures reproduced")
		for _, c := range v.Result.Claims {
			if !strings.Contains(part, c.Source) {
				t.Errorf("%s does not name %s", format, c.Source)
			}
		}
	}
}
