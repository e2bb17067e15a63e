package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts that measure for a minute or more; make check-full runs them.
func TestTheLongScripts(t *testing.T) {
	t.Parallel()
	if os.Getenv("ASSAY_LONG") == "" {
		t.Skip("set ASSAY_LONG=1 to tell a whole ladder (a minute on a quiet machine)")
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "long"), Cmds: scriptCommands(), RequireExplicitExec: true, RequireUniqueNames: true,
	})
}
