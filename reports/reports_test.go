package reports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"assay/profiles/flame"
	"assay/reports/internal/fixture"
	"assay/runner/result"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/perf/benchfmt"
)

func render(t *testing.T, name string, v View) string {
	t.Helper()
	for _, f := range Formats() {
		if f.Name == name {
			var out bytes.Buffer
			if err := f.Write(v, &out); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return out.String()
		}
	}
	t.Fatalf("no format %s", name)
	return ""
}

func TestSameViewGivesSameBytes(t *testing.T) {
	t.Parallel()
	for _, f := range Formats() {
		if a, b := render(t, f.Name, fixture.Hostile()), render(t, f.Name, fixture.Hostile()); a != b {
			t.Errorf("%s: two renderings differ:\n%s", f.Name, cmp.Diff(a, b))
		}
	}
}

func TestRenderingLeavesTheViewAlone(t *testing.T) {
	t.Parallel()
	v := fixture.Hostile()
	for _, f := range Formats() {
		render(t, f.Name, v)
	}
	sameGraph := cmp.Comparer(func(a, b *flame.Graph) bool {
		one, errOne := a.JSON()
		two, errTwo := b.JSON()
		return errOne == nil && errTwo == nil && bytes.Equal(one, two)
	})
	if diff := cmp.Diff(fixture.Hostile(), v, sameGraph); diff != "" {
		t.Errorf("a renderer changed its input:\n%s", diff)
	}
}

func TestEmptyViewRendersInEveryFormat(t *testing.T) {
	t.Parallel()
	for _, f := range Formats() {
		if out := render(t, f.Name, View{}); out == "" && f.Name != "benchfmt" {
			t.Errorf("%s: an empty view gives no report at all", f.Name)
		}
	}
}

func TestTextFitsItsWidth(t *testing.T) {
	t.Parallel()
	for _, line := range strings.Split(render(t, "text", fixture.Page()), "\n") {
		if n := utf8.RuneCountInString(line); n > defaultWidth {
			t.Errorf("%d columns, more than %d: %s", n, defaultWidth, line)
		}
	}
}

func TestTextLetsNoControlCharacterThrough(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"text", "markdown", "csv", "benchfmt"} {
		for _, r := range render(t, format, fixture.Hostile()) {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
				t.Errorf("%s: control character %U", format, r)
				break
			}
		}
	}
	var out bytes.Buffer
	if err := Text(&out, fixture.Hostile(), TextOptions{Colour: true}); err != nil {
		t.Fatal(err)
	}
	rest := regexp.MustCompile("\x1b\\[(0|1|2|31|32|1;31)m").ReplaceAllString(out.String(), "")
	if i := strings.IndexByte(rest, 0x1b); i >= 0 {
		t.Errorf("an escape sequence that is not ours: %q", rest[i:min(i+40, len(rest))])
	}
}

func TestMarkdownNamesStayInTheirCells(t *testing.T) {
	t.Parallel()
	md := render(t, "markdown", fixture.Hostile())
	bare := regexp.MustCompile(`\\.`).ReplaceAllString(md, "")
	columns := 0
	for _, line := range strings.Split(bare, "\n") {
		if !strings.HasPrefix(line, "|") {
			columns = 0
			if fence := strings.HasPrefix(line, "assay "); strings.Contains(line, "<") && !fence {
				t.Errorf("a tag outside a table and a code block: %s", line)
			}
			continue
		}
		if n := strings.Count(line, "|"); columns == 0 {
			columns = n
		} else if n != columns {
			t.Errorf("%d pipes in a table of %d: %s", n, columns, line)
		}
		if strings.ContainsAny(line, "<`") {
			t.Errorf("unescaped markup in a cell: %s", line)
		}
	}
}

func TestMarkdownOfAHugeRunFitsACommentAndKeepsWhatMatters(t *testing.T) {
	t.Parallel()
	md := render(t, "markdown", fixture.Huge())
	if len(md) > 65_536 {
		t.Errorf("%d bytes", len(md))
	}
	for _, want := range []string{"WRONG", "do not fit a comment", "Published figures", "Null control"} {
		if !strings.Contains(md, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

func TestCSVHoldsEveryFigureUnderItsHeading(t *testing.T) {
	t.Parallel()
	for _, v := range []View{fixture.Page(), fixture.Hostile()} {
		records, err := csv.NewReader(strings.NewReader(render(t, "csv", v))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int{"comparison": len(v.Result.Comparisons), "control": 1, "claim": len(v.Result.Claims), "wrong": len(v.Result.Wrong), "failed": len(v.Result.Failed)}
		for _, c := range v.Result.Cases {
			want["case"] += len(c.Units)
		}
		got := map[string]int{}
		for _, r := range records[1:] {
			got[r[0]]++
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("rows by kind (-want +got):\n%s", diff)
		}
	}
}

func TestCSVLinesUseOnlyNamedColumns(t *testing.T) {
	t.Parallel()
	for _, l := range csvLines(fixture.Page().Result) {
		for name := range l {
			if !slices.Contains(csvColumns(), name) {
				t.Fatalf("column %q is written and has no heading: its figures are lost", name)
			}
		}
	}
}

func TestJSONReadsBackAsTheSameResult(t *testing.T) {
	t.Parallel()
	v := fixture.Page()
	var back result.Result
	if err := json.Unmarshal([]byte(render(t, "json", v)), &back); err != nil {
		t.Fatal(err)
	}
	back.Sum = "" // the digest of the file
	if diff := cmp.Diff(v.Result, back); diff != "" {
		t.Errorf("the result changed on its way through JSON:\n%s", diff)
	}
	if out := render(t, "json", View{}); strings.Contains(out, `"wrong": null`) {
		t.Error("a list of the schema is null")
	}
}

func TestBenchFormatReadsBack(t *testing.T) {
	t.Parallel()
	v := fixture.Hostile()
	want, got := 0, 0
	for _, c := range v.Result.Cases {
		want += len(c.Units)
	}
	r := benchfmt.NewReader(strings.NewReader(render(t, "benchfmt", v)), "report")
	for r.Scan() {
		switch rec := r.Result().(type) {
		case *benchfmt.Result:
			got += len(rec.Values)
		case *benchfmt.SyntaxError:
			t.Fatal(rec)
		}
	}
	if got != want {
		t.Errorf("%d figures read back of %d", got, want)
	}
}

// folder is a report's folder in memory.
type folder struct {
	files  map[string][]byte
	closed int
	fail   string // "create", "write" or "close"
}

type memory struct {
	data []byte
	name string
	to   *folder
}

var errDisk = errors.New("no space left")

func (m *memory) Write(p []byte) (int, error) {
	if m.to.fail == "write" {
		return 0, errDisk
	}
	m.data = append(m.data, p...)
	return len(p), nil
}

func (m *memory) Close() error {
	m.to.closed++
	if m.to.fail == "close" {
		return errDisk
	}
	m.to.files[m.name] = m.data
	return nil
}

func (f *folder) create(name string) (io.WriteCloser, error) {
	if f.fail == "create" {
		return nil, errDisk
	}
	if _, dup := f.files[name]; dup {
		return nil, errors.New(name + " is written twice")
	}
	return &memory{name: name, to: f}, nil
}

func TestWriteAllMakesTheWholeFolderTheSameTwice(t *testing.T) {
	t.Parallel()
	a, b := folder{files: map[string][]byte{}}, folder{files: map[string][]byte{}}
	for _, f := range []*folder{&a, &b} {
		if err := WriteAll(fixture.Page(), f.create); err != nil {
			t.Fatal(err)
		}
	}
	if !maps.EqualFunc(a.files, b.files, bytes.Equal) {
		t.Error("two reports of one view differ")
	}
	for _, name := range []string{"report.md", "index.html", "density-page-fill-entries-page.svg", "ratio-page-get-hit.png", "front-page-get-hit.svg", "restarts-page-scan.png"} {
		if len(a.files[name]) == 0 {
			t.Errorf("%s is missing", name)
		}
	}
	safe := regexp.MustCompile(`^[a-z0-9-]+\.(md|html|svg|png)$`)
	for name := range a.files {
		if !safe.MatchString(name) {
			t.Errorf("file name %q", name)
		}
	}
}

func TestWriteAllHandsOnEveryErrorAndCloses(t *testing.T) {
	t.Parallel()
	for _, fail := range []string{"create", "write", "close"} {
		f := folder{files: map[string][]byte{}, fail: fail}
		if err := WriteAll(fixture.Page(), f.create); !errors.Is(err, errDisk) {
			t.Errorf("%s fails, error is %v", fail, err)
		}
		if fail != "create" && f.closed != 1 {
			t.Errorf("%s fails: %d files closed, want the one opened", fail, f.closed)
		}
	}
}
