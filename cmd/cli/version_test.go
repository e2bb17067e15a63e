package cli

import (
	"os/exec"
	"strings"
	"testing"
	"time"
)

// A program says the commit it was built from, or nothing: its source goes on.
func TestACommitMadeAfterTheBuildIsNotItsOwn(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not in PATH: install it")
	}
	dir := t.TempDir()
	git := func(args ...string) string {
		t.Helper()
		out, err := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=t", "-c", "user.email=t@example.com"}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	later := time.Unix(1<<40, 0)
	git("init", "-q")
	if got := commitAt(dir, later); got != "unknown" {
		t.Errorf("without a commit: %q", got)
	}
	git("commit", "-q", "--allow-empty", "-m", "one")
	if got, want := commitAt(dir, later), git("rev-parse", "HEAD"); got != want {
		t.Errorf("built after the commit: %q, want %q", got, want)
	}
	if got := commitAt(dir, time.Unix(0, 0)); got != "unknown" {
		t.Errorf("built before the commit: %q", got)
	}
}
