// Package wire is what a runner and its worker processes say to each other:
// one line of text per message, so that a person can play either side, and so
// that a worker which may import nothing (a rewritten package testing) can
// speak it too.
//
// The runner writes requests to the worker's standard input; the worker
// answers on a pipe of its own, file descriptor 3, because the code under test
// may print what it likes on standard output.
//
//	open {json}                 -> ready BATCHES...      one calibrated count per arm
//	run ARM WARM BATCHES ...    -> slice ARM OPS WALL THREAD PROCESS SWITCHES   (one line each, then) ok
//	end                         -> end {json}
//	anything that fails         -> fail MESSAGE          and the worker exits
//
// Times are integers in nanoseconds. The reader is strict: whatever does not
// match the grammar is an error that quotes the line.
package wire

import (
	"fmt"
	"strconv"
	"strings"
)

// Slice asks for one slice: Warm untimed batches, then Batches timed ones, of arm Arm.
type Slice struct{ Arm, Warm, Batches int }

// Timing is what one slice took: Ops operations, times in nanoseconds, and how
// often the kernel took the CPU away.
type Timing struct {
	Arm      int
	Ops      int64
	Wall     int64
	Thread   int64
	Process  int64
	Switches int64
}

// Verbs of the protocol.
const (
	Open  = "open"
	Ready = "ready"
	Run   = "run"
	Timed = "slice"
	OK    = "ok"
	End   = "end"
	Fail  = "fail"
)

// mostBatches bounds a slice, so that no sum or product of its counts overflows.
const mostBatches = 1 << 30

// FormatRun renders a run request for the slices, without the newline.
func FormatRun(slices []Slice) string {
	b := make([]byte, 0, 16*len(slices))
	b = append(b, Run...)
	for _, s := range slices {
		for _, x := range [...]int{s.Arm, s.Warm, s.Batches} {
			b = strconv.AppendInt(append(b, ' '), int64(x), 10)
		}
	}
	return string(b)
}

// ParseRun reads the arguments of a run request for a worker of so many arms.
func ParseRun(args string, arms int) ([]Slice, error) {
	xs, err := integers(args)
	if err != nil {
		return nil, err
	}
	if len(xs) == 0 || len(xs)%3 != 0 {
		return nil, fmt.Errorf("a run request takes triples of arm, warm and batches, not %d numbers", len(xs))
	}
	slices := make([]Slice, 0, len(xs)/3)
	for i := 0; i < len(xs); i += 3 {
		s := Slice{Arm: int(xs[i]), Warm: int(xs[i+1]), Batches: int(xs[i+2])}
		if s.Arm < 0 || s.Arm >= arms || s.Warm < 0 || s.Warm > mostBatches || s.Batches < 1 || s.Batches > mostBatches {
			return nil, fmt.Errorf("slice %v is out of range for %d arms", s, arms)
		}
		slices = append(slices, s)
	}
	return slices, nil
}

// AppendTiming renders a slice answer and its newline onto b.
func AppendTiming(b []byte, t Timing) []byte {
	b = append(b, Timed...)
	for _, x := range [...]int64{int64(t.Arm), t.Ops, t.Wall, t.Thread, t.Process, t.Switches} {
		b = strconv.AppendInt(append(b, ' '), x, 10)
	}
	return append(b, '\n')
}

// ParseTiming reads the arguments of a slice answer. Counts must not be
// negative, and a slice must hold operations; times may be zero on a coarse
// clock but never negative.
func ParseTiming(args string) (Timing, error) {
	xs, err := integers(args)
	if err != nil {
		return Timing{}, err
	}
	if len(xs) != 6 {
		return Timing{}, fmt.Errorf("a slice answer takes 6 numbers, not %d", len(xs))
	}
	for i, x := range xs {
		if x < 0 {
			return Timing{}, fmt.Errorf("field %d of a slice answer is %d: a clock went backwards", i+1, x)
		}
	}
	if xs[1] == 0 {
		return Timing{}, fmt.Errorf("a slice answer reports no operations")
	}
	return Timing{Arm: int(xs[0]), Ops: xs[1], Wall: xs[2], Thread: xs[3], Process: xs[4], Switches: xs[5]}, nil
}

// Integers reads space-separated integers, as in a ready answer.
func Integers(args string) ([]int64, error) { return integers(args) }

// Cut splits a line into its verb and the rest.
func Cut(line string) (verb, args string) {
	verb, args, _ = strings.Cut(strings.TrimRight(line, "\r\n"), " ")
	return verb, args
}

func integers(args string) ([]int64, error) {
	fields := strings.Fields(args)
	xs := make([]int64, len(fields))
	for i, f := range fields {
		x, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("field %d is %.20q, not a whole number", i+1, f)
		}
		xs[i] = x
	}
	return xs, nil
}
