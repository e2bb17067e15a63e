package samples

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assay/runner/result"
	"assay/runner/samples/whole"
)

func testResult() result.Result {
	x, n := 758.7, 91.2
	key := result.Key{Family: "page", Op: "fill", Workload: "realistic"}
	return result.Result{
		Run: "r", Command: []string{"assay", "run"}, Seed: 1 << 63, Host: testHead().Host,
		Cases: []result.Case{{Key: key, Variant: "nibble#2", Units: map[string]result.Stat{
			"entries/page": {Mean: &x, N: 206, Better: "higher", Exact: true}, "ns/op": {Median: &n, N: 40, Better: "lower"},
		}}},
		Comparisons: []result.Comparison{{Key: key, Unit: "ns/op", Ratio: 1.0 / 3, Verdict: "faster", Wall: &result.Estimate{Ratio: 0.1}}},
		Wrong:       []result.Wrong{}, Warnings: []string{"a <b> & c\u2028"},
	}
}

func TestAResultReadsBackAsItWas(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := WriteResult(dir, testResult()); err != nil {
		t.Fatal(err)
	}
	got, err := ReadResult(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := testResult()
	want.Schema, want.Sum = resultSchema, got.Sum
	if diff := cmp.Diff(want, got); diff != "" || len(got.Sum) != 16 {
		t.Errorf("sum %q, %s", got.Sum, diff)
	}
	first := read(t, dir, resultFile)
	if err := WriteResult(dir, got); err != nil { // rebuilding is allowed, and changes nothing
		t.Error(err)
	}
	if string(read(t, dir, resultFile)) != string(first) {
		t.Error("writing the same result twice gives two files")
	}
}

func TestAResultThatWasTouchedIsRefusedAndNotOverwritten(t *testing.T) {
	t.Parallel()
	data, err := EncodeResult(testResult())
	if err != nil {
		t.Fatal(err)
	}
	good := string(data)
	for name, c := range map[string]struct{ text, want string }{
		"a number": {strings.Replace(good, "758.7", "999.9", 1), "was changed after it was written: remove it and rebuild it with `assay report "},
		"a field":  {strings.Replace(good, `"seed"`, `"extra": 1, "seed"`, 1), "was changed after it was written"},
		"the sum":  {strings.Replace(good, `"sum": "`, `"sum": "0`, 1), "was changed after it was written"},
		"newer":    {strings.Replace(good, resultSchema, "assay/2", 1), `schema "assay/2", this assay reads "assay/1": use the assay that wrote it`},
		"types":    {`{"schema":"assay/9","cases":{}}`, `schema "assay/9"`},
		"cut":      {good[:len(good)/2], "the file is damaged, remove it and rebuild it with `assay report "},
		"empty":    {"", "result.json:1: unexpected end of JSON input"},
		"a type":   {strings.Replace(good, `"run": "r"`, `"run": 5`, 1), "result.json:3: json: cannot unmarshal"},
		"a list":   {"[]", "result.json:1: "},
	} {
		dir := t.TempDir()
		overwrite(t, []byte(c.text), dir, resultFile)
		_, err := ReadResult(dir)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, want %s", name, err, c.want)
		}
		if err := WriteResult(dir, testResult()); err == nil || string(read(t, dir, resultFile)) != c.text {
			t.Errorf("%s: overwritten (%v)", name, err)
		}
	}
	if _, err := ReadResult(t.TempDir()); !os.IsNotExist(err) {
		t.Errorf("no file: %v", err)
	}
}

func TestFilesAppearWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "report.html")
	overwrite(t, []byte("old"), path)
	f, err := whole.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString("new")
	if string(read(t, path)) != "old" {
		t.Error("the file changed before Close")
	}
	if err := f.Close(); err != nil || string(read(t, path)) != "new" {
		t.Errorf("after Close: %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "taken"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{filepath.Join(path, "inside"), filepath.Join(dir, "no", "such", "folder"), filepath.Join(dir, "taken")} {
		wantError(t, whole.Write(bad, []byte("x")), bad)
	}
	names, err := os.ReadDir(dir)
	if err != nil || len(names) != 2 {
		t.Errorf("left behind: %v, %v", names, err)
	}
}

func FuzzReadResultNeverPanics(f *testing.F) {
	data, err := EncodeResult(testResult())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"schema":"assay/1"}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := parseResult(resultFile, data)
		if err != nil {
			return
		}
		again, err := EncodeResult(r)
		if err != nil || strings.TrimSpace(string(again)) != strings.TrimSpace(string(data)) {
			t.Fatalf("accepted %q, which is not what would be written (%v)", data, err)
		}
	})
}

// A field that another version of assay adds or leaves out is no edit by hand.
func TestAResultOfAnotherVersionIsReadByItsOwnSum(t *testing.T) {
	t.Parallel()
	data, err := EncodeResult(result.Result{Run: "r", Commit: "c"})
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"a field more": {`"seed"`, `"later": [1, {"sum": "x"}], "seed"`}, "a field less": {` "commit": "c",` + "\n", ""},
	} {
		other := bytes.Replace(data, []byte(change[0]), []byte(change[1]), 1)
		if bytes.Equal(other, data) {
			t.Fatalf("%s: nothing was changed", name)
		}
		if _, err := parseResult("f", other); err == nil {
			t.Errorf("%s: an edit by hand was not found", name)
		}
		plain := summed(other, noSum)
		if r, err := parseResult("f", summed(plain, digest(plain))); err != nil || r.Run != "r" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
