package gobench

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"assay/runner/clock"
	"assay/runner/plan"
	"assay/runner/process"
	"assay/runner/trial"
)

// Source starts the workers of a comparison of two revisions: it is what the
// runner asks for processes, checks and profiles.
type Source struct {
	clock    clock.Clock
	patience time.Duration
	scratch  string
	layouts  int
	whole    bool            // the binaries are not workers: whole runs stand in for slices
	helper   process.Command // this program, as the worker that makes whole runs
	run      []string        // flags of the test binaries
	sides    map[string]map[string]binary
	settings map[string]setting
	notes    map[string]string // remarks, by package and benchmark
}

// binary is one package's test binary on one side.
type binary struct {
	paths []string // one per layout
	dir   string   // where it runs
}

// keyOf names a row; its null control shares it.
func keyOf(g plan.Group) string { return g.Family + " " + g.Op + " " + g.Workload }

// Layouts is the number of builds per side.
func (s *Source) Layouts() int { return s.layouts }

// Worker is the command that starts a worker for the arm's side.
func (s *Source) Worker(g plan.Group, a plan.Arm, layout int) process.Command {
	return s.worker(g, a.Variant, layout, "time", s.settings[keyOf(g)])
}

func (s *Source) worker(g plan.Group, side string, layout int, mode string, x setting) process.Command {
	b := s.sides[side][g.Family]
	b.paths = b.paths[layout : layout+1]
	top, _, _ := strings.Cut(g.Op, "/")
	cmd := s.command(b, exactly(top), cpusOf(g))
	if s.whole {
		spec := wholeSpec{Path: cmd.Path, Args: cmd.Args, Name: g.Op, Count: max(1, x.count), Memory: mode == "count"}
		text, err := json.Marshal(spec)
		if err != nil {
			text = nil // strings and numbers always marshal
		}
		return process.Command{Path: s.helper.Path, Args: s.helper.Args, Dir: cmd.Dir, Env: append(cmd.Env, wholeEnv+"="+string(text))}
	}
	cmd.Env = append(cmd.Env, "ASSAY_BENCH="+mode, "ASSAY_BENCH_NAME="+g.Op, "ASSAY_BENCH_COUNT="+strconv.Itoa(max(1, x.count)))
	if x.cold {
		cmd.Env = append(cmd.Env, "ASSAY_BENCH_COLD=1")
	}
	return cmd
}

// command runs benchmarks of a binary as go test would, once each.
func (s *Source) command(b binary, pattern, cpus string) process.Command {
	args := []string{"-test.run=^$", "-test.bench=" + pattern, "-test.benchtime=1x", "-test.timeout=0"}
	if cpus != "" {
		args = append(args, "-test.cpu="+cpus)
	}
	return process.Command{
		Path: b.paths[0], Args: append(args, s.run...), Dir: b.dir,
		Env: []string{"TMPDIR=" + filepath.Join(s.scratch, "tmp"), "PWD=" + b.dir},
	}
}

// The workload of a row is the number of CPUs it is given, where -cpu names some.
const plainWorkload = "bench"

func workloadFor(cpus string) string {
	if cpus == "" {
		return plainWorkload
	}
	return "cpu=" + cpus
}

func cpusOf(g plan.Group) string {
	cpus, _ := strings.CutPrefix(g.Workload, "cpu=")
	if cpus == g.Workload {
		return ""
	}
	return cpus
}

// Latency has no answer: a benchmark does not show where one operation ends.
func (s *Source) Latency(context.Context, plan.Group, plan.Trial) ([]trial.Latency, error) {
	return nil, errors.New("benchmarks do not show where one operation ends: there are no latencies")
}
