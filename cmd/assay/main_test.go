package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"assay/cmd/cli"
	"assay/runner/lab"
)

// TestMain makes the test binary serve as two commands for the scripts: assay
// itself, and assay-wrong with a family whose variants misbehave. Both work as
// their own worker processes, because testscript installs them under their
// names and a worker is started as the running executable.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"assay":       func() { os.Exit(cli.Main(catalog(), os.Args[1:], cli.System())) },
		"assay-wrong": func() { os.Exit(cli.Main([]lab.Room{misbehaving()}, os.Args[1:], cli.System())) },
	})
}

// The behaviour of the command line, one script per subject.
func TestTheCommandLineBehavesAsItsScriptsSay(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		Cmds:                scriptCommands(),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}
