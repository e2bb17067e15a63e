package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"assay/runner/result"
)

// TestMain lets this binary be the command, and the worker that the command
// starts as itself.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-") {
		main()
	}
	os.Exit(m.Run())
}

// The heavy peers are measured like any variant, and answer as the models do.
func TestThePeersAreMeasuredAndAnswerRightly(t *testing.T) {
	t.Parallel()
	for selection, cases := range map[string]int{
		"lsm/fill,get-absent,compact/pebble*,badger": 3 * 3,
		"flush/*/pebble*": 2 * 4,
	} {
		t.Run(selection, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0], "run", selection, "--smoke", "--no-lock", "--json", "--out", t.TempDir()+"/run")
			cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir())
			var complaint strings.Builder
			cmd.Stderr = &complaint
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v\n%s", err, complaint.String())
			}
			var r result.Result
			if err := json.Unmarshal(out, &r); err != nil {
				t.Fatal(err)
			}
			timed := 0
			for _, c := range r.Cases {
				if _, ok := c.Units["ns/op"]; ok {
					timed++
				}
			}
			if timed != cases || len(r.Wrong) > 0 || len(r.Failed) > 0 {
				t.Errorf("%d cases were timed, want %d; wrong %v, failed %v", timed, cases, r.Wrong, r.Failed)
			}
		})
	}
}
