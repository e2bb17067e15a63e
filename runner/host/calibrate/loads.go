package calibrate

import (
	"context"
	"math/rand/v2"

	"assay/runner/clock"
	"assay/runner/host"
	"assay/runner/sketch"
)

// mostMemory bounds what a machine with large caches is asked for, in bytes.
const mostMemory = 256 << 20

// line is one cache line of the chase.
type line struct {
	next *line
	_    [lineBytes - 8]byte
}

const lineBytes = 64

// set is some memory to load from: how many bytes, and which cache should hold them.
type set struct {
	level string
	bytes int64
}

// sets are the sizes to measure: half of each cache, so that what the program
// also uses fits beside it; a little beyond the second, since other programs
// and the guests of the same host fill most of the third; and four times the
// last, where memory is three loads of four.
func sets(h host.Host) []set {
	last := max(h.L1D, h.L2, h.L3)
	all := []set{{"L1", h.L1D / 2}, {"L2", h.L2 / 2}, {"L3", 4 * h.L2}, {"L3", h.L3 / 2}, {"memory", min(4*last, mostMemory)}}
	var out []set
	for _, s := range all {
		grows := len(out) == 0 || s.bytes > out[len(out)-1].bytes
		if fits := s.level != "L3" || s.bytes <= h.L3/2; s.bytes >= 8*lineBytes && s.bytes <= mostMemory && grows && fits {
			out = append(out, s)
		}
	}
	return out
}

// loads are the probes of all sets, which are known where the caches are.
//
// Before each slice the whole set is walked. Without that, a busy machine
// empties the caches between slices: loads from 2 MiB came out at 106 ns in
// place of 14.
func loads(h host.Host) []probe {
	var out []probe
	for _, s := range sets(h) {
		for _, r := range []struct {
			name  string
			chase func(ring []line) work
		}{{sketch.Load, chase}, {sketch.Overlapped, chaseEight}} {
			out = append(out, probe{
				sketch.Constant{Resource: r.name, Level: s.level, Size: s.bytes, Clock: onCPU},
				func(ctx context.Context, c clock.Clock) ([]float64, error) {
					all := ring(int(s.bytes / lineBytes))
					w, walk := r.chase(all), chaseEight(all)
					return repeat(ctx, c, onCPU, w, func() error {
						if s.level == "memory" {
							return nil // no cache holds it
						}
						_, err := walk(len(all))
						return err
					})
				},
			})
		}
	}
	return out
}

// ring links so many lines into one circle in random order (a shuffle of all
// lines, so that no short circle is left for a cache to hold).
func ring(lines int) []line {
	order := make([]uint32, lines)
	for i := range order {
		order[i] = uint32(i)
	}
	rng := rand.New(rand.NewPCG(1, 0x72696e67))
	rng.Shuffle(lines, func(i, j int) { order[i], order[j] = order[j], order[i] })
	all := make([]line, lines)
	for i, at := range order {
		all[at].next = &all[order[(i+1)%lines]]
	}
	return all
}

// chase follows the circle: each load waits for the one before.
func chase(ring []line) work {
	at := &ring[0]
	return func(n int) (int, error) {
		p := at
		for range n {
			p = p.next
		}
		at = p
		return n, nil
	}
}

// chaseEight follows it from eight places at once, as many misses as most CPUs
// keep under way without running out of buffers.
func chaseEight(ring []line) work {
	var at [8]*line
	for i := range at {
		at[i] = &ring[i*len(ring)/len(at)]
	}
	return func(n int) (int, error) {
		a, b, c, d, e, f, g, h := at[0], at[1], at[2], at[3], at[4], at[5], at[6], at[7]
		rounds := n/len(at) + 1
		for range rounds {
			a, b, c, d, e, f, g, h = a.next, b.next, c.next, d.next, e.next, f.next, g.next, h.next
		}
		at = [8]*line{a, b, c, d, e, f, g, h}
		return rounds * len(at), nil
	}
}
