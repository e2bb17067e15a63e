package gobench

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"assay/runner/trial"
	"assay/runner/wire"
)

// wholeEnv carries the specification of a worker that makes whole runs.
const wholeEnv = "ASSAY_WHOLE"

// wholeSpec is one benchmark of a test binary that is no worker itself.
type wholeSpec struct {
	Path   string
	Args   []string
	Name   string
	Count  int
	Memory bool
}

// ServeWhole is a worker for test binaries that cannot be told what to do: each
// slice is a run of the whole binary with -test.benchtime=Nx. It takes its
// specification from the environment through lookup, and speaks package wire.
// What it reports as CPU time is wall time: the start of the process cannot be
// told from the benchmark.
func ServeWhole(ctx context.Context, in io.Reader, out io.Writer, lookup func(string) string) error {
	var spec wholeSpec
	if err := json.Unmarshal([]byte(lookup(wholeEnv)), &spec); err != nil {
		return fmt.Errorf("%s: %w: this worker is started by the runner, not by hand", wholeEnv, err)
	}
	w := wholeWorker{spec: spec, units: map[string]trial.Tally{}}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		answer, over, err := w.answer(ctx, lines.Text())
		if err != nil {
			answer, over = wire.Fail+" "+strconv.Quote(err.Error()), true
		}
		if _, err := io.WriteString(out, answer+"\n"); err != nil || over {
			return err
		}
	}
	return lines.Err()
}

type wholeWorker struct {
	spec          wholeSpec
	allocs, bytes uint64
	units         map[string]trial.Tally
}

func (w *wholeWorker) answer(ctx context.Context, line string) (answer string, over bool, err error) {
	verb, args := wire.Cut(line)
	switch verb {
	case wire.Open:
		return wire.Ready + " " + strconv.Itoa(w.spec.Count), false, nil
	case wire.Run:
		slices, err := wire.ParseRun(args, 1)
		if err != nil {
			return "", true, err
		}
		var out []byte
		for _, s := range slices { // no warm-up: every run is a cold start
			t, err := w.slice(ctx, s.Batches)
			if err != nil {
				return "", true, err
			}
			out = wire.AppendTiming(out, t)
		}
		return string(out) + wire.OK, false, nil
	case wire.End:
		data, err := json.Marshal(trial.Ending{Digests: []uint64{}, Units: []map[string]trial.Tally{w.units}, Allocs: w.allocs, Bytes: w.bytes})
		return wire.End + " " + string(data), true, err
	}
	return "", true, fmt.Errorf("request %.40q is unknown", line)
}

// slice runs the binary once.
func (w *wholeWorker) slice(ctx context.Context, n int) (wire.Timing, error) {
	args := append(append([]string(nil), w.spec.Args...), "-test.v", "-test.bench="+exactly(w.spec.Name), fmt.Sprintf("-test.benchtime=%dx", n))
	if w.spec.Memory {
		args = append(args, "-test.benchmem")
	}
	cmd := exec.CommandContext(ctx, w.spec.Path, args...)
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	for line := range strings.Lines(string(out)) {
		name, ops, units, ok := parseLine(line)
		if !ok || !means(name, w.spec.Name) {
			continue
		}
		w.keep(ops, units)
		wall := int64(units["ns/op"]*float64(ops) + 0.5)
		if err == nil {
			return wire.Timing{Ops: ops, Wall: wall, Thread: wall, Process: wall}, nil
		}
	}
	if err != nil {
		return wire.Timing{}, fmt.Errorf("the binary ended (%w): %s", err, reason(string(out)))
	}
	return wire.Timing{}, fmt.Errorf("it printed no result for %s: %s", w.spec.Name, reason(string(out)))
}

func (w *wholeWorker) keep(ops int64, units map[string]float64) {
	for name, x := range units {
		switch name {
		case "allocs/op":
			w.allocs = uint64(x) * uint64(ops)
		case "B/op":
			w.bytes = uint64(x) * uint64(ops)
		case "ns/op", "MB/s":
		default:
			better := "lower"
			if strings.HasSuffix(name, "/s") {
				better = "higher"
			}
			w.units[name] = trial.Tally{N: 1, Mean: x, Min: x, Max: x, Better: better}
		}
	}
}

// parseLine reads one result line of the benchmark format. The name is as
// printed, with the number of CPUs.
func parseLine(line string) (name string, ops int64, units map[string]float64, ok bool) {
	f := strings.Fields(line)
	if len(f) < 4 || len(f)%2 != 0 || !strings.HasPrefix(f[0], "Benchmark") {
		return "", 0, nil, false
	}
	ops, err := strconv.ParseInt(f[1], 10, 64)
	if err != nil || ops < 1 {
		return "", 0, nil, false
	}
	units = map[string]float64{}
	for i := 2; i < len(f); i += 2 {
		x, err := strconv.ParseFloat(f[i], 64)
		if err != nil {
			return "", 0, nil, false
		}
		units[f[i+1]] = x
	}
	return f[0], ops, units, true
}

// means says that a printed name, which ends in the number of CPUs unless that
// is 1, is the benchmark's.
func means(printed, name string) bool {
	if printed == name {
		return true
	}
	cpus, ok := strings.CutPrefix(printed, name+"-")
	_, err := strconv.Atoi(cpus)
	return ok && err == nil
}
