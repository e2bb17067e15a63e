package workloads

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
)

// uniform draws from lo to lo+span-1; span 0 stands for 2^64.
type uniform struct{ lo, span uint64 }

func (u uniform) next(g *rand.PCG) uint64 { return u.lo + below(g, u.span) }

func parseUniform(arg string) (shape, error) {
	low, high, ok := strings.Cut(arg, "-")
	if !ok {
		return shape{}, errors.New("no \"-\" between LO and HI")
	}
	lo, err := parseNumber(low)
	if err != nil {
		return shape{}, err
	}
	hi, err := parseNumber(high)
	if err != nil {
		return shape{}, err
	}
	if lo > hi {
		return shape{}, fmt.Errorf("low end LO %d is above high end HI %d", lo, hi)
	}
	return shape{
		text:    fmt.Sprintf("uniform:%d-%d", lo, hi),
		largest: hi,
		start:   func(origin) law { return uniform{lo, hi - lo + 1} },
	}, nil
}

// sequential counts up.
type sequential struct{ at uint64 }

func (s *sequential) next(*rand.PCG) uint64 {
	n := s.at
	s.at++
	return n
}

func parseSequential(string) (shape, error) {
	return shape{
		text:  "sequential",
		grows: true,
		start: func(o origin) law { return &sequential{o.drawn} },
	}, nil
}

// logUniform draws a width first, so that every width is equally likely.
// The exact density 1/x was rejected: it needs an exponential per draw and
// differs only within one octave.
type logUniform struct{ width uint64 }

func (l logUniform) next(g *rand.PCG) uint64 {
	low := below(g, l.width) // bits below the leading one
	return 1<<low | g.Uint64()&(1<<low-1)
}

func parseLogUniform(arg string) (shape, error) {
	width, err := parseBits(arg)
	if err != nil {
		return shape{}, err
	}
	return shape{
		text:    fmt.Sprintf("loguniform:%d", width),
		largest: math.MaxUint64 >> (64 - width),
		start:   func(origin) law { return logUniform{width} },
	}, nil
}

// parseBits reads a width.
func parseBits(text string) (uint64, error) {
	n, err := parseNumber(text)
	if err != nil || n < 1 || n > 64 {
		return 0, fmt.Errorf("width BITS %q is not a number from 1 to 64", text)
	}
	return n, nil
}
