package workloads

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// zipped packs text.
func zipped(text string) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write([]byte(text)) // a bytes.Buffer takes everything
	_ = w.Close()
	return out.String()
}

func TestReadTrace(t *testing.T) {
	t.Parallel()
	numbers := trace{keys: []uint64{5, 255, 5}}
	pairs := trace{keys: []uint64{5, 6}, values: []uint64{7, 8}}
	words := trace{keys: []uint64{0, 1, 0, 2}, texts: []string{"b", "a c", "7"}}
	for text, want := range map[string]trace{
		"5\n0xff\n5\n":                   numbers,
		"# head\n\n  5 \r\n0xff\r\n\n 5": numbers,
		zipped("5\n0xff\n5\n"):           numbers,
		"\ufeff5\n0xff\n5\n":             numbers,
		"5,7\n6,8\n":                     pairs,
		" 5 , 7\n6\t,0x8":                pairs,
		"b\na c\nb\n7\n":                 words,
		"b,1\n# no row\nb,2\n":           {keys: []uint64{0, 0}, values: []uint64{1, 2}, texts: []string{"b"}},
		"-5\n":                           {keys: []uint64{0}, texts: []string{"-5"}},
	} {
		got, err := readTrace(strings.NewReader(text), "x")
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if diff := cmp.Diff(&want, got, cmp.AllowUnexported(trace{}), cmpopts.IgnoreFields(trace{}, "asText")); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestMalformedLinesAreNamedByFileLineAndColumn(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, text := range []string{
		"", "# only\n\n", "1\n2\nthree\n", "1,2\n3,four\n", "1,2\n3,  four\n", "1,2\n3\n", "1\n2,3\n", "1,2,3\n",
		"1,\n", ",2\n", "  ,2\n", "a,b\n", "a\n\n# x\nb,c,d\n", "1\n  x\n", "18446744073709551615\n18446744073709551616\n",
		"\x1f\x8bnot gzip", zipped("1\nx\n"), zipped("1\n2\n")[:20], "1\n" + strings.Repeat("2", maxLine+1),
	} {
		_, err := readTrace(strings.NewReader(text), "FILE")
		if err == nil {
			t.Errorf("%q is no error", text)
		}
		fmt.Fprintf(&out, "%.40q\n    %v\n", text, err)
	}
	golden(t, "malformed-traces.golden.txt", out.String())
}

func TestReplayReadsAFileAndItsValues(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a=b.csv")
	if err := os.WriteFile(path, []byte("30,1\n10,2\n30,3\n20,4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	pairs := func(text string, count int) (got [][2]uint64) {
		for _, e := range load(t, text, count).Entries {
			got = append(got, [2]uint64{e.Key, e.Value})
		}
		return got
	}
	// The second 30 is within the window of the first.
	if diff := cmp.Diff([][2]uint64{{30, 1}, {10, 2}, {20, 4}}, pairs("replay:"+path, 0)); diff != "" {
		t.Errorf("keys and values: %s", diff)
	}
	if diff := cmp.Diff([][2]uint64{{0, 30}, {1, 10}, {2, 30}, {3, 20}, {4, 30}}, pairs("sequential,values=replay:"+path, 5)); diff != "" {
		t.Errorf("values= takes the keys of a file: %s", diff)
	}
	if s, _ := Parse("replay:" + path); s.Text() != nil {
		t.Error("numbers are called strings")
	}
	if s, _ := Parse("replay:" + path + ".none"); s.Text() != nil {
		t.Error("a missing file is called strings")
	}
}

func FuzzReadTrace(f *testing.F) {
	for _, text := range []string{"1\n2\n", "1,2\n3,4\n", "a\nb\na\n", "a,1\n", "#\n\n1", ",", "1,2,3", "\x1f\x8b", zipped("1\n2\n")} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		got, err := readTrace(bytes.NewReader(content), "x")
		if err != nil {
			return
		}
		if len(got.keys) == 0 || got.values != nil && len(got.values) != len(got.keys) {
			t.Fatalf("%d keys, %d values", len(got.keys), len(got.values))
		}
		for _, key := range got.keys {
			if got.texts != nil && key >= uint64(len(got.texts)) {
				t.Fatalf("key %d of %d texts", key, len(got.texts))
			}
		}
	})
}

// The README and the list of names say these figures.
func TestShippedTracesAreWhatTheirNotesSay(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("traces/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct {
		rows, distinct int
		said           string
	}{
		"zip-entries":    {20_609, 20_609, "20,609"},
		"go-identifiers": {11_840, 11_840, "11,840"},
	} {
		s, err := parseShape(name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := loadTrace(s)
		if err != nil {
			t.Fatal(err)
		}
		distinct := make(map[uint64]bool)
		for _, key := range got.keys {
			distinct[key] = true
		}
		if len(got.keys) != want.rows || len(distinct) != want.distinct {
			t.Errorf("%s: %d rows, %d distinct; want %d, %d", name, len(got.keys), len(distinct), want.rows, want.distinct)
		}
		docs := string(readme)
		for _, n := range shipped() {
			docs += n.Doc
		}
		if strings.Count(docs, want.said) < 2 {
			t.Errorf("%s: the README or the list of names does not say %s rows", name, want.said)
		}
	}
}

func TestZipEntriesDoNotOverlap(t *testing.T) {
	t.Parallel()
	d := load(t, "zip-entries", 0)
	end := uint64(0)
	for _, e := range d.Entries {
		if e.Key < end || e.Value == 0 || e.Value > math.MaxUint32 {
			t.Fatalf("entry %+v begins before %d, the end of the last", e, end)
		}
		end = e.Key + e.Value
	}
}
