// Package sides puts two revisions of a module beside each other in a scratch
// folder, without touching the user's checkout: no worktree is registered, no
// file and no ref of the repository changes.
//
// A revision is written out through an index of its own (`git read-tree`,
// `git checkout-index`), so that filters apply and nothing is left out; `git
// archive` was rejected because export-ignore drops files that tests read, and
// `git worktree` because a killed process leaves its record behind. The working
// tree is copied as it is, less what git ignores.
//
// Each side keeps the repository at its absolute path below the side's root, so
// that relative replace directives and go.work entries that leave the repository
// still find their neighbours, through symbolic links. Submodules come out empty.
package sides

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Worktree names the working tree in place of a revision.
const Worktree = "worktree"

// Repo is the repository around a folder.
type Repo struct {
	Top string // its root, absolute, without symbolic links
	Sub string // the folder within it, "." for the root
}

// Open finds the repository that holds the folder.
func Open(ctx context.Context, dir string) (Repo, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return Repo{}, errors.New("git is not in PATH: install it, or compare test binaries with --bin OLD --bin NEW")
	}
	abs, err := filepath.Abs(dir)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	if err != nil {
		return Repo{}, err
	}
	top, err := git(ctx, abs, nil, "rev-parse", "--show-toplevel")
	if err != nil {
		if ctx.Err() != nil {
			return Repo{}, ctx.Err()
		}
		return Repo{}, fmt.Errorf("%s is not in a git repository: start in one, or compare test binaries with --bin OLD --bin NEW", abs)
	}
	if top, err = filepath.EvalSymlinks(top); err != nil {
		return Repo{}, err
	}
	sub, err := filepath.Rel(top, abs)
	return Repo{Top: top, Sub: sub}, err
}

// Commit resolves a revision to the hash of its commit.
func (r Repo) Commit(ctx context.Context, rev string) (string, error) {
	if strings.HasPrefix(rev, "-") {
		return "", fmt.Errorf("unknown revision %q", rev)
	}
	hash, err := git(ctx, r.Top, nil, "rev-parse", "--verify", "--quiet", rev+"^{commit}")
	if err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("unknown revision %q: give a branch, tag or commit that `git log` shows (a shallow clone may lack it: git fetch --unshallow)", rev)
	}
	return hash, nil
}

// Base is the commit a working tree is compared with unless the user says
// otherwise: the merge base with the default branch, and that branch's name.
func (r Repo) Base(ctx context.Context) (commit, branch string, err error) {
	names := []string{"origin/main", "origin/master", "main", "master"}
	if head, err := git(ctx, r.Top, nil, "rev-parse", "--abbrev-ref", "origin/HEAD"); err == nil {
		names = append([]string{head}, names...)
	}
	if _, err := r.Commit(ctx, "HEAD"); err != nil {
		return "", "", errors.New("the repository has no commit yet: commit first, or compare test binaries with --bin OLD --bin NEW")
	}
	for _, name := range names {
		if commit, err := git(ctx, r.Top, nil, "merge-base", "HEAD", name); err == nil {
			return commit, name, nil
		}
	}
	return "", "", errors.New("there is no default branch (origin/HEAD, main or master) to compare with: name a revision with --base REV")
}

// Dirty says that the working tree is not what HEAD holds.
func (r Repo) Dirty(ctx context.Context) (bool, error) {
	out, err := git(ctx, r.Top, nil, "status", "--porcelain", "--untracked-files=normal")
	return out != "", err
}

// Place puts a revision, or [Worktree], under root and returns the folder that
// stands for the one the repository was opened at.
func (r Repo) Place(ctx context.Context, rev, root string) (string, error) {
	top := filepath.Join(root, strings.TrimPrefix(r.Top, filepath.VolumeName(r.Top)))
	if err := os.MkdirAll(top, 0o700); err != nil {
		return "", err
	}
	var err error
	if rev == Worktree {
		err = r.copyTree(ctx, top)
	} else {
		err = r.checkOut(ctx, rev, top, filepath.Join(root, ".index"))
	}
	if err != nil {
		return "", err
	}
	if err := r.copyIgnoredWorkspace(top); err != nil {
		return "", err
	}
	dir := filepath.Join(top, r.Sub)
	if _, err := os.Stat(dir); err != nil {
		return "", fmt.Errorf("no folder %s", r.Sub)
	}
	return dir, linkNeighbours(ctx, dir, top, root)
}

// checkOut writes a commit out through an index of its own.
func (r Repo) checkOut(ctx context.Context, commit, top, index string) error {
	env := []string{"GIT_INDEX_FILE=" + index}
	if _, err := git(ctx, r.Top, env, "read-tree", commit); err != nil {
		return err
	}
	_, err := git(ctx, r.Top, env, "checkout-index", "--all", "--quiet", "--prefix="+top+string(filepath.Separator))
	return err
}

// git runs git and returns its output, trimmed. An error holds its complaint.
func git(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GIT_OPTIONAL_LOCKS=0", "LC_ALL=C"), env...)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(complaint.String()))
	}
	return strings.TrimSpace(out.String()), nil
}
