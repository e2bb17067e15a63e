package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assay/cmd/cli"
	"assay/runner/clock"
	"assay/runner/plan"
	"assay/runner/samples"
	"assay/runner/trial"
)

// slicesEach is how many slices a made-up restart has per arm.
const slicesEach = 60

// makeRun writes the results folder of the standard run as if it had timed so
// many slices: times of a few microseconds with noise, drift and slow slices.
func makeRun(tb testing.TB, dir string, slices int) {
	tb.Helper()
	p, err := plan.Make(catalog(), plan.Options{Name: "made-up", Command: []string{"assay", "run"}, Seed: 1})
	if err != nil {
		tb.Fatal(err)
	}
	j, err := samples.Create(dir, p, samples.Head{Started: "2026-01-01T00:00:00Z", Commit: "unknown"})
	if err != nil {
		tb.Fatal(err)
	}
	rng, at := rand.New(rand.NewPCG(1, 9)), 0.0 //nolint:gosec // made-up times, the same every time
	for n := 0; n < slices; {
		for i, g := range p.Groups {
			r := madeUp(rng, p, i, n/(slicesEach*len(g.Arms)), at)
			if err := j.Append(samples.Record{Restart: &r}); err != nil {
				tb.Fatal(err)
			}
			n, at = n+len(r.Order), at+r.Took
		}
	}
	if err := j.Append(samples.Record{Tail: &samples.Tail{}}); err != nil {
		tb.Fatal(err)
	}
	if err := j.Close(); err != nil {
		tb.Fatal(err)
	}
}

func madeUp(rng *rand.Rand, p plan.Plan, group, index int, at float64) samples.Restart {
	g := p.Groups[group]
	arms := len(g.Arms)
	r := samples.Restart{Group: group, Index: index, Layout: index % 8, Seed: uint64(index), At: at, Took: 0.1, Arms: g.Arms, Order: plan.Order(uint64(index), arms, slicesEach/2)}
	slow := math.Exp(0.01 * rng.NormFloat64())
	for _, arm := range r.Order {
		ns := int64(2048 * (80 + 10*float64(arm)) * slow * math.Exp(0.02*rng.NormFloat64()))
		if rng.IntN(50) == 0 {
			ns += 100_000
		}
		r.Ops = append(r.Ops, 2048)
		r.Wall, r.Thread, r.Process = append(r.Wall, ns+200), append(r.Thread, ns), append(r.Process, ns+rng.Int64N(100))
		r.Switches = append(r.Switches, 0)
	}
	workers := 1
	if g.Isolated {
		workers = arms
	}
	for range workers {
		e := trial.Ending{Units: make([]map[string]trial.Tally, arms/workers), Digests: make([]uint64, arms/workers)}
		r.Endings = append(r.Endings, e)
	}
	return r
}

// report rebuilds the report of a folder as the command does.
func report(tb testing.TB, dir string) {
	tb.Helper()
	var say bytes.Buffer
	s := cli.Surroundings{In: bytes.NewReader(nil), Out: io.Discard, Err: &say, Clock: clock.System(), Root: "/"}
	if code := cli.Main(catalog(), []string{"report", dir}, s); code != 0 {
		tb.Fatalf("exit %d: %s", code, say.String())
	}
}

// BenchmarkReportOfAMillionSlices rebuilds the report of a run with 10^6 slices;
// the peak is that of the whole process, the making of the run included.
func BenchmarkReportOfAMillionSlices(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "run")
	makeRun(b, dir, 1_000_000)
	for b.Loop() {
		report(b, dir)
	}
	status, err := os.ReadFile("/proc/self/status") // where there is one
	if err != nil {
		return
	}
	for line := range strings.Lines(string(status)) {
		var kb float64
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kb); err == nil {
			b.ReportMetric(kb/1024, "MB-peak")
		}
	}
}

func TestAMadeUpRunIsReportedWhole(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "run")
	makeRun(t, dir, 20_000)
	report(t, dir)
	page, err := os.ReadFile(filepath.Join(dir, "report", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	if len(page) > 1_000_000 || !bytes.Contains(page, []byte(`id="timeline-data"`)) {
		t.Error(fmt.Sprint("the page has ", len(page), " bytes, or no samples over time"))
	}
}
