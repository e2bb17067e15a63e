package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version of assay and of its toolchain",
		Example: "  assay version",
		Args:    noWords,
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintf(a.Out, "assay commit %s, %s %s/%s\n", commit(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
}

// commit is the revision assay was built from, where the build recorded it.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	revision, dirty := "unknown", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "-dirty"
		}
	}
	if revision == "unknown" {
		return askGit(builtAt())
	}
	return revision + dirty
}

// builtAt is when the program was written, the zero time where nobody knows.
func builtAt() time.Time {
	self, err := os.Executable()
	if err != nil {
		return time.Time{}
	}
	file, err := os.Stat(self)
	if err != nil {
		return time.Time{}
	}
	return file.ModTime()
}

// askGit is for builds without -buildvcs: the source they came from may still be there.
func askGit(built time.Time) string {
	source, ok := sourceFolder()
	if !ok {
		return "unknown"
	}
	return commitAt(source, built)
}

// commitAt is the commit that a folder's HEAD has been at since before a program
// was built there. A commit made, or checked out, afterwards is not what it was built from.
func commitAt(source string, built time.Time) string {
	moved, err := exec.Command("git", "-C", source, "log", "-g", "-1", "--format=%gd", "--date=unix").Output()
	if err != nil {
		return "unknown"
	}
	var at int64 // HEAD@{seconds}; a repository without a reflog says nothing
	if n, _ := fmt.Sscanf(string(moved), "HEAD@{%d}", &at); n == 1 && time.Unix(at, 0).After(built) {
		return "unknown"
	}
	out, err := exec.Command("git", "-C", source, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

// sourceFolder is the module assay was built from, if it is still there.
func sourceFolder() (string, bool) {
	_, file, _, ok := runtime.Caller(0)
	if !ok || !filepath.IsAbs(file) {
		return "", false
	}
	root := filepath.Dir(filepath.Dir(filepath.Dir(file)))
	_, err := os.Stat(filepath.Join(root, "go.mod"))
	return root, err == nil
}
