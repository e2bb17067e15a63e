package runner

import (
	"context"

	"assay/runner/mark"
	"assay/runner/samples/work"
	"assay/runner/wire"
)

const (
	// The iterations of a counted stretch are a power of this, so that two runs,
	// whose instructions differ by little, choose alike.
	growth = 4
	// A benchmark that stops its timer in every iteration leaves as many counts,
	// each of which takes as long as some thousand iterations.
	mostBrackets = 64
)

// iterations counts a benchmark, which cannot be run for no iterations at all:
// a stretch of many less one of few. What it does once per call, such as set-up
// within its timer, cancels out. Both come after a stretch as long that is not
// counted, so that memory, caches and lazy tables are as in the middle of work.
type iterations struct {
	run  func(context.Context, wire.Slice) (stretch, error)
	way  string
	most int // iterations of a stretch
}

// count counts with n iterations, which it chooses where they are 0.
func (b iterations) count(ctx context.Context, n *int) (work.Arm, error) {
	if *n == 0 {
		var err error
		if *n, err = b.long(ctx); err != nil {
			return work.Arm{}, err
		}
	}
	many, err := b.run(ctx, wire.Slice{Warm: *n, Batches: *n})
	if err != nil {
		return work.Arm{}, err
	}
	few, err := b.run(ctx, wire.Slice{Batches: max(1, *n/growth)})
	if err != nil {
		return work.Arm{}, err
	}
	return perOp(b.way, many.counts, few.counts, many.ops-few.ops), nil
}

// long is the number of iterations that make a stretch long enough: a power of
// growth, or 2 where one is long enough already. It follows from counts alone.
// System calls, which are exact, need few.
func (b iterations) long(ctx context.Context) (int, error) {
	if b.way == mark.Calls || b.most < growth {
		return min(b.most, growth), nil
	}
	one, err := b.run(ctx, wire.Slice{Batches: 1})
	if err != nil || one.counts["instructions"] > longStretch {
		return 2, err
	}
	some, err := b.run(ctx, wire.Slice{Batches: growth})
	if err != nil {
		return 0, err
	}
	most := b.most
	if some.parts >= growth {
		most = min(most, mostBrackets)
	}
	per := (some.counts["instructions"] - one.counts["instructions"]) / (growth - 1)
	if per < 1 { // nothing in it grows
		per = some.counts["instructions"] / growth
	}
	n := growth
	for n*growth <= most && per*float64(n) < longStretch {
		n *= growth
	}
	return n, nil
}
