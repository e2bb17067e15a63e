package tidy

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the expected findings in testdata")

// Each archive is a small tree that breaks rules, with what tidy must say of
// it in a file called want.
func TestEachRuleNamesThePlaceAndTheMend(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives in testdata: %v", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := findingsIn(t, archive)
			want := &archive.Files[len(archive.Files)-1]
			if want.Name != "want" {
				t.Fatalf("%s: the last file must be called want", name)
			}
			if *update {
				want.Data = got
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want.Data), string(got)); diff != "" {
				t.Errorf("findings differ (-want +got):\n%s", diff)
			}
		})
	}
}

func findingsIn(t *testing.T, archive *txtar.Archive) []byte {
	t.Helper()
	tree := fstest.MapFS{}
	for _, f := range archive.Files[:len(archive.Files)-1] {
		data := f.Data
		if n, ok := bytes.CutPrefix(data, []byte("LINES ")); ok { // a long file in one line
			var lines int
			if _, err := fmt.Sscan(string(n), &lines); err != nil {
				t.Fatal(err)
			}
			data = append([]byte("package "+filepath.Base(filepath.Dir(f.Name))+"\n"), bytes.Repeat([]byte("//\n"), lines-1)...)
		}
		tree[f.Name] = &fstest.MapFile{Data: data}
	}
	house, err := load(tree, []string{"/somewhere/assay", "/home/somebody"})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, f := range house.findings() {
		fmt.Fprintf(&out, "%s: %s: %s\n", f.rule, f.place, f.text)
	}
	return out.Bytes()
}

func TestAnExcuseThatExcusesNothingIsReported(t *testing.T) {
	t.Parallel()
	findings := []finding{{"time", "a/b.go:3", "x"}, {"time", "a/bc.go:3", "y"}, {"docs", "a/b.go:1", "z"}}
	left, idle := excuseAll(findings, []excuse{{"time", "a/b.go", "why"}, {"time", "gone.go", "why"}})
	if len(left) != 2 || left[0].text != "y" || left[1].text != "z" {
		t.Errorf("left %v, want y and z", left)
	}
	if len(idle) != 1 || idle[0].file != "gone.go" {
		t.Errorf("idle %v, want gone.go", idle)
	}
}
