package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts that measure for long; make check-full runs them.
func TestTheLongScripts(t *testing.T) {
	t.Parallel()
	if os.Getenv("ASSAY_LONG") == "" {
		t.Skip("set ASSAY_LONG=1 to tell a whole ladder: it measures for minutes, the longer the busier the machine")
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "long"), Cmds: scriptCommands(), RequireExplicitExec: true, RequireUniqueNames: true,
	})
}
