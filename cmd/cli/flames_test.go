package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"assay/runner/plan"
	"assay/runner/samples"
)

// sampledFile writes a profile whose stacks, "op;phase;function", have n samples of 10 ms each.
func sampledFile(t *testing.T, dir, name string, stacks map[string]int64) {
	t.Helper()
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, Period: 1e7,
	}
	for stack, n := range stacks {
		part := strings.Split(stack, ";")
		f := &profile.Function{ID: uint64(len(p.Function) + 1), Name: part[2]}
		l := &profile.Location{ID: f.ID, Line: []profile.Line{{Function: f}}}
		p.Function, p.Location = append(p.Function, f), append(p.Location, l)
		s := &profile.Sample{Value: []int64{n, n * 1e7}, Location: []*profile.Location{l}, Label: map[string][]string{"op": {part[0]}, "workload": {"w"}}}
		if part[1] != "" {
			s.Label["phase"] = []string{part[1]}
		}
		p.Sample = append(p.Sample, s)
	}
	var out bytes.Buffer
	if err := p.Write(&out); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func profiledRun(t *testing.T) *samples.Run {
	t.Helper()
	dir := t.TempDir()
	sampledFile(t, dir, "a", map[string]int64{"get;timed;look": 100, "get;;load": 900, "put;timed;store": 50})
	sampledFile(t, dir, "b", map[string]int64{"get;timed;look": 300, "put;timed;store": 2})
	sampledFile(t, dir, "none", map[string]int64{"get;timed;look": 1})
	arms := []plan.Arm{{Name: "a"}, {Name: "b"}}
	return &samples.Run{
		Dir: dir, Plan: plan.Plan{Groups: []plan.Group{{Op: "get", Workload: "w", Arms: arms}, {Op: "put", Workload: "w", Arms: arms}, {Op: "idle", Workload: "w", Arms: arms}}},
		Profiles: []samples.Profiled{
			{Group: 1, Arm: "a", Kind: "cpu", File: "a", Ops: 1000},
			{Group: 0, Arm: "b", Kind: "cpu", File: "b", Ops: 1000},
			{Group: 0, Arm: "b", Kind: "cpu", File: "b", Ops: 2000},
			{Group: 0, Arm: "a", Kind: "cpu", File: "a", Ops: 1000},
			{Group: 2, Arm: "a", Kind: "cpu", File: "none", Ops: 1000},
			{Group: 0, Arm: "a", Kind: "trace", File: "missing", Ops: 1},
		},
	}
}

func TestFlamesAreOfTimedSamplesOfOneOperationPerOperation(t *testing.T) {
	t.Parallel()
	run := profiledRun(t)
	all, err := flames(run, newProfileFiles(run))
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || all[0].Op != "get" || all[1].Op != "put" {
		t.Fatalf("%d graphs, want get and put in the plan's order: idle was not sampled, a trace has no frames", len(all))
	}
	get := all[0]
	if !slices.Equal(get.Sides, []string{"a", "b"}) || get.Graph.Total(0) != 1e9/1000 || get.Graph.Total(1) != 3e9/3000 {
		t.Errorf("sides %v take %g and %g ns/op, want 1e6 each: loading left out, both passes of b counted", get.Sides, get.Graph.Total(0), get.Graph.Total(1))
	}
	if want := "/get, cpu, w"; get.Graph.Title != want {
		t.Errorf("the title is %q, want %q", get.Graph.Title, want)
	}
}

func TestAMissingOrDamagedProfileIsNamed(t *testing.T) {
	t.Parallel()
	run := profiledRun(t)
	if err := os.WriteFile(filepath.Join(run.Dir, "b"), []byte("no profile"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := flames(run, newProfileFiles(run)); err == nil || !strings.Contains(err.Error(), filepath.Join(run.Dir, "b")) || !strings.Contains(err.Error(), "restore it") {
		t.Errorf("got %v", err)
	}
	if err := os.Remove(filepath.Join(run.Dir, "b")); err != nil {
		t.Fatal(err)
	}
	if _, err := flames(run, newProfileFiles(run)); err == nil {
		t.Error("a missing profile is no error")
	}
}
