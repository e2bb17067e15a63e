package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"assay/reports"
	"assay/runner/host"
	"assay/runner/result"
	"assay/runner/samples"
	"assay/runner/samples/whole"
)

const resultsRoot = "results"

// free says early, before minutes of building and measuring, that the results
// cannot go where the flags want them. It makes nothing.
func free(f *common) error {
	if f.out == "" {
		if f.name == "" || strings.ContainsAny(f.name, "/\\\x00") || strings.HasPrefix(f.name, ".") {
			return fmt.Errorf("--name %q: a name becomes part of a folder's; use letters, digits and dashes", f.name)
		}
		return linkable()
	}
	switch _, err := os.Stat(filepath.Join(f.out, "plan.json")); {
	case err == nil:
		return fmt.Errorf("results folder %s already holds a run; choose another with --out DIR", f.out)
	case !errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("results folder: %w; choose another with --out DIR", err)
	}
	return nil
}

// linkable says whether the newest run can be linked from results/latest, which
// a run that was copied there, or that had it for its --out, is in the way of.
func linkable() error {
	link := filepath.Join(resultsRoot, "latest")
	is, err := os.Lstat(link)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("results folder: %w; choose another with --out DIR", err)
	case is.Mode()&os.ModeSymlink == 0:
		return fmt.Errorf("%s is in the way of the link to the newest run: rename it, or choose a folder with --out DIR", link)
	}
	return nil
}

// folder names the results folder and points results/latest to it.
func (a *app) folder(f *common) (string, error) {
	if f.out != "" {
		return f.out, nil
	}
	stem := a.Clock.Now().Format("20060102-150405") + "-" + f.name
	if err := os.MkdirAll(resultsRoot, 0o755); err != nil {
		return "", fmt.Errorf("results folder: %w; choose another with --out DIR", err)
	}
	name := stem
	for n := 2; ; n++ {
		err := os.Mkdir(filepath.Join(resultsRoot, name), 0o755)
		if err == nil {
			break
		}
		if !errors.Is(err, os.ErrExist) {
			return "", fmt.Errorf("results folder: %w; choose another with --out DIR", err)
		}
		name = fmt.Sprintf("%s-%d", stem, n)
	}
	return filepath.Join(resultsRoot, name), pointLatest(name)
}

// pointLatest makes results/latest a link to the newest run, by rename.
func pointLatest(name string) error {
	link := filepath.Join(resultsRoot, "latest")
	next := filepath.Join(resultsRoot, "."+name+".latest")
	if err := os.Symlink(name, next); err != nil {
		return fmt.Errorf("%s: %w", link, err)
	}
	if err := os.Rename(next, link); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", link, err), os.Remove(next))
	}
	return nil
}

// lock keeps two assay runs from disturbing each other.
func (a *app) lock(ctx context.Context, t turn) (release func(), err error) {
	if t.noLock {
		return func() {}, nil
	}
	o := host.LockOptions{
		Command: strings.Join(os.Args, " "), Clock: a.Clock,
		Mend: "wait for it, give --wait, or measure beside it with --no-lock and believe less",
	}
	if t.wait {
		o.Waiting = func(held error) { fmt.Fprintf(a.Err, "assay: waiting: %v\n", held) }
	}
	return host.Acquire(ctx, o)
}

// writeReports writes result.json and the report folder; each file appears whole.
func writeReports(dir string, r result.Result, v reports.View) error {
	if err := samples.WriteResult(dir, r); err != nil {
		return err
	}
	folder := filepath.Join(dir, "report")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return reports.WriteAll(v, func(name string) (io.WriteCloser, error) {
		return whole.Create(filepath.Join(folder, name))
	})
}
