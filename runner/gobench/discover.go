package gobench

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"assay/runner/process"
)

// outcome is what one try of a benchmark showed: both empty means that it can be measured.
type outcome struct{ failed, skipped string }

// found are the leaf benchmarks of a binary, in order.
type found struct {
	names []string
	by    map[string]outcome
}

func (f *found) add(name string, o outcome) {
	if _, known := f.by[name]; !known {
		f.names = append(f.names, name)
		f.by[name] = o
	}
}

// mostDeaths bounds how often a binary is started again after a benchmark took it down.
const mostDeaths = 100

// discover runs every wanted benchmark of a binary once, with one iteration,
// to learn the names of its sub-benchmarks and which of them work. One that
// takes the process down is left out of the next try.
func (s *Source) discover(ctx context.Context, b binary, pattern string) (found, error) {
	f := found{by: map[string]outcome{}}
	var skip []string
	for range mostDeaths {
		at, err := s.tryAll(ctx, b, pattern, skip, &f)
		switch {
		case ctx.Err() != nil:
			return f, ctx.Err()
		case err == nil:
			return f, nil
		case at == "":
			return f, err
		}
		f.add(at, outcome{failed: err.Error()})
		skip = append(skip, at)
	}
	return f, fmt.Errorf("more than %d benchmarks take their process down", mostDeaths)
}

// tryAll returns the benchmark that was running when the process failed.
func (s *Source) tryAll(ctx context.Context, b binary, pattern string, skip []string, f *found) (at string, err error) {
	if s.whole {
		return s.tryWhole(ctx, b, pattern, skip, f)
	}
	cmd := s.command(b, pattern, "")
	cmd.Env = append(cmd.Env, "ASSAY_BENCH=list", "ASSAY_BENCH_SKIP="+strings.Join(skip, "\n"))
	p, err := process.Start(ctx, cmd)
	if err != nil {
		return "", err
	}
	defer p.Close()
	var begun []string
	over := func(name string) {
		begun = slices.DeleteFunc(begun, func(x string) bool { return x == name })
		at = parentOf(name, begun)
	}
	err = p.Ask(ctx, "list", s.patience, func(verb, args string) (bool, error) {
		name, text, _ := strings.Cut(args, " ")
		if message, err := strconv.Unquote(text); err == nil {
			text = message
		}
		switch verb {
		case "begin":
			begun, at = append(begun, name), name
		case "leaf":
			f.add(name, outcome{})
			over(name)
		case "failed":
			f.add(name, outcome{failed: "failed: " + text})
			over(name)
		case "skipped":
			f.add(name, outcome{skipped: text})
			over(name)
		case "done":
			return true, nil
		default:
			return true, errors.New("not a word of a list")
		}
		return false, nil
	})
	return at, err
}

// parentOf is the innermost of the begun benchmarks that holds name, or "".
func parentOf(name string, begun []string) string {
	best := ""
	for _, b := range begun {
		if strings.HasPrefix(name, b+"/") && len(b) > len(best) {
			best = b
		}
	}
	return best
}

// nameLine is what go test -v prints when a benchmark starts.
var nameLine = regexp.MustCompile(`^Benchmark\S*$`)

// tryWhole reads the names from the output of an ordinary run.
func (s *Source) tryWhole(ctx context.Context, b binary, pattern string, skip []string, f *found) (at string, err error) {
	cmd := s.command(b, pattern, "")
	args := append(cmd.Args, "-test.v")
	if len(skip) > 0 {
		for i, name := range skip {
			skip[i] = exactly(name)
		}
		args = append(args, "-test.skip="+strings.Join(skip, "|"))
	}
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	run := exec.CommandContext(ctx, cmd.Path, args...)
	run.Dir, run.Env, run.WaitDelay = cmd.Dir, append(run.Environ(), cmd.Env...), time.Second
	out, err := run.CombinedOutput()
	for line := range strings.Lines(string(out)) {
		line = strings.TrimRight(line, "\n")
		if nameLine.MatchString(line) {
			at = line
			continue
		}
		if name, _, _, ok := parseLine(line); ok && means(name, at) {
			f.add(at, outcome{})
			at = ""
		}
		for word, failed := range map[string]bool{"--- FAIL: ": true, "--- SKIP: ": false} {
			name, ok := strings.CutPrefix(line, word)
			switch {
			case ok && failed:
				f.add(name, outcome{failed: "failed: " + firstLog(string(out), line)})
				at = ""
			case ok:
				f.add(name, outcome{skipped: firstLog(string(out), line)})
				at = ""
			}
		}
	}
	if err != nil && at != "" {
		return at, fmt.Errorf("the binary ended (%w): %s", err, reason(string(out)))
	}
	if err != nil && len(f.names) == 0 {
		return "", fmt.Errorf("the binary ended (%w): %s", err, reason(string(out)))
	}
	return "", nil
}

// firstLog is the line after the given one.
func firstLog(out, line string) string {
	_, rest, _ := strings.Cut(out, line+"\n")
	first, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(first)
}

// reason is the line of an output that says why a program died, or its last.
func reason(out string) string {
	last := "it printed nothing"
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			return line
		}
		if line != "" {
			last = line
		}
	}
	return last
}

// exactly is the -test.bench pattern that means this benchmark alone.
func exactly(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}
