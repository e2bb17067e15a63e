//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package host

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"assay/runner/clock"
)

func options(dir string) LockOptions {
	return LockOptions{Dir: dir, Command: "assay run page", Mend: "wait for it, or pass --no-lock", Clock: &clock.Fake{}}
}

func TestSecondRunLearnsWhoHoldsTheLockAndWhatToDo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	release, err := Acquire(t.Context(), options(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	_, err = Acquire(t.Context(), options(dir))
	if err == nil {
		t.Fatal("two runs hold the lock")
	}
	for _, want := range []string{
		"pid " + strconv.Itoa(os.Getpid()), `"assay run page"`, "2026-01-01 12:00:00", "wait for it, or pass --no-lock",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q does not say %q", err, want)
		}
	}
}

func TestReleaseFreesTheLockOnceAndForgetsTheHolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := Acquire(t.Context(), options(dir))
	if err != nil {
		t.Fatal(err)
	}
	first()
	path := filepath.Join(dir, fmt.Sprintf("assay-%d.lock", os.Getuid()))
	if b, err := os.ReadFile(path); err != nil || len(b) > 0 {
		t.Errorf("after release the file holds %q, %v", b, err)
	}
	second, err := Acquire(t.Context(), options(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer second()
	first() // must not free what is now another's
	if _, err := Acquire(t.Context(), options(dir)); err == nil {
		t.Error("a second release freed the lock of another run")
	}
}

func TestWaitingRunIsToldOnceAndGetsTheLock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	release, err := Acquire(t.Context(), options(dir))
	if err != nil {
		t.Fatal(err)
	}
	o, told := options(dir), 0
	o.Waiting = func(error) { told++ }
	o.Clock = &releasing{release: release, after: 3}
	mine, err := Acquire(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	mine()
	if told != 1 {
		t.Errorf("Waiting was called %d times, want 1", told)
	}
}

// releasing frees the other lock at its n-th sleep.
type releasing struct {
	clock.Fake
	release func()
	after   int
}

func (r *releasing) Sleep(ctx context.Context, _ time.Duration) error {
	if r.after--; r.after == 0 {
		r.release()
	}
	return ctx.Err()
}

func TestWaitingStopsWithTheContext(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	release, err := Acquire(t.Context(), options(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	ctx, cancel := context.WithCancel(t.Context())
	o := options(dir)
	o.Waiting = func(error) { cancel() }
	if _, err := Acquire(ctx, o); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "pid") {
		t.Errorf("error %v, want context.Canceled that names the holder", err)
	}
}

func TestLockRefusesASymbolicLink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	victim := filepath.Join(dir, "victim")
	if err := os.WriteFile(victim, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(victim, filepath.Join(dir, fmt.Sprintf("assay-%d.lock", os.Getuid()))); err != nil {
		t.Fatal(err)
	}
	if _, err := Acquire(t.Context(), options(dir)); err == nil {
		t.Error("the lock follows a symbolic link")
	}
	if b, _ := os.ReadFile(victim); string(b) != "precious" {
		t.Errorf("the file behind the link now holds %q", b)
	}
}

func TestLockInAMissingDirectorySaysWhatToDo(t *testing.T) {
	t.Parallel()
	_, err := Acquire(t.Context(), options(filepath.Join(t.TempDir(), "none")))
	if err == nil || !strings.Contains(err.Error(), "TMPDIR") {
		t.Errorf("error %v does not name TMPDIR", err)
	}
}

// TestKilledRunLeavesNoStaleLock runs itself as the other run and kills it.
func TestKilledRunLeavesNoStaleLock(t *testing.T) {
	const variable = "ASSAY_TEST_LOCK_DIR"
	if dir := os.Getenv(variable); dir != "" {
		_, err := Acquire(t.Context(), options(dir))
		fmt.Println("child:", err)
		select {} // holds the lock until killed
	}
	t.Parallel()
	dir := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), variable+"="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "child: <nil>\n" {
		t.Errorf("child says %q, %v", line, err)
	}
	if _, err := Acquire(t.Context(), options(dir)); err == nil || !strings.Contains(err.Error(), fmt.Sprint("pid ", child.Process.Pid)) {
		t.Errorf("while the child lives: %v", err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed, and says so
	release, err := Acquire(t.Context(), options(dir))
	if err != nil {
		t.Fatalf("after the child was killed: %v", err)
	}
	release()
}
