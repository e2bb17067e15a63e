package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// debian are the system packages that bring Jupyter's runner.
var debian = []string{"jupyter-nbconvert", "jupyter-client", "python3-ipykernel"}

// jupyter executes notebooks with a kernel that was built here.
type jupyter struct {
	command string // jupyter itself
	scratch string
	env     []string
	smoke   bool
}

// setUp finds or installs Jupyter, and builds assay, the Go kernel and the
// formatter it needs.
func setUp(ctx context.Context, scratch string) (*jupyter, error) {
	command, err := find(ctx)
	if err != nil {
		return nil, err
	}
	here, err := filepath.Abs(".")
	if err != nil {
		return nil, err
	}
	root := filepath.Dir(here)
	bin := filepath.Join(scratch, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		return nil, err
	}
	for _, b := range []struct {
		dir  string
		args []string
	}{
		{here, []string{"github.com/janpfeifer/gonb", "golang.org/x/tools/cmd/goimports"}},
		{root, []string{"./cmd/assay"}},
	} {
		c := exec.CommandContext(ctx, "go", append([]string{"build", "-o", bin + "/"}, b.args...)...)
		c.Dir = b.dir
		if out, err := c.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("building %s: %s", strings.Join(b.args, " "), strings.TrimSpace(string(out)))
		}
	}
	path := bin + string(os.PathListSeparator) + os.Getenv("PATH")
	spec, err := json.Marshal(map[string]any{
		"argv":         []string{filepath.Join(bin, "gonb"), "--kernel", "{connection_file}", "-logtostderr=true", "-raw_error=true", "-go_work=" + here + "," + root},
		"display_name": "Go (gonb)", "language": "go", "interrupt_mode": "message", "env": map[string]string{"PATH": path},
	})
	if err != nil {
		return nil, err
	}
	kernel := filepath.Join(scratch, "share", "kernels", "gonb")
	if err := os.MkdirAll(kernel, 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(kernel, "kernel.json"), spec, 0o644); err != nil {
		return nil, err
	}
	temp := filepath.Join(scratch, "tmp") // what notebooks leave behind goes with the rest
	if err := os.Mkdir(temp, 0o755); err != nil {
		return nil, err
	}
	env := append(os.Environ(), "JUPYTER_PATH="+filepath.Join(scratch, "share"), "ASSAY="+filepath.Join(bin, "assay"), "PATH="+path, "TMPDIR="+temp, "GOFLAGS=")
	return &jupyter{command: command, scratch: scratch, env: env}, nil
}

// find returns the jupyter command with nbconvert, installing it where it may.
func find(ctx context.Context) (string, error) {
	look := func() (string, bool) {
		for _, command := range []string{"/usr/bin/jupyter", "jupyter"} {
			if exec.CommandContext(ctx, command, "nbconvert", "--version").Run() == nil {
				return command, true
			}
		}
		return "", false
	}
	if command, ok := look(); ok {
		return command, nil
	}
	wanted := "apt-get install --no-install-recommends " + strings.Join(debian, " ")
	if os.Getuid() != 0 {
		return "", errors.New("jupyter nbconvert is missing: " + wanted)
	}
	for _, args := range [][]string{{"update", "-qq"}, append([]string{"install", "-y", "-qq", "--no-install-recommends"}, debian...)} {
		c := exec.CommandContext(ctx, "apt-get", args...)
		c.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		if out, err := c.CombinedOutput(); err != nil {
			lines := strings.Split(strings.TrimSpace(string(out)), "\n")
			return "", fmt.Errorf("jupyter nbconvert is missing and could not be installed (%s): %s", wanted, lines[len(lines)-1])
		}
	}
	if command, ok := look(); ok {
		return command, nil
	}
	return "", errors.New("jupyter nbconvert does not start although it was installed")
}

// nbconvert runs the converter in this folder.
func (j *jupyter) nbconvert(ctx context.Context, args ...string) error {
	c := exec.CommandContext(ctx, j.command, append([]string{"nbconvert", "--log-level=ERROR", "--output-dir=" + j.scratch}, args...)...)
	c.Env = j.env
	if j.smoke {
		c.Env = append(c.Env, "ASSAY_NOTEBOOK_SMOKE=1")
	}
	if out, err := c.CombinedOutput(); err != nil {
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		return fmt.Errorf("jupyter: %w: %s", err, lines[len(lines)-1])
	}
	return nil
}

// execute runs a notebook and returns it with its outputs, tidied.
func (j *jupyter) execute(ctx context.Context, file string) ([]byte, error) {
	if err := j.nbconvert(ctx, "--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=600", "--output=executed.ipynb", file); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(filepath.Join(j.scratch, "executed.ipynb"))
	if err != nil {
		return nil, err
	}
	return tidy(data)
}

// html writes the copy for people without a notebook server.
func (j *jupyter) html(ctx context.Context, file string, text []byte) error {
	source := filepath.Join(j.scratch, filepath.Base(file))
	if err := os.WriteFile(source, text, 0o644); err != nil {
		return err
	}
	name := strings.TrimSuffix(filepath.Base(file), ".ipynb") + ".html"
	if err := j.nbconvert(ctx, "--to", "html", "--output="+name, source); err != nil {
		return err
	}
	data, err := os.ReadFile(filepath.Join(j.scratch, name))
	if err != nil {
		return err
	}
	dir := filepath.Join("..", "results", "notebooks")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return replace(filepath.Join(dir, name), data)
}
