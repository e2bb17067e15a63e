package tidy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// floors is the import order, top to bottom: a package imports what stands on
// lines below its own. Names on one line do not see each other, except that
// everything under one `/...` forms a house of its own.
var floors = [][]string{
	{"cmd/assay"},
	{"cmd/cli"},
	{"reports/..."},
	{"runner/selftest/..."},
	{"runner"},
	{"runner/gobench/..."},
	{"runner/gate/..."},
	{"profiles/..."},
	{"engines/..."},
	{"runner/verdict"},
	{"runner/samples/..."},
	{"runner/trial"},
	{"runner/process", "runner/layout"},
	{"runner/plan"},
	{"runner/result"},
	{"runner/lab", "runner/wire", "runner/host/...", "runner/mark"},
	{"runner/sequential", "runner/complexity", "runner/ladder", "runner/sketch", "runner/hotcode"},
	{"runner/stats"},
	{"runner/clock"},
	{"encodings/...", "workloads/..."},
	{"cmd/tidy"}, // sees nothing and is seen by nothing
}

// stays narrows the order for packages that must know less than it allows:
// they import these and what lies in their own folder. Programs outside the
// order (other modules) are not meant.
var stays = map[string][]string{
	"engines/...": {"runner/lab", "runner/ladder", "runner/sketch", "runner/clock", "encodings/...", "workloads/..."},
}

// standardOnly lists what imports the standard library alone, and what its
// tests may use beside it.
var (
	standardOnly = []string{"encodings/...", "workloads/..."}
	testingAids  = []string{"pgregory.net/rapid", "github.com/google/go-cmp/..."}
)

// timeEntersAt is the package through which time enters the program.
const timeEntersAt = "runner/clock"

// The house numbers.
const (
	maxFileLines     = 400
	maxFunctionLines = 60
	maxExported      = 15
	maxMethods       = 5
)

// excused are the findings that stay, each with its reason. One that excuses
// nothing any more is itself a finding.
var excused = []excuse{
	{"time", "runner/process/process.go", "a timer bounds how long a silent worker is believed alive; a fake clock cannot make a real process answer"},
	{"state", "runner/trial/profile.go", "runtime.MemProfileRate is how Go is told to profile every allocation, in a process that does nothing else"},
}

func TestTheTreeKeepsTheRulesOfTheHouse(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	house, err := load(os.DirFS(root), machinePaths(root))
	if err != nil {
		t.Fatal(err)
	}
	if len(house.groups) < 20 {
		t.Fatalf("only %d packages found under %s: the walk is broken", len(house.groups), root)
	}
	left, idle := excuseAll(house.findings(), excused)
	for _, f := range left {
		t.Errorf("%s: %s", f.place, f.text)
	}
	for _, e := range idle {
		t.Errorf("cmd/tidy/tidy_test.go: nothing is left of %q in %s to excuse: remove that line of `excused`", e.rule, e.file)
	}
}

// excuse lets the findings of one rule in one file pass.
type excuse struct{ rule, file, why string }

// excuseAll parts findings from excuses; idle excuses matched nothing.
func excuseAll(all []finding, excuses []excuse) (left []finding, idle []excuse) {
	used := make([]bool, len(excuses))
next:
	for _, f := range all {
		for i, e := range excuses {
			if e.rule == f.rule && strings.HasPrefix(f.place, e.file+":") {
				used[i] = true
				continue next
			}
		}
		left = append(left, f)
	}
	for i, e := range excuses {
		if !used[i] {
			idle = append(idle, e)
		}
	}
	return left, idle
}

// machinePaths are the places of this machine that no file of the project may
// name: the checkout, the folder around it and the user's home.
func machinePaths(root string) []string {
	paths := []string{root}
	if around := filepath.Dir(root); around != "/" && around != filepath.Clean(os.TempDir()) {
		paths = append(paths, around)
	}
	if home, err := os.UserHomeDir(); err == nil && home != "/" {
		paths = append(paths, home)
	}
	return paths
}
