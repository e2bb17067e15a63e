// Package note gives lab notebooks what they need, so that their cells stay
// short: run the laboratory, and show tables and figures of what it measured.
// Whatever is shown comes from results; nothing is typed in.
//
// A mistake ends the cell with one line and a non-zero exit, which the program
// that executes the notebooks finds.
package note

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/janpfeifer/gonb/gonbui"

	"assay/runner/result"
)

// Run is a stored run of the laboratory.
type Run struct {
	result.Result
	Dir string // its results folder
}

// Lab runs `assay run` with the given arguments and returns what it measured.
// The name is for [Again], in the cells that follow. With ASSAY_NOTEBOOK_SMOKE
// set it runs at the smallest size, which shows that everything works and
// nothing else.
func Lab(name string, args ...string) *Run {
	out := folder(name)
	must("removing an older run", os.RemoveAll(out))
	args = append([]string{"run", "--out", out, "--wait"}, args...)
	if Smoke() {
		args = append(withoutBudget(args), "--smoke")
	}
	command(args...)
	return Open(out)
}

// Again opens what an earlier cell measured under this name.
func Again(name string) *Run { return Open(folder(name)) }

// folder is where a run of this notebook lies: every cell is a program of its
// own, and they share the folder of their kernel.
func folder(name string) string {
	dir := os.Getenv("GONB_TMP_DIR")
	if dir == "" {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "run-"+name)
}

// Smoke says that the notebook is only tried out.
func Smoke() bool { return os.Getenv("ASSAY_NOTEBOOK_SMOKE") != "" }

// withoutBudget leaves out what a smoke run does not take.
func withoutBudget(args []string) []string {
	var kept []string
	for i := 0; i < len(args); i++ {
		if args[i] == "--budget" || args[i] == "--restarts" {
			i++
			continue
		}
		kept = append(kept, args[i])
	}
	return kept
}

// Assay runs any command of assay and prints what it prints.
func Assay(args ...string) { fmt.Print(command(args...)) }

// Open reads a stored run, by its folder.
func Open(dir string) *Run {
	data, err := os.ReadFile(filepath.Join(dir, "result.json"))
	must("reading the run", err)
	r := &Run{Dir: dir}
	must("reading the run", json.Unmarshal(data, &r.Result))
	if len(r.Wrong) > 0 {
		fail("%d variants answer wrongly; the first: %s", len(r.Wrong), r.Wrong[0].Variant)
	}
	if len(r.Failed) > 0 {
		fail("%d rows failed; the first: %s/%s: %s", len(r.Failed), r.Failed[0].Family, r.Failed[0].Op, r.Failed[0].Reason)
	}
	return r
}

// Figure shows a picture of the run's report by the name of its file without
// the ending. It lists the names when there is none of this name.
func (r *Run) Figure(name string) {
	data, err := os.ReadFile(filepath.Join(r.Dir, "report", name+".svg"))
	if err != nil {
		fail("no figure %q; there are %s", name, strings.Join(r.figures(), ", "))
	}
	_, svg, found := bytes.Cut(data, []byte("<svg"))
	if !found {
		fail("figure %q is no SVG", name)
	}
	gonbui.DisplaySVG("<svg" + string(svg))
	gonbui.Sync()
}

func (r *Run) figures() []string {
	files, err := filepath.Glob(filepath.Join(r.Dir, "report", "*.svg"))
	must("listing figures", err)
	for i, f := range files {
		files[i] = strings.TrimSuffix(filepath.Base(f), ".svg")
	}
	slices.Sort(files)
	return files
}

// command runs assay: the one the executing program built, or bin/assay of the
// repository the notebook lies in.
func command(args ...string) string {
	path := os.Getenv("ASSAY")
	if path == "" {
		path = filepath.Join(os.Getenv("GONB_DIR"), "..", "bin", "assay")
	}
	if _, err := os.Stat(path); err != nil {
		fail("there is no %s: run make build first", path)
	}
	c := exec.Command(path, args...)
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	c.Env = append(os.Environ(), "NO_COLOR=1")
	if err := c.Run(); err != nil {
		lines := strings.Split(strings.TrimSpace(said.String()), "\n")
		fail("assay %s: %s", strings.Join(args, " "), lines[len(lines)-1])
	}
	return out.String()
}

func must(what string, err error) {
	if err != nil {
		fail("%s: %v", what, err)
	}
}

func fail(format string, args ...any) {
	gonbui.Sync()
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}
