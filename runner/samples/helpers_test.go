package samples

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assay/runner/host"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/trial"
)

// testPlan has one group of two arms and its control.
func testPlan() plan.Plan {
	arms := []plan.Arm{{Name: "raw", Variant: "raw"}, {Name: "nibble#2", Variant: "nibble"}}
	g := plan.Group{Family: "page", Op: "get-hit", Workload: "realistic,count=40000", Base: "raw", Arms: arms, SliceNS: 400_000}
	control := g
	control.Control = true
	beside := g
	beside.Scenario = "cpu"
	return plan.Plan{Schema: plan.Schema, Name: "run", Command: []string{"assay", "run"}, Seed: 1 << 60, Rows: 2, Groups: []plan.Group{g, beside, control}}
}

func testHead() Head {
	return Head{Started: "2026-01-01T12:00:00Z", Commit: "unknown", Host: host.Host{
		OS: "linux", Arch: "amd64", CPU: "AMD  EPYC\n9", CPUs: 2, GoVersion: "go1.26", Kernel: "6.18",
		Warnings: []host.Warning{{Check: "load", Severity: host.Warn, Message: "the load is 3.2", Mend: "stop other work"}}, Unknown: []string{"power"},
	}}
}

func testRestart(group, index int) Restart {
	return Restart{
		Group: group, Index: index, Layout: index % 3, Seed: 1<<63 + uint64(index), At: 0.25, Took: 1e-3, Arms: testPlan().Groups[0].Arms,
		Order: []int{0, 1, 1, 0}, Ops: []int64{1000, 2000, 2000, 1000}, Wall: []int64{91_200, 200_100, 200_200, 91_300},
		Thread: []int64{91_000, 200_000, 200_000, 91_000}, Process: []int64{95_000, 210_000, 210_000, 95_000}, Switches: []int64{0, 1, 0, 0},
		Endings: []trial.Ending{{Digests: []uint64{1<<64 - 1, 7}, Units: []map[string]trial.Tally{{}, {"records/s": {N: 2, Mean: 1.5}}}, GCCPU: 0.125}},
	}
}

func testRecords() []Record {
	tally := trial.Tally{N: 206, Mean: 758.7, M2: 12.5, Min: 749, Max: 769, Better: "higher"}
	return []Record{
		{Check: &Checked{Group: 0, Checks: []trial.Check{
			{Variant: "raw", Ops: 4096, Units: map[string]trial.Tally{"entries/page": tally}, Allocs: 0.0002441, Bytes: 0.0156},
			{Variant: "nibble#2", Ops: 4096, Units: map[string]trial.Tally{"entries/page": tally, "false-positive-rate": {N: 1, Mean: 0.000122, Better: "lower"}}, Allocs: 2, Bytes: 48},
		}}},
		{Restart: new(testRestart(0, 0))},
		{Warning: "a restart was lost"},
		{Restart: new(testRestart(1, 0))},
		{Restart: new(testRestart(2, 0))},
		{Latency: &Latencies{Group: 0, Arms: []trial.Latency{{Variant: "raw", Ops: 5, Quantiles: map[string]float64{"p50": 91}}}}},
		{Profile: &Profiled{Group: 0, Arm: "raw", Kind: "cpu", File: "profiles/page-raw-cpu.pb.gz", Ops: 10, CPU: 0.3, NsPerOp: 92}},
		{Failure: &result.Failure{Key: result.Key{Family: "page"}, Reason: "panic"}},
		{Tail: &Tail{Host: testHead().Host}},
	}
}

// write stores a run and returns its folder.
func write(t testing.TB, records ...Record) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	j, err := Create(dir, testPlan(), testHead())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if err := j.Append(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func read(t testing.TB, path ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func overwrite(t testing.TB, data []byte, path ...string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(path...), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// wantError checks an error for its parts, and that it is one line.
func wantError(t testing.TB, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	for _, p := range append(parts, "") {
		if !strings.Contains(err.Error(), p) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %q, want one line with %q", err, p)
		}
	}
}
