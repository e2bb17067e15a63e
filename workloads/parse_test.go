package workloads

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with a file of testdata.
func golden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (write it anew with -update if that is meant):\n%s", path, diff)
	}
}

func TestCanonicalText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"realistic":                        "realistic",
		" realistic , count=40000 ":        "realistic,count=40000",
		"keys=uniform:0x10-0020":           "uniform:16-20",
		"count=0x10,keys=full":             "full,count=16",
		"values=zipf:1.10,keys=sequential": "sequential,values=zipf:1.1",
		"mixture:01@07+0x2@16":             "mixture:1@7+2@16",
		"hotspot:.20/0.80,universe=100":    "hotspot:0.2/0.8,universe=100",
		"replay:a=b.csv,count=3":           "replay:a=b.csv,count=3",
		"keys=replay:dir/x.gz,values=full": "replay:dir/x.gz,values=full",
		"zip-entries,access=zipf:1":        "zip-entries,access=zipf:1",
		"batch=64,keys=realistic":          "realistic,batch=64",
		"valuebytes=random,keys=full,valuesize=9,keyformat=key_,keysize=30": "full,keysize=30,keyformat=key_,valuesize=9,valuebytes=random",
	} {
		s, err := Parse(text)
		if err != nil {
			t.Error(err)
		} else if s.String() != want {
			t.Errorf("%q becomes %q, want %q", text, s, want)
		}
	}
}

func TestMalformedSpecsNameTheFieldAndTheRule(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, text := range []string{
		"", ",", "realistic,", "realstic", "nothing-like-it", "unifrom:1-2",
		"realistic,cuont=5", "realistic,colour=red", "realistic,count", "realistic,full", "count=5", "keys=",
		"realistic,count=0", "realistic,count=1073741825", "realistic,count=1e6", "realistic,count=-1", "realistic,count=5,count=6",
		"uniform", "uniform:5", "uniform:5-3", "uniform:-1-3", "uniform:0-18446744073709551616", "uniform:a-3", "uniform:1_0-30",
		"sequential:5", "gaps:5", "gaps:0/5", "gaps:5/4", "gaps:1/NaN", "gaps:1/1099511627777", "clustered:1/2", "clustered:0.5/2/3", "clustered:9/0/3", "clustered:9/2/0", "zipf:0", "zipf:-1", "zipf:NaN", "zipf:101", "zipf:x", "zipf:1.1,universe=1", "zipf:1.1,universe=9007199254740993",
		"realistic,universe=5", "hotspot:0.5", "hotspot:0/0.5", "hotspot:0.5/1", "hotspot:0.5/Inf",
		"mixture:", "mixture:5", "mixture:0@5", "mixture:5@0", "mixture:5@65", "mixture:4294967296@5", "mixture:1@5+",
		"mixture:" + strings.Repeat("1@1+", 64) + "1@1",
		"loguniform:0", "loguniform:65", "replay:", "replay:a,b.csv",
		"realistic,access=random", "realistic,access=unifrom", "realistic,access=zipf:0", "realistic,access=mixture:1@5",
		"realistic,keysize=0", "realistic,keyformat=octal", "realistic,keyformat=hexx", "realistic,valuesize=1048577", "realistic,valuebytes=rand", "realistic,batch=0", "realistic,batch=48", "realistic,batch=2097152",
		"realistic,values=unifrm:1-2",
	} {
		_, err := Parse(text)
		if err == nil {
			t.Errorf("%q is no error", text)
			continue
		}
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: more than a line: %q", text, err)
		}
		if len(text) > 60 {
			err = fmt.Errorf("%s", strings.ReplaceAll(err.Error(), text, text[:20]+"..."))
		}
		fmt.Fprintln(&out, err)
	}
	golden(t, "malformed.golden.txt", out.String())
}

func TestEveryNameParsesAsItself(t *testing.T) {
	t.Parallel()
	names := Names()
	if len(names) != len(presets())+len(shipped())+len(forms()) {
		t.Fatalf("%d names", len(names))
	}
	for _, n := range names {
		if n.Doc == "" || strings.Contains(n.Doc, "\n") || n.Kind == "" {
			t.Errorf("%s: kind %q, doc %q", n.Name, n.Kind, n.Doc)
		}
		if n.Example == "" {
			if n.Name != "replay:FILE" {
				t.Errorf("%s has no example", n.Name)
			}
			continue
		}
		if s, err := Parse(n.Example); err != nil || s.String() != n.Example {
			t.Errorf("%s: the example %q becomes %q, %v", n.Name, n.Example, s, err)
		}
	}
}

func TestWithCountStaysOutOfTheTextUnlessACountWasWritten(t *testing.T) {
	t.Parallel()
	plain, _ := Parse("realistic")
	written, _ := Parse("realistic,count=5")
	for _, c := range []struct {
		spec  Spec
		count int
		text  string
	}{
		{plain, 0, "realistic"},
		{plain.WithCount(7), 7, "realistic"},
		{plain.WithCount(7).WithCount(8), 8, "realistic"},
		{plain.WithCount(7).WithCount(0), 0, "realistic"},
		{plain.WithCount(-7), 0, "realistic"},
		{written, 5, "realistic,count=5"},
		{written.WithCount(7), 7, "realistic,count=7"},
		{written.WithCount(0).WithCount(6), 6, "realistic"},
	} {
		if c.spec.Count() != c.count || c.spec.String() != c.text {
			t.Errorf("count %d, text %q; want %d, %q", c.spec.Count(), c.spec, c.count, c.text)
		}
	}
	swept, err := plain.WithCount(7).With("count", "9")
	if again, _ := Parse("realistic,count=9"); err != nil || swept != again {
		t.Errorf("With gives %+v, %v; want %+v", swept, err, again)
	}
}

func TestWithSetsAFieldAsIfWritten(t *testing.T) {
	t.Parallel()
	s, _ := Parse("zipf:1.1,count=5")
	for _, c := range [][3]string{
		{"universe", "900", "zipf:1.1,count=5,universe=900"},
		{"keys", "full", "full,count=5"},
		{"valuesize", "0x10", "zipf:1.1,count=5,valuesize=16"},
	} {
		if with, err := s.With(c[0], c[1]); err != nil || with.String() != c[2] {
			t.Errorf("%s=%s gives %q, %v", c[0], c[1], with, err)
		}
	}
	for _, c := range [][3]string{
		{"univrese", "900", "did you mean universe?"},
		{"count", "many", `"many" is not a number from 1`},
		{"keys", "replay:a,b", "comma"},
	} {
		if _, err := s.With(c[0], c[1]); err == nil || !strings.Contains(err.Error(), c[2]) {
			t.Errorf("%s=%s: %v, want %q", c[0], c[1], err, c[2])
		}
	}
	if _, err := (Spec{}).With("count", "5"); err == nil {
		t.Error("the zero Spec takes a count")
	}
	if with, _ := Parse("zipf:1.1,universe=50"); with != (Spec{}) {
		if _, err := with.With("keys", "full"); err == nil {
			t.Error("universe outlives the zipf it was for")
		}
	}
}

// anySpec draws the text of a valid workload.
func anySpec(t *rapid.T) string {
	number := rapid.Uint64Range(1, 1<<20)
	anyLaw := rapid.Custom(func(t *rapid.T) string {
		n, m := number.Draw(t, "n"), number.Draw(t, "m")
		return rapid.SampledFrom([]string{
			"realistic", "full", "sequential", "zip-entries", "go-identifiers", "replay:x y=z.gz",
			fmt.Sprintf("uniform:%d-%#x", min(n, m), max(n, m)),
			fmt.Sprintf("zipf:%g", float64(n)/(1<<18)),
			fmt.Sprintf("hotspot:%g/%g", float64(n)/(1<<21), float64(m)/(1<<21)),
			fmt.Sprintf("mixture:%d@%d+%d@%d", n, m%64+1, m, n%64+1),
			fmt.Sprintf("loguniform:%d", n%64+1),
			fmt.Sprintf("gaps:%d/%d.25", min(n, m), max(n, m)),
			fmt.Sprintf("clustered:%d/%d/%d", n, m, n),
		}).Draw(t, "law")
	})
	parts := []string{"keys=" + anyLaw.Draw(t, "keys")}
	optional := []string{
		"values=" + anyLaw.Draw(t, "values"),
		fmt.Sprintf("count=%d", number.Draw(t, "count")),
		"access=" + rapid.SampledFrom([]string{"uniform", "sequential", "zipf:0.99", "hotspot:0.10/0.9"}).Draw(t, "access"),
		fmt.Sprintf("keysize=%d", number.Draw(t, "keysize")),
		"keyformat=" + rapid.SampledFrom([]string{"hex", "decimal", "key_"}).Draw(t, "format"),
		fmt.Sprintf("valuesize=%d", number.Draw(t, "valuesize")),
		"valuebytes=" + rapid.SampledFrom([]string{"zero", "random"}).Draw(t, "bytes"),
	}
	for _, part := range optional {
		if rapid.Bool().Draw(t, "given") {
			parts = append(parts, part)
		}
	}
	return strings.Join(rapid.Permutation(parts).Draw(t, "order"), ",")
}

func TestParsingTheCanonicalTextGivesTheSameSpec(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := anySpec(t)
		s, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := Parse(s.String()); err != nil || again != s {
			t.Fatalf("%q becomes %q, then %q, %v", text, s, again, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, n := range Names() {
		f.Add(n.Example + ",count=5")
	}
	f.Add("keys=replay:a=b,values=hotspot:1e-3/0.5,access=zipf:2,universe=9,keysize=3")
	f.Add("replay: x,count=0x5")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		if err != nil {
			return
		}
		if again, err := Parse(s.String()); err != nil || again != s {
			t.Fatalf("%q becomes %q, then %q, %v", text, s, again, err)
		}
	})
}

func TestNearestFindsSlipsAndNothingFarther(t *testing.T) {
	t.Parallel()
	words := []string{"uniform", "universe", "zipf", "count", "hex"}
	for word, want := range map[string]string{
		"unifrom": "uniform", "uniforms": "uniform", "zpif": "zipf", "cuont": "count", "conut": "count",
		"hexx": "hex", "zip": "zipf", "universe": "universe", "": "", "abcdefg": "", "xyz": "", "counting": "",
	} {
		if got := Nearest(word, words); got != want {
			t.Errorf("nearest to %q is %q, want %q", word, got, want)
		}
	}
}
