package main

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
)

const (
	kernelPackage = "assay/runner/selftest"
	slowdown      = "ASSAY_SLOWDOWN" // environment variable that BenchmarkKernel reads
	count         = 10               // samples per side, as the documentation of benchstat asks for
)

// build compiles the benchmarks of the kernels.
func build(ctx context.Context, dir string) (binary string, err error) {
	binary = filepath.Join(dir, "kernels.test")
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-o", binary, kernelPackage)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the benchmarks of %s: %w: %s; run this from the root of assay's source, with Go in PATH", kernelPackage, err, firstLine(out))
	}
	return binary, nil
}

// usual compares as most users do: all samples of one side, then all of the other.
func usual(binary string) method {
	return method{name: "go test", compare: func(ctx context.Context, t task, seconds float64) (outcome, error) {
		return compare(ctx, t, 1, sampler(binary, t, count, seconds/(2*count)))
	}}
}

// alternating takes the samples of both sides in turn, a process for each.
func alternating(binary string) method {
	return method{name: "alternating", compare: func(ctx context.Context, t task, seconds float64) (outcome, error) {
		return compare(ctx, t, count, sampler(binary, t, 1, seconds/(2*count)))
	}}
}

// compare samples both sides in so many rounds and applies benchstat's test.
func compare(ctx context.Context, t task, rounds int, sample func(ctx context.Context, effect float64) ([]float64, error)) (outcome, error) {
	var plain, slowed []float64
	order := []bool{t.first, !t.first} // is this side slowed?
	for range rounds {
		for _, slow := range order {
			effect, side := 0.0, &plain
			if slow {
				effect, side = t.effect, &slowed
			}
			xs, err := sample(ctx, effect)
			if err != nil {
				return outcome{}, err
			}
			*side = append(*side, xs...)
		}
	}
	return judge(plain, slowed, t.effect), nil
}

// judge compares two samples as benchstat does: medians, and the U test.
func judge(plain, slowed []float64, effect float64) outcome {
	a, b := benchmath.NewSample(plain, &benchmath.DefaultThresholds), benchmath.NewSample(slowed, &benchmath.DefaultThresholds)
	const confidence = 0.95
	before, after := benchmath.AssumeNothing.Summary(a, confidence), benchmath.AssumeNothing.Summary(b, confidence)
	return outcome{
		ratio: after.Center / before.Center, truth: 1 + effect, p: benchmath.AssumeNothing.Compare(a, b).P,
		lo: math.NaN(), hi: math.NaN(), samples: len(plain),
	}
}

// sampler runs the benchmark once and returns seconds per operation, n values.
func sampler(binary string, t task, n int, seconds float64) func(context.Context, float64) ([]float64, error) {
	return func(ctx context.Context, effect float64) ([]float64, error) {
		cmd := exec.CommandContext(ctx, binary, "-test.run=^$", "-test.bench=^BenchmarkKernel$/^"+t.kernel+"$",
			fmt.Sprintf("-test.count=%d", n), "-test.benchtime="+time.Duration(seconds*float64(time.Second)).String())
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%g", slowdown, effect))
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("the benchmark: %w: %s", err, firstLine(append(out, stderr.Bytes()...)))
		}
		return times(out, t.kernel, n)
	}
}

// times reads seconds per operation from what go test printed. Fewer or more
// results than were asked for are an error, as is a line it cannot read.
func times(out []byte, kernel string, want int) ([]float64, error) {
	var xs []float64
	r := benchfmt.NewReader(bytes.NewReader(out), "go test")
	for r.Scan() {
		switch rec := r.Result().(type) {
		case *benchfmt.SyntaxError:
			return nil, rec
		case *benchfmt.Result:
			if name := rec.Name.Full(); !bytes.HasPrefix(name, []byte("Kernel/"+kernel+"-")) && string(name) != "Kernel/"+kernel {
				return nil, fmt.Errorf("the benchmark printed a result of %s, want Kernel/%s", name, kernel)
			}
			x, ok := rec.Value("sec/op")
			if !ok || !(x > 0) {
				return nil, fmt.Errorf("the benchmark printed no time for %s", rec.Name)
			}
			xs = append(xs, x)
		}
	}
	if err := r.Err(); err != nil {
		return nil, err
	}
	if len(xs) != want {
		return nil, fmt.Errorf("the benchmark printed %d results, want %d", len(xs), want)
	}
	return xs, nil
}

func firstLine(text []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	return line
}
