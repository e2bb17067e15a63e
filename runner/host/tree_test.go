package host

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"go.uber.org/goleak"
)

var update = flag.Bool("update", false, "rewrite the goldens")

func TestMain(m *testing.M) {
	flag.Parse()
	goleak.VerifyTestMain(m)
}

// plant writes testdata/trees/name.txtar below a fresh directory.
func plant(t testing.TB, name string) (root string) {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("testdata", "trees", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	root = t.TempDir()
	if err := txtar.Write(a, root); err != nil {
		t.Fatal(err)
	}
	return root
}

// fixed is a process that does not depend on the machine of the test.
func fixed(cpus, gomaxprocs int) process {
	return process{os: "linux", arch: "amd64", goVersion: "go1.26.0", cpus: cpus, gomaxprocs: gomaxprocs, l1d: -1, l2: -1, l3: -1}
}

func TestInspectMatchesGoldenOfEachMachine(t *testing.T) {
	t.Parallel()
	kvm := fixed(4, 4)
	kvm.hypervisor = hypervisorName("KVMKVMKVM\x00\x00\x00")
	arm := fixed(1, 1)
	arm.arch = "arm64"
	for name, p := range map[string]process{
		"server": fixed(8, 8), "laptop": fixed(16, 16), "mouse": fixed(4, 1), "vm-busy": fixed(2, 2), "vm-after-build": fixed(2, 2),
		"container-1.5": fixed(8, 2), "container-v1": kvm, "nested-v2": fixed(8, 3),
		"arm-one-cpu": arm, "empty": fixed(8, 8), "garbage": fixed(8, 8),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := json.MarshalIndent(inspect(plant(t, name), p), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("testdata", name+".json"), string(got)+"\n")
		})
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run the test with -update, then read the new file", err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s differs (-want +got), use -update if that is meant:\n%s", path, d)
	}
}

func TestEveryTreeIsInspected(t *testing.T) {
	t.Parallel()
	trees, err := filepath.Glob("testdata/trees/*.txtar")
	if err != nil || len(trees) == 0 {
		t.Fatal("no trees", err)
	}
	for _, path := range trees {
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		if _, err := os.Stat(filepath.Join("testdata", name+".json")); err != nil {
			t.Errorf("%s has no golden: list it in TestInspectMatchesGoldenOfEachMachine", path)
		}
	}
}

// TestEveryCheckFires keeps the table honest: a rule that no golden shows has
// never been seen to work.
func TestEveryCheckFires(t *testing.T) {
	t.Parallel()
	goldens, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	fired := map[string]bool{}
	for _, path := range goldens {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var h Host
		if err := json.Unmarshal(b, &h); err != nil {
			t.Fatalf("%s does not read back: %v", path, err)
		}
		for _, w := range h.Warnings {
			fired[w.Check] = true
		}
	}
	for _, c := range checks {
		if !fired[c.name] {
			t.Errorf("no golden shows the check %q: add a tree that breaks it", c.name)
		}
	}
}

func TestUnknownFactsNeverSatisfyOrBreakACheck(t *testing.T) {
	t.Parallel()
	for _, c := range checks {
		for _, key := range c.needs {
			h := inspect(plant(t, "vm-busy"), fixed(2, 2))
			h.Warnings, h.Unknown = nil, append(h.Unknown, key)
			h.judge()
			if slices.ContainsFunc(h.Warnings, func(w Warning) bool { return w.Check == c.name }) {
				t.Errorf("check %s judges by %s, which is unknown", c.name, key)
			}
			i := slices.IndexFunc(h.Warnings, func(w Warning) bool { return w.Check == "unknown" })
			if i < 0 || !strings.Contains(h.Warnings[i].Message, key) {
				t.Errorf("%s is unknown and no warning says so: %v", key, h.Warnings)
			}
		}
	}
}

func TestStealOfACPUThatNeverRanIsUnknown(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	machine(t, root, 1, 0, 0, 0)
	h := inspect(root, fixed(2, 2))
	if h.Knows("steal") || h.Steal != 0 {
		t.Errorf("steal is %v of no time at all", h.Steal)
	}
	if _, err := json.Marshal(h); err != nil {
		t.Error(err)
	}
}

func TestHostKeysAreThoseThatResultsPromise(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(Inspect("/"))
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"cpu", "cpus", "goversion", "load", "fit", "warnings"} {
		if m[key] == nil {
			t.Errorf("key %q is missing or null in %s", key, b)
		}
	}
	for _, key := range m["unknown"].([]any) {
		if _, ok := m[key.(string)]; !ok {
			t.Errorf("unknown names %q, which is no key of a host", key)
		}
	}
	for _, w := range m["warnings"].([]any) {
		if _, ok := w.(string); !ok {
			t.Errorf("warning %v is not a string", w)
		}
	}
}
