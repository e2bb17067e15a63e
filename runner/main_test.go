package runner

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"assay/profiles/counters"
	"assay/runner/clock"
	"assay/runner/trial"
	"assay/runner/wire"
)

// The test binary is its own worker: with this variable set it plays a scripted
// one, so that the runner's tests have real processes and exact times.
const scriptVariable = "ASSAY_TEST_WORKER"

func TestMain(m *testing.M) {
	switch script := os.Getenv(scriptVariable); {
	case script == realWorker && os.Args[1] == "trace-calls":
		if err := counters.Trace(os.Args[2], os.Args[3:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	case script == realWorker:
		if err := trial.Serve(os.Stdin, os.NewFile(3, "answers"), clock.System(), countedRooms(), os.Args[1]); err != nil {
			os.Exit(1)
		}
		return
	case script != "":
		play(script)
		return
	}
	os.Exit(m.Run())
}

// play speaks package wire: arm i takes 1000 ns per operation, arm 1 and up
// ratio times that. The script is RATIO, or what the worker does wrong.
func play(script string) {
	out := os.NewFile(3, "answers")
	ratio, err := strconv.ParseFloat(script, 64)
	if err != nil {
		ratio = 1
	}
	arms := 1
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		verb, args := wire.Cut(in.Text())
		switch {
		case verb == wire.Open && script == "dies":
			fmt.Fprintln(os.Stderr, "out of luck")
			os.Exit(3)
		case verb == wire.Open:
			arms = strings.Count(args, `"name"`)
			fmt.Fprintln(out, wire.Ready, strings.TrimSpace(strings.Repeat("4 ", arms)))
		case verb == wire.Run && script == "garbage":
			fmt.Fprintln(out, "slice of cake")
		case verb == wire.Run && script == "backwards":
			fmt.Fprintln(out, "slice 0 1024 -5 1 1 0")
		case verb == wire.Run:
			slices, err := wire.ParseRun(args, arms)
			if err != nil {
				fmt.Fprintln(out, wire.Fail, strconv.Quote(err.Error()))
				return
			}
			for _, s := range slices {
				ns := int64(1000 * s.Batches * 256)
				if s.Arm > 0 {
					ns = int64(float64(ns) * ratio)
				}
				out.Write(wire.AppendTiming(nil, wire.Timing{Arm: s.Arm, Ops: int64(256 * s.Batches), Wall: ns, Thread: ns, Process: ns})) //nolint:errcheck // a test's pipe
			}
			fmt.Fprintln(out, wire.OK)
		case verb == wire.End:
			fmt.Fprintln(out, wire.End, `{"digests":[],"units":[]}`)
			return
		}
	}
}
