package selftest

import (
	"math"
	"os"
	"strconv"
	"testing"

	"assay/runner/lab"
	"assay/workloads"
)

// slowdownVariable plants a slowdown in [BenchmarkKernel]: 0.01 runs a
// hundredth more operations than are reported. Unset means none.
const slowdownVariable = "ASSAY_SLOWDOWN"

// BenchmarkKernel runs the kernels of the self-test as a Go benchmark does, so
// that the program in runner/selftest/power can set what users have beside
// assay, on the same loops.
func BenchmarkKernel(b *testing.B) {
	slowdown := 0.0
	if text := os.Getenv(slowdownVariable); text != "" {
		var err error
		if slowdown, err = strconv.ParseFloat(text, 64); err != nil || !(slowdown >= 0 && slowdown <= 1) {
			b.Fatalf("%s=%q: give a share from 0 to 1, such as 0.01", slowdownVariable, text)
		}
	}
	a, inputs := benchInputs(b)
	for _, k := range kernels {
		b.Run(k.name, func(b *testing.B) { sink(k.loop.repeat(a, inputs, planted(b.N, slowdown))) })
	}
}

// planted is the operations to run where n are reported.
func planted(n int, slowdown float64) int {
	return n + int(math.Ceil(float64(n)*slowdown-1e-6))
}

// repeat runs n operations in batches of the laboratory's length, going round
// the inputs, and returns the sum of what the batches returned.
func (k kernel) repeat(a *arena, inputs []workloads.Entry, n int) uint64 {
	const length = 256
	sum, at := uint64(0), 0
	for ; n > 0; n -= length {
		sum += k(a, inputs[at:at+min(length, n)])
		if at += length; at == len(inputs) {
			at = 0
		}
	}
	return sum
}

// benchInputs are as many inputs as the laboratory draws for a long slice.
func benchInputs(tb testing.TB) (*arena, []workloads.Entry) {
	tb.Helper()
	spec, err := workloads.Parse(family.Workloads[0])
	if err != nil {
		tb.Fatal(err)
	}
	data, err := spec.Load(1, 1024)
	if err != nil {
		tb.Fatal(err)
	}
	stream, err := data.Stream(workloads.Fresh, 2)
	if err != nil {
		tb.Fatal(err)
	}
	inputs := make([]workloads.Entry, 8192)
	stream.Next(inputs)
	a, err := newArena(&lab.Env{Seed: 1})
	if err != nil {
		tb.Fatal(err)
	}
	return a, inputs
}

func TestABenchmarkRunsExactlyThePlantedOperations(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n        int
		slowdown float64
		want     int
	}{{1, 0, 1}, {1, 0.01, 2}, {100, 0.01, 101}, {1000, 0.005, 1005}, {1001, 0.005, 1007}, {300_000, 0.07, 321_000}} {
		ran := 0
		var count kernel = func(_ *arena, batch []workloads.Entry) uint64 {
			ran += len(batch)
			return 0
		}
		count.repeat(nil, make([]workloads.Entry, 8192), planted(c.n, c.slowdown))
		if ran != c.want {
			t.Errorf("%d operations and %g on top: ran %d, want %d", c.n, c.slowdown, ran, c.want)
		}
	}
}

func TestEveryKernelDependsOnEveryInputOfABatch(t *testing.T) {
	t.Parallel()
	for _, k := range kernels {
		a, inputs := benchInputs(t)
		batch := inputs[:64]
		a.at = 0
		whole := k.loop(a, batch)
		for _, i := range []int{0, 31, 63} {
			old := batch[i].Key
			batch[i].Key ^= 0x15555555
			a.at = 0
			// The chase forgets: only its last steps show in where it ends.
			if k.loop(a, batch) == whole && (k.name != "chase" || i == 63) {
				t.Errorf("%s: input %d changes nothing", k.name, i)
			}
			batch[i].Key = old
		}
	}
}
