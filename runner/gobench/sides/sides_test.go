package sides

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository makes a repository with one commit in a folder named repo, beside
// which the test can put neighbours.
func repository(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	around, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(around, "repo")
	write(t, dir, files)
	run(t, dir, "init", "-q", "-b", "main")
	run(t, dir, "add", "-A")
	commit(t, dir, "one")
	return dir
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	out, err := git(t.Context(), dir, []string{"GIT_CONFIG_NOSYSTEM=1", "HOME=" + dir}, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func commit(t *testing.T, dir, message string) {
	t.Helper()
	run(t, dir, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-a", "--allow-empty", "-m", message)
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(data)
}

func open(t *testing.T, dir string) Repo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not in PATH: install it")
	}
	r, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestASideIsTheRevisionAndTheCheckoutStaysAsItWas(t *testing.T) {
	t.Parallel()
	dir := repository(t, map[string]string{
		"m/go.mod": "module m\n", "m/a.go": "one", "m/gone.go": "old", ".gitignore": "ignored\n",
		"kept.txt": "exported", ".gitattributes": "kept.txt export-ignore\n",
	})
	write(t, dir, map[string]string{"m/a.go": "two", "m/new.go": "untracked", "ignored": "x"})
	if err := os.Remove(filepath.Join(dir, "m", "gone.go")); err != nil {
		t.Fatal(err)
	}
	before := run(t, dir, "status", "--porcelain", "--ignored") + run(t, dir, "for-each-ref") + run(t, dir, "count-objects")
	r := open(t, filepath.Join(dir, "m"))
	head, err := r.Commit(t.Context(), "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	for rev, want := range map[string]map[string]string{
		head:     {"a.go": "one", "gone.go": "old", "new.go": "", "../kept.txt": "exported", "../ignored": ""},
		Worktree: {"a.go": "two", "gone.go": "", "new.go": "untracked", "../kept.txt": "exported", "../ignored": ""},
	} {
		at, err := r.Place(t.Context(), rev, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range want {
			if got := read(t, filepath.Join(at, name)); got != text {
				t.Errorf("%s: %s holds %q, want %q", rev, name, got, text)
			}
		}
	}
	if after := run(t, dir, "status", "--porcelain", "--ignored") + run(t, dir, "for-each-ref") + run(t, dir, "count-objects"); after != before {
		t.Errorf("the repository changed:\n%s\nwas\n%s", after, before)
	}
	if _, err := os.Stat(filepath.Join(dir, ".git", "worktrees")); err == nil {
		t.Error("a worktree is registered")
	}
}

func TestNeighboursOutsideTheRepositoryAreLinked(t *testing.T) {
	t.Parallel()
	dir := repository(t, map[string]string{
		"app/go.mod": "module app\n\ngo 1.24\n\nrequire x v0.0.0\n\nreplace x => ../../x\n", ".gitignore": "go.work\n",
	})
	write(t, filepath.Dir(dir), map[string]string{"x/go.mod": "module x\n", "y/go.mod": "module y\n"})
	write(t, dir, map[string]string{"go.work": "go 1.24\n\nuse ./app\nuse ../y\n"})
	r := open(t, filepath.Join(dir, "app"))
	head, err := r.Commit(t.Context(), "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	at, err := r.Place(t.Context(), head, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"../../x/go.mod": "module x\n", "../../y/go.mod": "module y\n", "../go.work": "go 1.24\n\nuse ./app\nuse ../y\n"} {
		if got := read(t, filepath.Join(at, name)); got != want {
			t.Errorf("%s holds %q, want %q", name, got, want)
		}
	}
}

func TestTheBaseIsTheMergeBaseWithTheDefaultBranch(t *testing.T) {
	t.Parallel()
	dir := repository(t, map[string]string{"a": "1"})
	r := open(t, dir)
	fork := run(t, dir, "rev-parse", "HEAD")
	run(t, dir, "checkout", "-q", "-b", "work")
	commit(t, dir, "mine")
	run(t, dir, "checkout", "-q", "main")
	commit(t, dir, "theirs")
	run(t, dir, "checkout", "-q", "work")
	commit, branch, err := r.Base(t.Context())
	if err != nil || commit != fork || branch != "main" {
		t.Errorf("base %s of %s, %v; want %s of main", commit, branch, err, fork)
	}
	if dirty, err := r.Dirty(t.Context()); err != nil || dirty {
		t.Errorf("dirty %v, %v", dirty, err)
	}
	write(t, dir, map[string]string{"b": "2"})
	if dirty, err := r.Dirty(t.Context()); err != nil || !dirty {
		t.Errorf("with a new file: dirty %v, %v", dirty, err)
	}
	run(t, dir, "branch", "-q", "-D", "main")
	if _, _, err := r.Base(t.Context()); err == nil || !strings.Contains(err.Error(), "--base REV") {
		t.Errorf("without a default branch: %v", err)
	}
}

func TestMistakesAreOneLine(t *testing.T) {
	t.Parallel()
	dir := repository(t, map[string]string{"a": "1"})
	r := open(t, dir)
	for _, rev := range []string{"v9", "--all", "", "HEAD:a", "HEAD~7"} {
		if _, err := r.Commit(t.Context(), rev); err == nil || !strings.HasPrefix(err.Error(), "unknown revision") || strings.Contains(err.Error(), "\n") {
			t.Errorf("revision %q: %v", rev, err)
		}
	}
	if _, err := Open(t.Context(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "not in a git repository") {
		t.Errorf("outside: %v", err)
	}
}
