package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fence is one fenced block of the README: ```LANGUAGE PATH, then its text.
type fence struct {
	language, path, text string
}

func readme(t *testing.T) (text string, fences []fence) {
	t.Helper()
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?ms)^```(\\w+) ?(\\S*)\n(.*?)^```$").FindAllStringSubmatch(string(data), -1) {
		fences = append(fences, fence{m[1], m[2], m[3]})
	}
	if len(fences) == 0 {
		t.Fatal("README.md has no fenced blocks: the pattern of this test is wrong")
	}
	return string(data), fences
}

// Every command of a console block is run as it is written, in order, in one
// folder. The lines under it must be what it prints on either output; a line
// of dots stands for any number of lines.
func TestTheConsoleExamplesOfTheReadmePrintWhatTheyShow(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("measures for some seconds: run without -short")
	}
	_, fences := readme(t)
	dir, ran := t.TempDir(), 0
	for _, f := range fences {
		if f.language != "console" {
			continue
		}
		for _, example := range strings.Split("\n"+f.text, "\n$ ")[1:] {
			command, shown, _ := strings.Cut(strings.TrimSuffix(example, "\n"), "\n")
			sh := exec.Command("sh", "-c", command)
			sh.Dir, sh.Env = dir, append(os.Environ(), "TMPDIR="+dir)
			out, err := sh.CombinedOutput()
			if err != nil {
				t.Fatalf("%s: %v\n%s", command, err, out)
			}
			if !printed(shown, string(out)) {
				t.Errorf("%s\nprints:\n%s\nREADME.md shows:\n%s", command, out, shown)
			}
			ran++
		}
	}
	if ran < 5 {
		t.Errorf("only %d examples were run: the pattern of this test is wrong", ran)
	}
}

// printed matches output against lines in which "..." means any lines.
func printed(shown, out string) bool {
	pattern := `\A`
	for _, line := range strings.Split(strings.TrimRight(shown, "\n"), "\n") {
		if line == "..." {
			pattern += `(.*\n)*?`
		} else {
			pattern += regexp.QuoteMeta(line) + ` *\n`
		}
	}
	return regexp.MustCompile(pattern + `\z`).MatchString(strings.TrimRight(out, "\n") + "\n")
}

func TestDotsStandForAnyLinesAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		shown, out string
		want       bool
	}{
		{"a\n...\nc", "a\nb\nb\nc\n", true},
		{"a\n...\nc", "a\nc\n", true},
		{"a\n...", "a\n", true},
		{"...", "", true},
		{"a\n...\nc", "a\nb\n", false},
		{"a", "a\nb\n", false},
		{"b", "a\nb\n", false},
	} {
		if got := printed(c.shown, c.out); got != c.want {
			t.Errorf("printed(%q, %q) = %v", c.shown, c.out, got)
		}
	}
}

// The lines of sh blocks start make; bench takes minutes, so that make is only
// asked what it would do.
func TestTheMakeTargetsOfTheReadmeExist(t *testing.T) {
	t.Parallel()
	_, fences := readme(t)
	for _, f := range fences {
		if f.language != "sh" {
			continue
		}
		for line := range strings.Lines(f.text) {
			command, _, _ := strings.Cut(line, "#")
			words := strings.Fields(command)
			if len(words) == 0 || words[0] != "make" {
				t.Fatalf("README.md: sh blocks hold make commands, and this is none: %s", line)
			}
			out, err := exec.Command("make", append([]string{"-n", "-C", "../.."}, words[1:]...)...).CombinedOutput()
			if err != nil {
				t.Errorf("%s: %v\n%s", command, err, out)
			}
		}
	}
}

// Adding a variant takes the two edits that the README shows: a file, and a
// line above an existing one. They are laid over the tree, and the result built and run.
func TestTheTwoEditsOfTheReadmeAddAVariant(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds a program: run without -short")
	}
	_, fences := readme(t)
	dir := t.TempDir()
	overlay := map[string]string{}
	for _, f := range fences {
		if f.language != "go" || !strings.HasPrefix(f.path, "engines/") {
			continue
		}
		place, err := filepath.Abs(filepath.Join("../..", f.path))
		if err != nil {
			t.Fatal(err)
		}
		edited := filepath.Join(dir, filepath.Base(f.path))
		if old, err := os.ReadFile(place); err == nil {
			f.text = withLine(t, string(old), f.text)
		}
		if err := os.WriteFile(edited, []byte(f.text), 0o644); err != nil {
			t.Fatal(err)
		}
		overlay[place] = edited
	}
	if len(overlay) != 2 {
		t.Fatalf("README.md shows %d edits under engines/, want 2", len(overlay))
	}
	data, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "assay")
	if out, err := exec.Command("go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	out := runIn(t, dir, program, "run", "page/get-hit", "--variants", "raw,raw-linear", "--smoke")
	if !strings.Contains(out, "raw-linear") || strings.Contains(out, "FAILED") || strings.Contains(out, "WRONG") {
		t.Errorf("the variant was not measured:\n%s", out)
	}
}

// withLine puts the last line of an edit below its first, which the file has.
func withLine(t *testing.T, file, edit string) string {
	t.Helper()
	above, _, _ := strings.Cut(edit, "\n")
	head, tail, found := strings.Cut(file, above+"\n")
	if !found {
		t.Fatalf("README.md puts a line below one that is not there: %s", above)
	}
	return head + edit + tail
}

func TestTheReadmeHasASentenceForEveryPackage(t *testing.T) {
	t.Parallel()
	text, _ := readme(t)
	out, err := exec.Command("go", "list", "../../...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range strings.Fields(string(out)) {
		name := strings.TrimPrefix(path, "assay/")
		if !strings.Contains(name, "internal/") && !described(text, name) {
			t.Errorf("README.md has no sentence for package %s: add a row to its table of packages", name)
		}
	}
}

// described finds the row of a package, or of the packages under a folder.
func described(text, name string) bool {
	for row := name; ; row = path.Dir(row) + "/..." {
		if strings.Contains(text, "| `"+row+"` | ") {
			return true
		}
		if name = strings.TrimSuffix(row, "/..."); path.Dir(name) == "." {
			return false
		}
		row = name
	}
}
