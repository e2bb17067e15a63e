package ci

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"assay/runner/gate"
	"assay/runner/result"
)

// hostile names try what a name could try.
var hostile = []string{
	"x::set-output name=a::b", "::error::boo", " ::stop-commands::tok", "##[add-mask]secret", "###[group]g", "x ##[error]y",
	"a%0A::warning::b", "a\n::warning::b", "a\r::warning::b", "a,line=1", "title=x,file=/etc/passwd::", "]]>", "</testcase>", "\x00\x1b[31m",
	`"&<>'`, "\xff\xfe", "::add-path::/tmp", "%3A%3Aerror%3A%3A",
}

// obeyed says whether a runner would take the line for a command, by its two
// grammars: two colons at the beginning, white space aside, or ##[ anywhere.
func obeyed(line string) bool {
	return strings.HasPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::") || strings.Contains(line, "##[")
}

func nowhere(string, string) gate.Place { return gate.Place{} }

func row(name, status string) gate.Row {
	return gate.Row{
		Key: result.Key{Family: name, Op: name}, Name: name, Unit: "B/op", Status: status, Text: "text of " + name,
		Place: gate.Place{File: name + ".go", Line: 3},
	}
}

func TestAnAnnotationIsOneCommandWithWhatItWasGiven(t *testing.T) {
	t.Parallel()
	a := Annotation{"error", gate.Place{File: "a,b:c%2C.go", Line: 7}, "x: y, z", "50%\nmore\r, and: so on"}
	want := "::error file=a%2Cb%3Ac%252C.go,line=7,title=x%3A y%2C z::50%25%0Amore%0D, and: so on"
	if a.String() != want {
		t.Errorf("got  %s\nwant %s", a, want)
	}
	if got := (Annotation{Level: "notice", Title: "t", Message: "m"}).String(); got != "::notice title=t::m" {
		t.Errorf("without a place: %s", got)
	}
}

func TestAHostileNameStaysWithinItsAnnotation(t *testing.T) {
	t.Parallel()
	for _, name := range hostile {
		for _, a := range Annotations(gate.Report{Rows: []gate.Row{row(name, "regression")}}, nowhere) {
			line := a.String()
			properties, message, _ := strings.Cut(strings.TrimPrefix(line, "::error "), "::")
			if strings.ContainsAny(line, "\r\n") {
				t.Errorf("%q: more than one line: %q", name, line)
			}
			if got := strings.Count(properties, ","); got != 2 {
				t.Errorf("%q: %d properties: %s", name, got+1, properties)
			}
			if undone(message) != "text of "+name {
				t.Errorf("%q: the runner would read %q", name, undone(message))
			}
		}
	}
}

// undone reads the text of a command as a runner does.
func undone(s string) string {
	for _, p := range [][2]string{{"%0D", "\r"}, {"%0A", "\n"}, {"%25", "%"}} {
		s = strings.ReplaceAll(s, p[0], p[1])
	}
	return s
}

func TestNothingPrintedBehindTheGuardIsObeyed(t *testing.T) {
	t.Parallel()
	for _, name := range hostile {
		for _, text := range []string{name, "a\n" + name, "a\r" + name, "\t " + name, name + name} {
			for line := range strings.Lines(strings.ReplaceAll(Guard(text), "\r", "\n")) {
				if obeyed(line) {
					t.Errorf("%q would be obeyed: %q", text, line)
				}
			}
		}
	}
	if plain := "page/fill: 12 ## [a] b::c\n"; Guard(plain) != plain {
		t.Errorf("the guard changed a harmless text: %q", Guard(plain))
	}
}

func FuzzNothingPrintedBehindTheGuardIsObeyed(f *testing.F) {
	for _, name := range hostile {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, line := range strings.FieldsFunc(Guard(text), func(r rune) bool { return r == '\n' || r == '\r' }) {
			if obeyed(line) {
				t.Errorf("%q would be obeyed: %q", text, line)
			}
		}
	})
}

func TestOutputsHoldNothingFromOutside(t *testing.T) {
	t.Parallel()
	r := gate.Report{Verdict: "regression", Regressions: 2, Sentence: "\nverdict=pass", Rows: []gate.Row{row("\nverdict=pass", "regression")}}
	if got := Outputs(r); got != "verdict=regression\nregressions=2\nimprovements=0\nundecided=0\nmissing=0\n" {
		t.Errorf("%q", got)
	}
}

func TestRowsBecomeAnnotationsByWhatTheyMean(t *testing.T) {
	t.Parallel()
	r := gate.Report{Problems: []gate.Problem{{Kind: "failed", Name: "p", Text: "it failed"}}}
	for _, status := range []string{"pass", "new", "improved", "undecided", "missing", "regression"} {
		r.Rows = append(r.Rows, row(status, status))
	}
	var got []string
	for _, a := range Annotations(r, func(family, _ string) gate.Place {
		if family == "missing" {
			return gate.Place{File: "bench_test.go", Line: 12}
		}
		return gate.Place{}
	}) {
		got = append(got, fmt.Sprintf("%s %s %s", a.Level, a.Title, a.Place))
	}
	want := "error failed: p :0|notice improved: improved improved.go:3|warning undecided: undecided undecided.go:3|" +
		"error missing: missing bench_test.go:12|error regression: regression regression.go:3"
	if strings.Join(got, "|") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), want)
	}
}

func TestMoreAnnotationsThanAStepShowsAreCountedInTheLast(t *testing.T) {
	t.Parallel()
	var r gate.Report
	for range 25 {
		r.Rows = append(r.Rows, row("x", "regression"))
	}
	all := Annotations(r, nowhere)
	if len(all) != 10 || !strings.HasSuffix(all[9].Message, "(and 15 more: see the summary)") || strings.Contains(all[8].Message, "more") {
		t.Errorf("%d annotations, the last %q", len(all), all[len(all)-1].Message)
	}
}

func TestJUnitReadsAsXMLWithTheCountsOfItsCases(t *testing.T) {
	t.Parallel()
	r := gate.Report{Problems: []gate.Problem{{Kind: "failed", Name: "p", Text: "it failed"}}}
	for _, status := range []string{"pass", "new", "improved", "undecided", "missing", "regression", "regression"} {
		r.Rows = append(r.Rows, row(status, status))
	}
	for _, name := range hostile {
		r.Rows = append(r.Rows, row(name, "pass"))
	}
	var out bytes.Buffer
	if err := JUnit(&out, r); err != nil {
		t.Fatal(err)
	}
	elements := map[string]int{}
	dec := xml.NewDecoder(&out)
	for {
		token, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		elements[start.Name.Local]++
		if start.Name.Local != "testsuites" {
			continue
		}
		got := map[string]string{}
		for _, a := range start.Attr {
			got[a.Name.Local] = a.Value
		}
		total := fmt.Sprint(8 + len(hostile))
		if got["tests"] != total || got["failures"] != "2" || got["errors"] != "2" || got["skipped"] != "2" {
			t.Errorf("%v, want tests %s, failures 2, errors 2, skipped 2", got, total)
		}
	}
	if elements["testcase"] != 8+len(hostile) || elements["failure"] != 2 || elements["error"] != 2 || elements["skipped"] != 2 {
		t.Errorf("elements %v", elements)
	}
}

func TestABenchmarkIsFoundInTheModuleThatHasItsPackage(t *testing.T) {
	t.Parallel()
	tree := fstest.MapFS{
		"go.mod":                  {Data: []byte("// hello\nmodule example.com/m\n")},
		"a/a.go":                  {Data: []byte("package a\nfunc BenchmarkNot() {}\n")},
		"a/x_test.go":             {Data: []byte("package a\n\nfunc BenchmarkX(b *B) {}\n\nfunc (r R) BenchmarkM(b *B) {}\n")},
		"a/broken_test.go":        {Data: []byte("package")},
		"a/[odd]/x_test.go":       {Data: []byte("package odd\nfunc BenchmarkOdd() {}\n")},
		"nested/go.mod":           {Data: []byte("module \"example.com/m/nested\"\n")},
		"nested/y_test.go":        {Data: []byte("package nested\nfunc BenchmarkY() {}\n")},
		"a/testdata/go.mod":       {Data: []byte("module example.com/m/a\n")},
		"vendor/v/go.mod":         {Data: []byte("module example.com/m/a\n")},
		"nested/empty/nothing.md": {Data: []byte("")},
	}
	find := Source(tree)
	for _, c := range []struct {
		family, op string
		want       gate.Place
	}{
		{"example.com/m/a", "X", gate.Place{File: "a/x_test.go", Line: 3}},
		{"example.com/m/a", "BenchmarkX/size=10", gate.Place{File: "a/x_test.go", Line: 3}},
		{"example.com/m/a", "M", gate.Place{}},
		{"example.com/m/a", "Not", gate.Place{}},
		{"example.com/m/a/[odd]", "Odd", gate.Place{File: "a/[odd]/x_test.go", Line: 2}},
		{"example.com/m/nested", "Y", gate.Place{File: "nested/y_test.go", Line: 2}},
		{"example.com/m/nested/empty", "Y", gate.Place{}},
		{"example.com/m/../../etc", "X", gate.Place{}},
		{"example.com/max", "X", gate.Place{}},
		{"page", "fill", gate.Place{}},
		{"", "", gate.Place{}},
	} {
		if got := find(c.family, c.op); got != c.want {
			t.Errorf("%s %s: %v, want %v", c.family, c.op, got, c.want)
		}
	}
}
