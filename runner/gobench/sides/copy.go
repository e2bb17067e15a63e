package sides

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// copyTree copies the working tree as it is: what git tracks, with its changes,
// and what it neither tracks nor ignores.
func (r Repo) copyTree(ctx context.Context, top string) error {
	list, err := git(ctx, r.Top, nil, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return err
	}
	for _, name := range strings.Split(list, "\x00") {
		if name == "" {
			continue
		}
		if err := copyFile(filepath.Join(r.Top, name), filepath.Join(top, name)); err != nil {
			return fmt.Errorf("copying the working tree: %w", err)
		}
	}
	return ctx.Err()
}

// copyIgnoredWorkspace brings a go.work that is not committed, as is the custom,
// to a side that has none: the user builds with it.
func (r Repo) copyIgnoredWorkspace(top string) error {
	for dir := r.Sub; ; dir = filepath.Dir(dir) {
		for _, name := range []string{"go.work", "go.work.sum"} {
			to := filepath.Join(top, dir, name)
			if _, err := os.Lstat(to); err == nil {
				continue
			}
			if err := copyFile(filepath.Join(r.Top, dir, name), to); err != nil {
				return err
			}
		}
		if dir == "." {
			return nil
		}
	}
}

// copyFile copies a file or a symbolic link with its mode. A source that is
// gone, or that is a folder (a submodule), is left out.
func copyFile(from, to string) error {
	info, err := os.Lstat(from)
	if errors.Is(err, os.ErrNotExist) || err == nil && info.IsDir() {
		return nil
	}
	if err == nil {
		err = os.MkdirAll(filepath.Dir(to), 0o700)
	}
	if err != nil {
		return err
	}
	if info.Mode()&os.ModeSymlink != 0 {
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return os.Symlink(target, to)
	}
	if !info.Mode().IsRegular() {
		return nil // sockets and pipes are no source
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, info.Mode().Perm()|0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// linkNeighbours makes what relative replace directives and go.work entries
// name outside the repository reachable from the side.
func linkNeighbours(ctx context.Context, dir, top, root string) error {
	mods, work := modules(ctx, dir, top)
	var wanted []string
	for _, m := range mods {
		wanted = append(wanted, replaced(ctx, m, "mod")...)
	}
	if work != "" {
		wanted = append(wanted, replaced(ctx, work, "work")...)
	}
	for _, path := range wanted {
		if within(path, top) || !within(path, root) {
			continue // in the repository itself, or absolute
		}
		original := string(filepath.Separator) + strings.TrimPrefix(path, filepath.Clean(root)+string(filepath.Separator))
		if _, err := os.Lstat(path); err == nil {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.Symlink(original, path); err != nil {
			return fmt.Errorf("linking %s, which a replace directive or go.work names: %w", original, err)
		}
	}
	return nil
}

// modules are the go.mod and go.work files in force in the folder.
func modules(ctx context.Context, dir, top string) (mods []string, work string) {
	seen := map[string]bool{}
	for at := dir; within(at, top); at = filepath.Dir(at) {
		if f := filepath.Join(at, "go.mod"); exists(f) && len(mods) == 0 {
			mods, seen[f] = append(mods, f), true
		}
		if f := filepath.Join(at, "go.work"); exists(f) && work == "" {
			work = f
		}
	}
	if work == "" {
		return mods, ""
	}
	for _, use := range replaced(ctx, work, "work") {
		if f := filepath.Join(use, "go.mod"); within(f, top) && exists(f) && !seen[f] {
			mods, seen[f] = append(mods, f), true
		}
	}
	return mods, work
}

// replaced lists the folders that a go.mod or go.work file names by relative
// paths, absolute. A file that does not parse lists none: the build will say why.
func replaced(ctx context.Context, file, kind string) []string {
	cmd := exec.CommandContext(ctx, "go", kind, "edit", "-json", file)
	cmd.Dir = filepath.Dir(file)
	data, err := cmd.Output()
	if err != nil {
		return nil
	}
	var f struct {
		Use     []struct{ DiskPath string }
		Replace []struct {
			New struct{ Path, Version string }
		}
	}
	if json.Unmarshal(data, &f) != nil {
		return nil
	}
	var paths []string
	add := func(p string) {
		if !filepath.IsAbs(p) && p != "" {
			paths = append(paths, filepath.Join(filepath.Dir(file), p))
		}
	}
	for _, u := range f.Use {
		add(u.DiskPath)
	}
	for _, r := range f.Replace {
		if r.New.Version == "" {
			add(r.New.Path)
		}
	}
	return paths
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// within says that the path is the folder or lies below it.
func within(path, folder string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
