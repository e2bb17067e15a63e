package reports_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"assay/reports"
	"assay/reports/internal/fixture"
	"assay/runner/sketch"
)

// sketched is the fixture's run with one sketch, of a machine that has prices or not.
func sketched(estimate float64) reports.View {
	v := fixture.Page()
	v.Result.Sketches = []sketch.Told{{
		Family: "page", Op: "get-hit", Workload: "realistic", Variant: "nibble", Measured: 60, Clock: "cpu",
		Estimate: estimate, Ratio: 1.25, Binds: "mispredict<b>", Share: .62,
		Terms: []sketch.Term{{Resource: "mispredict", Count: 4.5, Each: 6.5, Ns: 29.25}},
	}}
	return v
}

// printed renders a view in one format, without its tags and runs of spaces.
func printed(t *testing.T, v reports.View, format string) string {
	t.Helper()
	for _, f := range reports.Formats() {
		if f.Name != format {
			continue
		}
		var out bytes.Buffer
		if err := f.Write(v, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	t.Fatalf("no format %q", format)
	return ""
}

func TestSketchesAreShownInEveryFormatForReaders(t *testing.T) {
	t.Parallel()
	for format, row := range map[string]string{
		"text":     `get-hit nibble, realistic[ │]+60 ns[ │]+48 ns[ │]+1\.25[ │]+mispredict<b>[ │]+62%`,
		"markdown": `get-hit nibble, realistic\s*\|\s*60 ns\s*\|\s*48 ns\s*\|\s*1\.25\s*\|[^|]*\|\s*62%`,
		"html":     `60 ns</td>\s*<td[^>]*>48 ns</td>\s*<td[^>]*>1\.25</td>\s*<td[^>]*>mispredict&lt;b&gt;</td>\s*<td[^>]*>62%`,
		"json":     `"binds": "mispredict`,
	} {
		if out := printed(t, sketched(48), format); !regexp.MustCompile(row).MatchString(out) {
			at := max(0, strings.Index(out, "nothing overlapped"))
			t.Errorf("%s lacks the row %s near\n%s", format, row, out[at:min(len(out), at+1500)])
		}
	}
	if out := printed(t, sketched(48), "markdown"); strings.Contains(out, "<b>") {
		t.Error("a name of a resource became markup")
	}
}

func TestAReportWithoutPricesSaysHowToGetThem(t *testing.T) {
	t.Parallel()
	const how = "assay doctor --calibrate"
	for _, format := range []string{"text", "markdown", "html"} {
		if out := printed(t, sketched(0), format); !strings.Contains(out, how) || strings.Contains(out, "1.25") && strings.Contains(out, "48 ns") {
			t.Errorf("%s: want the way to prices and no row", format)
		}
		if out := printed(t, fixture.Page(), format); strings.Contains(out, how) {
			t.Errorf("%s: a run without sketches speaks of them", format)
		}
	}
}
