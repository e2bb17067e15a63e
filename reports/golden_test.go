package reports

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"assay/reports/internal/fixture"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestEveryFormatMatchesItsGolden(t *testing.T) {
	t.Parallel()
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			var got bytes.Buffer
			if err := f.Write(fixture.Page(), &got); err != nil {
				t.Fatal(err)
			}
			golden(t, "page"+f.Ext, normal(got.Bytes()))
		})
	}
}

func TestColouredTextMatchesItsGolden(t *testing.T) {
	t.Parallel()
	var got bytes.Buffer
	if err := Text(&got, fixture.Page(), TextOptions{Colour: true, Width: 160}); err != nil {
		t.Fatal(err)
	}
	golden(t, "page-colour-160.txt", got.Bytes())
}

func TestTwoRevisionsReadLikeBenchstat(t *testing.T) {
	t.Parallel()
	var got bytes.Buffer
	if err := Text(&got, fixture.Revisions(), TextOptions{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "revisions.txt", got.Bytes())
}

// normal drops from a page what has tests of its own: the drawings, the style
// sheet, the scripts and their data.
func normal(page []byte) []byte {
	page = regexp.MustCompile(`(?s)<svg viewBox.*?</svg>`).ReplaceAll(page, []byte("<svg/>"))
	page = regexp.MustCompile(`(?s)<style>.*?</style>`).ReplaceAll(page, []byte("<style/>"))
	page = regexp.MustCompile(`(?s)(<script[^>]*>).*?</script>`).ReplaceAll(page, []byte("$1</script>"))
	return regexp.MustCompile(`sha256-(&#43;|[A-Za-z0-9/=])+`).ReplaceAll(page, []byte("sha256-…"))
}

// golden compares bytes with a file in testdata, or rewrites it under -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the test with -update to make it)", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got); run the test with -update if that is meant:\n%s", path, diff)
	}
}
