package gobench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"assay/runner/plan"
	"assay/runner/trial"
)

// Profile runs slices of the benchmark for the trial's time in a worker that
// observes what the benchmark times, and nothing else. The first slice is not
// observed. The passes go through the layouts.
func (s *Source) Profile(ctx context.Context, g plan.Group, t plan.Trial) (trial.ProfileReport, error) {
	var r trial.ProfileReport
	if err := (plan.Profiles{t.Profile}).Check(); err != nil {
		return r, err
	}
	if s.whole {
		return s.profileWhole(ctx, g, t)
	}
	x := s.settings[keyOf(g)]
	x.cold = true // nothing alternates with it
	cmd := s.worker(g, t.Arms[0].Variant, max(0, t.Restart-1)%s.layouts, "time", x)
	cmd.Env = append(cmd.Env, "ASSAY_BENCH_PROFILE="+t.Profile, "ASSAY_BENCH_HERTZ="+strconv.Itoa(t.Hertz))
	p, err := s.probe(ctx, cmd)
	if err != nil {
		return r, err
	}
	defer p.Close()
	if _, _, err := p.slice(ctx, max(1, x.count)); err != nil {
		return r, err
	}
	process := 0.0
	for began := s.clock.Wall(); !r.Enough(time.Duration(t.Millis)*time.Millisecond, s.clock.Wall()-began); {
		took, _, err := p.slice(ctx, max(1, x.count))
		if err != nil {
			return r, err
		}
		r.Ops += took.Ops
		r.CPU += float64(took.Thread) / 1e9
		process += float64(took.Process) / 1e9
	}
	r.Process = max(r.CPU, process)
	err = p.finish(ctx, &r)
	return r, err
}

// wholeFlags are those of package testing for each kind of profile.
var wholeFlags = map[string][]string{
	"cpu":    {"-test.cpuprofile"},
	"heap":   {"-test.memprofilerate=4096", "-test.memprofile"},
	"allocs": {"-test.memprofilerate=1", "-test.memprofile"},
	"mutex":  {"-test.mutexprofilefraction=1", "-test.mutexprofile"},
	"block":  {"-test.blockprofilerate=1", "-test.blockprofile"},
	"trace":  {"-test.trace"},
}

// profileWhole runs a binary that is no worker as an ordinary test, with the
// profile of package testing. It sees the benchmark's setup, too.
func (s *Source) profileWhole(ctx context.Context, g plan.Group, t plan.Trial) (trial.ProfileReport, error) {
	r := trial.ProfileReport{Whole: true}
	b := s.sides[t.Arms[0].Variant][g.Family]
	cmd := s.command(b, exactly(g.Op), cpusOf(g))
	dir, err := os.MkdirTemp(s.scratch, "profile")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, t.Profile)
	times := max(1, s.settings[keyOf(g)].count*int(time.Duration(t.Millis)*time.Millisecond/wholeSlice))
	flags := wholeFlags[t.Profile]
	args := append(cmd.Args, "-test.v", fmt.Sprintf("-test.benchtime=%dx", times)) // -v: or what it prints would part its name from its result
	args = append(append(args, flags[:len(flags)-1]...), flags[len(flags)-1]+"="+file)
	run := exec.CommandContext(ctx, cmd.Path, args...)
	run.Dir, run.Env, run.WaitDelay = cmd.Dir, append(run.Environ(), cmd.Env...), time.Second
	out, err := run.CombinedOutput()
	if err != nil {
		return r, fmt.Errorf("%w: %s", err, reason(string(out)))
	}
	for line := range strings.Lines(string(out)) {
		if name, n, units, ok := parseLine(line); ok && means(name, g.Op) {
			r.Ops = n + 1 // package testing tries one iteration first
			r.CPU = units["ns/op"] * float64(r.Ops) / 1e9
			r.Process = r.CPU
		}
	}
	if r.Ops == 0 {
		return r, fmt.Errorf("the benchmark printed no result: %s", reason(string(out)))
	}
	r.Profile, err = os.ReadFile(file)
	return r, err
}
