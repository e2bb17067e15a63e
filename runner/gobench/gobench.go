// Package gobench turns the benchmarks that a Go module already has, at two
// revisions, into cases of the ordinary runner: the test binaries of both sides
// become workers that run one benchmark for a slice of iterations on command,
// in lock-step, with several layouts of the code.
//
// [Prepare] places both sides in a scratch folder (package sides), builds their
// test binaries (package build) with an overlay that makes them workers (package
// overlay), runs every benchmark once to learn the names of its parts, and makes
// the plan. The [Source] it returns is what the runner asks for workers. Nothing
// outside the scratch folder is written, and Close removes that.
//
// What is measured is what the benchmark times: the brackets of its timer, with
// the CPU time of the whole process, collector included. A benchmark that counts
// to b.N is called anew for every slice; one that uses b.Loop is suspended in it.
// Both sides run the same number of iterations per slice.
//
// The work of a benchmark is counted by the same brackets: a worker can mark them
// for a simulator or a tracer that it runs under ([Source.Marked]). Hardware
// counters see one thread, and are not used.
//
// Where the toolchain's package testing is not known, or the binaries were built
// elsewhere, whole runs of the binary stand in for slices: slower, on the wall
// clock alone, but right; the run says so.
package gobench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"assay/runner/clock"
	"assay/runner/gobench/build"
	"assay/runner/gobench/code"
	"assay/runner/gobench/sides"
	"assay/runner/plan"
	"assay/runner/process"
	"assay/runner/result"
)

// Options is what the user asked for.
type Options struct {
	Dir        string   // where the command was given
	Base, Head string   // revisions; Base empty: the merge base; Head empty or "worktree": the working tree
	Bins       []string // test binaries, old and new, instead of revisions
	Bench      string   // pattern of go test -bench; empty means all
	Packages   []string // patterns; empty means ./...
	Pass       []string // flags for go test
	Name       string
	Command    []string
	Seed       uint64
	Each       time.Duration // of timing, per benchmark
	Threshold  float64       // 0: 1 %, or 2.5 % with one layout
	Alpha      float64
	Layouts    int // per side; 0: as many as Each is worth, and links take little of it
	Restarts   int // exactly so many; 0: until decided
	Profile    []string
	Counters   string          // auto, simulated or none; perf cannot count benchmarks
	Patience   time.Duration   // how long a benchmark may say nothing before it counts as hung
	Helper     process.Command // this program as the worker that makes whole runs
	Clock      clock.Clock
	Say        func(string) // told about every step

	auto bool // assay chose the number of layouts
}

// Prepared is a comparison that is ready to run.
type Prepared struct {
	Plan     plan.Plan
	Source   *Source
	Failures []result.Failure // rows that cannot be measured
	Warnings []string
	Base     string // what the sides are, in words
	Head     string

	GoVersion string // toolchain of the sides; two where they differ
}

// Close removes everything that was made.
func (p *Prepared) Close() { os.RemoveAll(p.Source.scratch) } //nolint:errcheck // temporary

// Prepare builds both sides and makes the plan. Whatever it made is gone when
// it fails.
func Prepare(ctx context.Context, o Options) (*Prepared, error) {
	if o.Say == nil {
		o.Say = func(string) {}
	}
	if err := o.complete(); err != nil {
		return nil, err
	}
	flags, err := build.ParseFlags(o.Pass)
	if err == nil {
		err = o.countable(ctx, flags)
	}
	if err != nil {
		return nil, err
	}
	scratch, err := os.MkdirTemp("", "assay-ab-")
	if err == nil {
		scratch, err = filepath.EvalSymlinks(scratch)
	}
	if err == nil {
		err = os.Mkdir(filepath.Join(scratch, "tmp"), 0o700)
	}
	if err != nil {
		return nil, fmt.Errorf("scratch folder: %w", err)
	}
	p := &preparation{Options: o, flags: flags, code: map[string]*code.Difference{}, out: &Prepared{Source: &Source{
		clock: o.Clock, patience: o.Patience, scratch: scratch, layouts: o.Layouts, run: flags.Run, helper: o.Helper,
		sides: map[string]map[string]binary{}, settings: map[string]setting{}, notes: map[string]string{},
	}}}
	if err := p.run(ctx); err != nil {
		p.out.Close()
		return nil, err
	}
	return p.out, nil
}

// complete checks the options and fills in the defaults.
func (o *Options) complete() error {
	if o.Bench == "" {
		o.Bench = "."
	}
	for _, part := range strings.Split(o.Bench, "/") {
		if _, err := regexp.Compile(part); err != nil {
			return fmt.Errorf("--bench %q: %w", o.Bench, err)
		}
	}
	if len(o.Packages) == 0 {
		o.Packages = []string{"./..."}
	}
	if o.Alpha == 0 {
		o.Alpha = 0.01
	}
	if !(o.Alpha > 0 && o.Alpha < 0.5) {
		return fmt.Errorf("--alpha %g: the chance of a false alarm lies above 0 and below 0.5", o.Alpha)
	}
	if !(o.Threshold >= 0 && o.Threshold < 1) {
		return fmt.Errorf("--threshold %g: give a share above 0 and below 1, such as 1%%", o.Threshold)
	}
	if o.Restarts < 0 || o.Restarts == 1 {
		return fmt.Errorf("--restarts %d: an interval needs at least 2", o.Restarts)
	}
	if err := plan.Profiles(o.Profile).Check(); err != nil {
		return err
	}
	if n := len(o.Bins); n != 0 && n != 2 {
		return fmt.Errorf("--bin is given %d times: give the old test binary, then the new one", n)
	}
	if o.Layouts == 0 {
		o.Layouts = 1
		if o.Each >= autoLayoutsFor {
			o.Layouts, o.auto = autoLayouts, true
		}
	}
	if len(o.Bins) > 0 {
		o.Layouts = 1
		if o.Base != "" || o.Head != "" && o.Head != sides.Worktree || len(o.Pass) > 0 {
			return errors.New("--bin takes binaries as they are: leave out --base, --head and the flags after --")
		}
	}
	if runtime.GOOS == "windows" {
		o.Layouts = 1
	}
	return nil
}

// preparation is a Prepare under way.
type preparation struct {
	Options
	flags build.Flags
	code  map[string]*code.Difference // by package
	out   *Prepared
}

// The names of the sides.
const (
	baseSide = "base"
	headSide = "head"
)

func (p *preparation) run(ctx context.Context) error {
	var err error
	if len(p.Bins) > 0 {
		err = p.takeBinaries()
	} else {
		err = p.buildSides(ctx)
	}
	if err != nil {
		return err
	}
	p.compareCode()
	rows, err := p.rows(ctx)
	if err != nil {
		return err
	}
	p.labelCode(rows)
	return p.plan(rows)
}
