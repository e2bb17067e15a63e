package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/perf/benchfmt"
)

// scriptCommands are the words of our own in the scripts.
func scriptCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"exits":     exits,
		"refuses":   refuses,
		"interrupt": ended(os.Interrupt),
		"hangup":    ended(syscall.SIGHUP),
		"truncate":  truncate,
		"edit":      edit,
		"same":      same,
		"mean":      mean,
		"denser":    denser,
		"verdict":   verdict,
		"json":      validJSON,
		"benchfmt":  readsAsBenchmarks,
		"profiles":  opensInPprof,
		"prices":    prices,
	}
}

// exits CODE PROGRAM ARG... runs the program and wants that exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) >= 2, "exits CODE PROGRAM ARG...")
	var code *exec.ExitError
	got := 0
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &code) {
		got = code.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit code %d, want %s", got, args[0])
	}
}

// refuses PATTERN PROGRAM ARG... wants exit code 2, nothing on standard output,
// and one line on standard error that matches the pattern.
func refuses(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) >= 2, "refuses PATTERN PROGRAM ARG...")
	pattern, err := regexp.Compile(args[0])
	ts.Check(err)
	exits(ts, false, append([]string{"2"}, args[1:]...))
	line, more, _ := strings.Cut(ts.ReadFile("stderr"), "\n")
	if more != "" || ts.ReadFile("stdout") != "" {
		ts.Fatalf("a refusal is one line on standard error and nothing else")
	}
	if !strings.HasPrefix(line, "assay: ") || !pattern.MatchString(line) {
		ts.Fatalf("%q does not match %q", line, args[0])
	}
}

// ended is the command that sends a signal to a program, by hand (interrupt) or by
// a terminal that goes away (hangup).
func ended(by os.Signal) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) { interrupt(ts, neg, args, by) }
}

// interrupt CODE TEXT PROGRAM ARG... sends a signal once the program has written
// the text on standard error, and wants that exit code. What was written is
// what `stdout` and `stderr` then look at.
func interrupt(ts *testscript.TestScript, neg bool, args []string, by os.Signal) {
	usage(ts, !neg && len(args) >= 3, "interrupt|hangup CODE TEXT PROGRAM ARG...")
	path, err := exec.LookPath(args[2])
	ts.Check(err)
	var out bytes.Buffer
	heard := &listener{text: args[1], found: make(chan struct{})}
	cmd := exec.Command(path, args[3:]...)
	cmd.Dir, cmd.Env = ts.Getenv("WORK"), append(os.Environ(), "TMPDIR="+ts.Getenv("TMPDIR"))
	cmd.Stdout, cmd.Stderr = &out, heard
	ts.Check(cmd.Start())
	select {
	case <-heard.found:
		ts.Check(cmd.Process.Signal(by))
	case <-time.After(2 * time.Minute): // long enough under the race detector on a busy machine
		ts.Check(cmd.Process.Kill())
	}
	err = cmd.Wait()
	_, errOut := ts.Stdout().Write(out.Bytes())
	ts.Check(errOut)
	_, errOut = ts.Stderr().Write(heard.all.Bytes())
	ts.Check(errOut)
	if got := cmd.ProcessState.ExitCode(); strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit code %d (%v), want %s after %q; it wrote:\n%s", got, err, args[0], args[1], heard.all.String())
	}
}

// listener keeps what is written to it and says when a text has come by.
type listener struct {
	text  string
	found chan struct{}
	once  sync.Once
	all   bytes.Buffer
}

func (l *listener) Write(b []byte) (int, error) {
	n, err := l.all.Write(b)
	if strings.Contains(l.all.String(), l.text) {
		l.once.Do(func() { close(l.found) })
	}
	return n, err
}

// truncate FILE PERCENT cuts a file to a share of its length.
func truncate(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "truncate FILE PERCENT")
	percent, err := strconv.Atoi(args[1])
	ts.Check(err)
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), info.Size()*int64(percent)/100))
}

// edit FILE OLD NEW replaces the first occurrence of a text that must be there.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 3, "edit FILE OLD NEW")
	before := ts.ReadFile(args[0])
	after := strings.Replace(before, args[1], args[2], 1)
	if after == before {
		ts.Fatalf("%s does not contain %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(after), 0o644))
}

// same A B wants two folders to hold the same files with the same bytes.
func same(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "same FOLDER FOLDER")
	a, b := files(ts, args[0]), files(ts, args[1])
	if len(a) == 0 || !slices.Equal(a, b) {
		ts.Fatalf("%s holds %v, %s holds %v", args[0], a, args[1], b)
	}
	for _, name := range a {
		if ts.ReadFile(filepath.Join(args[0], name)) != ts.ReadFile(filepath.Join(args[1], name)) {
			ts.Fatalf("%s differs between %s and %s", name, args[0], args[1])
		}
	}
}

func files(ts *testscript.TestScript, folder string) (names []string) {
	root := ts.MkAbs(folder)
	ts.Check(filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			names = append(names, strings.TrimPrefix(p, root))
		}
		return err
	}))
	return names
}

// benchfmt FILE COUNT wants that many results of the Go benchmark format, each
// named by op, variant and workload, and each with units that carry a number.
func readsAsBenchmarks(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "benchfmt FILE COUNT")
	r, n := benchfmt.NewReader(strings.NewReader(ts.ReadFile(args[0])), args[0]), 0
	for r.Scan() {
		switch line := r.Result().(type) {
		case *benchfmt.SyntaxError:
			ts.Fatalf("%v", line)
		case *benchfmt.Result:
			n++
			for _, key := range []string{"/op=", "/variant=", "/workload="} {
				if !strings.Contains(line.Name.String(), key) {
					ts.Fatalf("%s has no %s", line.Name, key)
				}
			}
			if ns, ok := line.Value("ns/op"); ok && ns <= 0 {
				ts.Fatalf("%s takes %v ns/op", line.Name, ns)
			}
		}
	}
	ts.Check(r.Err())
	if strconv.Itoa(n) != args[1] {
		ts.Fatalf("%d results, want %s", n, args[1])
	}
}

// profiles FOLDER COUNT wants that many profiles, each of which the Go tool opens.
func opensInPprof(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "profiles FOLDER COUNT")
	paths, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*.pb.gz"))
	ts.Check(err)
	if strconv.Itoa(len(paths)) != args[1] {
		ts.Fatalf("%d profiles in %s, want %s", len(paths), args[0], args[1])
	}
	for _, p := range paths {
		out, err := exec.Command("go", "tool", "pprof", "-top", p).CombinedOutput()
		if err != nil || !bytes.Contains(out, []byte("flat%")) {
			ts.Fatalf("go tool pprof -top %s: %v\n%s", filepath.Base(p), err, out)
		}
	}
}

// json FILE wants one JSON value and nothing after it.
func validJSON(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1, "json FILE")
	var value map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &value))
}

func usage(ts *testscript.TestScript, ok bool, text string) {
	if !ok {
		ts.Fatalf("usage: %s", text)
	}
}
