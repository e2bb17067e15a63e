package calibrate

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"

	"assay/runner/clock"
	"assay/runner/host"
	"assay/runner/sketch"
)

// probes lists what is measured, from the nearest to the farthest.
func probes(h host.Host, dir string) []probe {
	plain := func(resource, on string, w work) probe {
		return probe{sketch.Constant{Resource: resource, Clock: on}, func(ctx context.Context, c clock.Clock) ([]float64, error) {
			return repeat(ctx, c, on, w, nil)
		}}
	}
	all := loads(h)
	all = append(all,
		plain("copy", onCPU, copier(max(h.L1D, 32<<10))),
		opened("stream", onCPU, func() (work, func() error, error) { return stream(4 * h.L3) }),
		probe{sketch.Constant{Resource: "mispredict", Clock: onCPU}, mispredicted},
		probe{sketch.Constant{Resource: "clock", Clock: onCPU}, clockRead},
		plain("syscall", onCPU, parents),
		opened("page-fault", onCPU, faults),
	)
	return append(all, files(dir)...)
}

// opened is a probe that prepares its work first and ends it afterwards.
func opened(resource, on string, open func() (work, func() error, error)) probe {
	return probe{sketch.Constant{Resource: resource, Clock: on}, func(ctx context.Context, c clock.Clock) ([]float64, error) {
		w, end, err := open()
		if err != nil {
			return nil, err
		}
		ns, err := repeat(ctx, c, on, w, nil)
		if e := end(); err == nil {
			err = e
		}
		return ns, err
	}}
}

// copier copies a block that fits, with its copy, into the second cache and not
// into the first.
func copier(size int64) work {
	from, to := make([]byte, size), make([]byte, size)
	return func(n int) (ops int, err error) {
		for ; ops < n; ops += len(from) {
			copy(to, from)
		}
		return ops, nil
	}
}

// stream reads memory that no cache holds, in pieces, going round. It looks for a byte that is not
// there: the library does so with the widest loads of the CPU, which a loop in
// Go would not use.
func stream(size int64) (work, func() error, error) {
	const piece = 1 << 18
	all := make([]byte, min(max(size, 16<<20), mostMemory))
	for i := range all { // pages never written are one page of zeros, in cache
		all[i] = 1
	}
	at := 0
	return func(n int) (ops int, err error) {
		for ; ops < n; ops += piece {
			if bytes.IndexByte(all[at:at+piece], 0) >= 0 {
				panic("a byte of 1 is 0")
			}
			if at += piece; at+piece > len(all) {
				at = 0
			}
		}
		return ops, nil
	}, func() error { return nil }, nil
}

// clockRead times the clock that it is timed with.
func clockRead(ctx context.Context, c clock.Clock) ([]float64, error) {
	return repeat(ctx, c, onCPU, func(n int) (int, error) {
		for range n {
			c.Wall()
		}
		return n, nil
	}, nil)
}

// parents asks for the number of the parent process, which no library caches
// and which the kernel looks up at once.
func parents(n int) (int, error) {
	for range n {
		os.Getppid()
	}
	return n, nil
}

// coins is how many outcomes a branch meets before they repeat: no predictor
// learns so many by heart.
const coins = 1 << 20

// mispredicted compares a branch that nobody can guess with the same branch,
// always taken. Half of the former are guessed wrong, so one costs twice the
// difference for each branch.
func mispredicted(ctx context.Context, c clock.Clock) ([]float64, error) {
	random, always := make([]byte, coins), make([]byte, coins)
	rng := rand.New(rand.NewPCG(1, 0x62726e63))
	for i := range random {
		random[i], always[i] = byte(rng.Uint32()&1), 1
	}
	var sides [2]uint64
	walk := func(coins []byte) work {
		at := 0
		return func(n int) (int, error) {
			n = min(n, len(coins))
			if at+n > len(coins) {
				at = 0
			}
			branch(coins[at:at+n], &sides)
			at += n
			return n, nil
		}
	}
	hard, err := repeat(ctx, c, onCPU, walk(random), nil)
	if err != nil {
		return nil, err
	}
	easy, err := repeat(ctx, c, onCPU, walk(always), nil)
	if err != nil {
		return nil, err
	}
	ns := make([]float64, min(len(hard), len(easy)))
	for i := range ns {
		ns[i] = 2 * (hard[i] - easy[i])
	}
	return ns, nil
}

// branch stores on both sides, which no compiler turns into a move without a branch.
//
//go:noinline
func branch(coins []byte, sides *[2]uint64) {
	for i, coin := range coins {
		if coin != 0 {
			sides[1] += uint64(i)
		} else {
			sides[0] ^= uint64(i)
		}
	}
}
