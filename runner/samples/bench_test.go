package samples

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/perf/benchfmt"
	"pgregory.net/rapid"

	"assay/runner/plan"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestSamplesAreTheGoldenBenchmarkText(t *testing.T) {
	t.Parallel()
	got := read(t, write(t, testRecords()...), benchFile)
	path := filepath.Join("testdata", "samples.golden.bench")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := read(t, path); string(want) != string(got) {
		t.Errorf("%s differs: run the test with -update and review the change\n%s", path, got)
	}
}

// What a run's folder lost is written again, byte for byte; what is there is left alone.
func TestAMissingBenchmarkTextIsRestoredFromTheJournal(t *testing.T) {
	t.Parallel()
	dir := write(t, testRecords()...)
	want := read(t, dir, benchFile)
	if err := os.Remove(filepath.Join(dir, benchFile)); err != nil {
		t.Fatal(err)
	}
	run, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := run.RestoreBench(); err != nil {
		t.Fatal(err)
	}
	if got := read(t, dir, benchFile); string(got) != string(want) {
		t.Errorf("restored as\n%s\nwant\n%s", got, want)
	}
	overwrite(t, []byte("edited"), dir, benchFile)
	if err := run.RestoreBench(); err != nil || string(read(t, dir, benchFile)) != "edited" {
		t.Errorf("what was there is gone, error %v", err)
	}
}

// parse reads benchmark text as benchstat does; a line it cannot read fails the test.
func parse(t testing.TB, data []byte) (results []*benchfmt.Result, units benchfmt.UnitMetadataMap) {
	t.Helper()
	r := benchfmt.NewReader(bytes.NewReader(data), benchFile)
	for r.Scan() {
		switch rec := r.Result().(type) {
		case *benchfmt.Result:
			results = append(results, rec.Clone())
		case *benchfmt.SyntaxError:
			t.Fatal(rec)
		}
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	return results, r.Units()
}

func TestSamplesParseWithNamesUnitsAndConfiguration(t *testing.T) {
	t.Parallel()
	results, units := parse(t, read(t, write(t, testRecords()...), benchFile))
	if len(results) != 4 { // two arms, alone and beside; the control's are left out
		t.Fatalf("%d results", len(results))
	}
	r := results[1]
	if got, want := string(r.Name.Full()), "Page/op=get-hit/variant=nibble#2/workload=realistic,count=40000-2"; got != want {
		t.Errorf("name %s, want %s", got, want)
	}
	for key, want := range map[string]string{
		"cpu": "AMD EPYC 9", "goos": "linux", "go": "go1.26", "kernel": "6.18", "commit": "unknown", "seed": "1152921504606846976", "layout": "1, drawn per restart", "restart": "one line each", "run": "run",
	} {
		if got := r.GetConfig(key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	// CPU time 400,000 ns over 4,000 operations; the exact unit keeps all its digits.
	ns := 1e-9 // as a variable: benchfmt converts in floating point, too
	for unit, want := range map[string]float64{"sec/op": 100 * ns, "entries/page": 758.7, "false-positive-rate": 0.000122, "allocs/op": 2, "B/op": 48} {
		if got, ok := r.Value(unit); !ok || got != want {
			t.Errorf("%s is %v, %v; want %v", unit, got, ok, want)
		}
	}
	if got, ok := results[0].Value("allocs/op"); !ok || got != 0 { // a stray one in 4096 operations
		t.Errorf("allocs/op of raw: %v", got)
	}
	for i := range 2 {
		if got, ok := results[2+i].Value("entries/page"); !ok || got != 758.7 || !strings.Contains(string(results[2+i].Name), "/scenario=cpu-2") {
			t.Errorf("%s lacks its exact units", results[2+i].Name)
		}
	}
	for unit, better := range map[string]int{"sec/op": -1, "entries/page": 1, "false-positive-rate": -1, "allocs/op": -1} {
		if got := units.GetBetter(unit); got != better {
			t.Errorf("better of %s is %d, want %d", unit, got, better)
		}
	}
}

func TestIsolatedArmsReportTheirProcess(t *testing.T) {
	t.Parallel()
	p := testPlan()
	p.Groups[0].Isolated = true
	var out bytes.Buffer
	b, err := newBench(&out, p, testHead())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.restart(testRestart(0, 0)); err != nil {
		t.Fatal(err)
	}
	results, _ := parse(t, out.Bytes())
	ns := 1e-9
	if got, _ := results[1].Value("sec/op"); got != 105*ns { // 420,000 ns of process time
		t.Errorf("sec/op %v", got)
	}
}

func TestNamesKeepTheirPartsWhateverTheyHold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		group   plan.Group
		variant string
		want    string
	}{
		{plan.Group{Family: "page", Op: "fill", Workload: "uniform:0-100"}, "nibble#2", "Page/op=fill/variant=nibble#2/workload=uniform:0-100-8"},
		{plan.Group{Family: "flush", Op: "x", Workload: "replay:/tmp/my keys.csv"}, "v", "Flush/op=x/variant=v/workload=replay:%2Ftmp%2Fmy%20keys.csv-8"},
		{plan.Group{Family: "page", Op: "fill", Workload: "replay:50%-größe.txt"}, "v", "Page/op=fill/variant=v/workload=replay:50%25-gr%C3%B6%C3%9Fe.txt-8"},
		{plan.Group{Family: "page", Op: "fill", Workload: "mixture:1@7+2@16", Scenario: "cpu"}, "v", "Page/op=fill/variant=v/workload=mixture:1@7+2@16/scenario=cpu-8"},
		{plan.Group{Family: "example.com/x/y", Op: "BenchmarkGet/size=10-4", Workload: "", Arms: []plan.Arm{{Name: "base"}, {Name: "head"}}}, "head", "Example.com%2Fx%2Fy/op=BenchmarkGet%2Fsize=10-4/side=head/workload=-8"},
		{plan.Group{Family: "öl", Op: "a\tb", Workload: "w"}, "v", "%C3%B6l/op=a%09b/variant=v/workload=w-8"},
		{plan.Group{}, "", "/op=/variant=/workload=-8"},
		{plan.Group{Family: "lsm", Op: "get", Workload: "w", Arms: []plan.Arm{{Name: "base"}, {Name: "front"}}}, "base", "Lsm/op=get/variant=base/workload=w-8"},
	} {
		if got := BenchName(c.group, c.variant, 8); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestAnyNameParsesIntoItsParts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := plan.Group{Family: "f" + rapid.String().Draw(t, "family"), Op: rapid.String().Draw(t, "op"), Workload: rapid.String().Draw(t, "workload"), Scenario: rapid.String().Draw(t, "scenario")}
		name := BenchName(g, rapid.String().Draw(t, "variant"), 16)
		text := "Benchmark" + name + "\t100\t12 ns/op\n"
		r := benchfmt.NewReader(strings.NewReader(text), "x")
		if !r.Scan() {
			t.Fatalf("%q has no result", text)
		}
		result, ok := r.Result().(*benchfmt.Result)
		if !ok || string(result.Name) != name || !utf8.ValidString(name) {
			t.Fatalf("%q reads as %v", text, r.Result())
		}
		_, parts := result.Name.Parts()
		want := []string{"/op=", "/variant=", "/workload=", "/scenario=", "-16"}
		if g.Scenario == "" {
			want = append(want[:3], "-16")
		}
		if len(parts) != len(want) {
			t.Fatalf("%q has parts %q", name, parts)
		}
		for i, p := range parts {
			if !strings.HasPrefix(string(p), want[i]) {
				t.Fatalf("part %d of %q is %q", i, name, p)
			}
		}
	})
}

func TestNumbersKeepWhatMatters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{significant(0.3123456), "0.312346"},
		{significant(91.2), "91.2"},
		{significant(1234567.8), "1234570"},
		{significant(0), "0"},
		{significant(2e-9), "0.000000002"},
		{thousandths(0.0002441), "0"},
		{thousandths(2.0004), "2"},
		{thousandths(48.5), "48.5"},
		{full(1.0 / 8192), "0.0001220703125"},
	} {
		if c.got != c.want {
			t.Errorf("%s, want %s", c.got, c.want)
		}
	}
}
