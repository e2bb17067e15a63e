package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"assay/runner/result"
)

// The behaviour of `assay ab`. These scripts need a Go toolchain with its
// cache, git, and temporary files in a folder they can look into.
func TestABBehavesAsItsScriptsSay(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds programs: run without -short")
	}
	for _, program := range []string{"git", "go"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not in PATH: install it", program)
		}
	}
	env, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	cache := strings.Split(strings.TrimSpace(string(env)), "\n")
	commands := scriptCommands()
	commands["commit"] = commit
	commands["failed"] = failed
	commands["counted"] = counted
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "ab"),
		Cmds:                commands,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			tmp := filepath.Join(e.WorkDir, "tmp")
			e.Vars = append(e.Vars, "GOCACHE="+cache[0], "GOMODCACHE="+cache[1], "GOFLAGS=", "GOPROXY=off", "GOTOOLCHAIN=local",
				"TMPDIR="+tmp, "HOME="+e.WorkDir, "GIT_CONFIG_NOSYSTEM=1", "GIT_CEILING_DIRECTORIES="+filepath.Dir(e.WorkDir))
			return os.MkdirAll(tmp, 0o755)
		},
	})
}

// commit FOLDER MESSAGE makes the folder a repository with branch main where
// it is none, and commits all of it.
func commit(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "commit FOLDER MESSAGE")
	for _, words := range [][]string{
		{"init", "-q", "-b", "main"},
		{"add", "-A"},
		{"-c", "user.name=tester", "-c", "user.email=tester@example.com", "commit", "-q", "-m", args[1]},
	} {
		ts.Check(ts.Exec("git", append([]string{"-C", ts.MkAbs(args[0])}, words...)...))
	}
}

// failed RESULT OP PATTERN wants the result to name the benchmark among the
// failed, with a reason that matches.
func failed(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, len(args) == 3, "failed RESULT OP PATTERN")
	var r result.Result
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &r))
	pattern, err := regexp.Compile(args[2])
	ts.Check(err)
	found := slices.ContainsFunc(r.Failed, func(f result.Failure) bool { return f.Op == args[1] && pattern.MatchString(f.Reason) })
	if found == neg {
		ts.Fatalf("failed rows %+v; want %s with %q: %v", r.Failed, args[1], args[2], !neg)
	}
}

// counted RESULT OP UNIT VERDICT|VERDICT wants the head of a benchmark to be
// that in a unit.
func counted(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 4, "counted RESULT OP UNIT VERDICT|VERDICT")
	var r result.Result
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &r))
	for _, c := range r.Comparisons {
		if c.Op == args[1] && c.Unit == args[2] && slices.Contains(strings.Split(args[3], "|"), c.Verdict) {
			return
		}
	}
	ts.Fatalf("%s is not %s in %s: %+v", args[1], args[3], args[2], r.Comparisons)
}
