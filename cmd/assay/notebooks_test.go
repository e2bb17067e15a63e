package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// cell is what the tests read of a notebook.
type cell struct {
	Kind    string           `json:"cell_type"`
	Count   *int             `json:"execution_count"`
	Source  []string         `json:"source"`
	Outputs []map[string]any `json:"outputs"`
}

const largestNotebook = 300 << 10

// machinePath is a path that means something on one machine only.
var machinePath = regexp.MustCompile(`(^|[\s"'=:(])/(tmp|home|root|work|usr|var|opt)/`)

// The notebooks are executed by `make notebooks`; what is committed is held to
// what a reader and a reviewer need.
func TestCommittedNotebooksAreSmallExecutedAndFreeOfMachinePaths(t *testing.T) {
	t.Parallel()
	files := notebooks(t)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(data) > largestNotebook {
				t.Errorf("%d bytes, at most %d", len(data), largestNotebook)
			}
			if path := machinePath.FindString(string(data)); path != "" {
				t.Errorf("it holds a path of somebody's machine: %s", path)
			}
			var n struct{ Cells []cell }
			if err := json.Unmarshal(data, &n); err != nil {
				t.Fatal(err)
			}
			holdsWhatAReaderNeeds(t, n.Cells)
		})
	}
}

func holdsWhatAReaderNeeds(t *testing.T, cells []cell) {
	t.Helper()
	text, outputs := "", 0
	for i, c := range cells {
		source := strings.Join(c.Source, "")
		text += source + "\n"
		if c.Kind != "code" {
			continue
		}
		if c.Count == nil {
			t.Errorf("cell %d was not executed: make notebooks WRITE=1", i+1)
		}
		outputs += len(c.Outputs)
		for _, o := range c.Outputs {
			if o["output_type"] == "error" || o["name"] == "stderr" {
				t.Errorf("cell %d shows an error: %v", i+1, o)
			}
		}
	}
	if len(cells) == 0 || !strings.HasPrefix(text, "# ") {
		t.Error("it does not open with a title")
	}
	for _, part := range []string{"**What we ask.**", "erdict", "**What to try next.**"} {
		if !strings.Contains(text, part) {
			t.Errorf("it lacks %q", part)
		}
	}
	if outputs < 3 {
		t.Errorf("only %d outputs", outputs)
	}
}

func TestTheREADMELinksEachNotebookWithItsVerdict(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range notebooks(t) {
		row := regexp.MustCompile(`(?m)^\| \[[^\]]+\]\(notebooks/` + regexp.QuoteMeta(filepath.Base(file)) + `\) \| .{20,} \|$`)
		if !row.Match(readme) {
			t.Errorf("README.md has no row that links %s and says its verdict", filepath.Base(file))
		}
	}
	for _, link := range regexp.MustCompile(`notebooks/[\w-]+\.ipynb`).FindAllString(string(readme), -1) {
		if _, err := os.Stat(filepath.Join("../..", link)); err != nil {
			t.Errorf("README.md links %s, which is not there", link)
		}
	}
}

func notebooks(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../notebooks/*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatalf("no notebooks: %v", err)
	}
	return files
}
