package workloads

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
)

// gaps counts up by random steps, as the ids of a document's terms or the
// offsets of records in a file do. A step is at least least, and what it has
// beyond that is geometric: each further number is as likely to be the next
// one as the last was. Where run is not 0, one step in run on average is a
// jump instead. Past 2^64 it starts again from the low numbers.
type gaps struct {
	at     uint64
	least  uint64
	excess float64 // scale of the exponential that is cut to whole numbers
	run    float64
	jump   uint64
}

func (s *gaps) next(g *rand.PCG) uint64 {
	if s.run > 0 && unit(g)*s.run < 1 {
		s.at += s.jump + below(g, s.jump)
		return s.at
	}
	s.at += s.least + uint64(rand.New(g).ExpFloat64()*s.excess) // ExpFloat64 ends near 45, so the product fits
	return s.at
}

// geometric returns the scale at which an exponential cut to whole numbers has
// the mean.
func geometric(mean float64) float64 {
	if mean <= 0 {
		return 0
	}
	return 1 / math.Log1p(1/mean)
}

// echo repeats the last key.
type echo struct{ keys *gaps }

func (e echo) next(*rand.PCG) uint64 { return e.keys.at }

// maxGap bounds every part of a step, so that a population does not go round.
const maxGap = 1 << 40

func parseGaps(arg string) (shape, error) {
	first, second, ok := strings.Cut(arg, "/")
	if !ok {
		return shape{}, errors.New("no \"/\" between MIN and MEAN")
	}
	least, err := parseGap("MIN", first)
	if err != nil {
		return shape{}, err
	}
	mean, err := parseMean("MEAN", second, float64(least))
	if err != nil {
		return shape{}, err
	}
	return shape{
		text:  fmt.Sprintf("gaps:%d/%s", least, plainFloat(mean)),
		grows: true,
		start: func(o origin) law { return &gaps{at: o.last, least: least, excess: geometric(mean - float64(least))} },
	}, nil
}

func parseClustered(arg string) (shape, error) {
	parts := strings.Split(arg, "/")
	if len(parts) != 3 {
		return shape{}, fmt.Errorf("%d parts between \"/\", want RUN, MEAN and JUMP", len(parts))
	}
	run, err := parseMean("RUN", parts[0], 1)
	if err != nil {
		return shape{}, err
	}
	mean, err := parseMean("MEAN", parts[1], 1)
	if err != nil {
		return shape{}, err
	}
	jump, err := parseGap("JUMP", parts[2])
	if err != nil {
		return shape{}, err
	}
	return shape{
		text:  fmt.Sprintf("clustered:%s/%s/%d", plainFloat(run), plainFloat(mean), jump),
		grows: true,
		start: func(o origin) law {
			return &gaps{at: o.last, least: 1, excess: geometric(mean - 1), run: run, jump: jump}
		},
	}, nil
}

// parseGap reads a step.
func parseGap(name, text string) (uint64, error) {
	n, err := parseNumber(text)
	if err != nil || n < 1 || n > maxGap {
		return 0, fmt.Errorf("%s %q is not a number from 1 to %d", name, text, uint64(maxGap))
	}
	return n, nil
}

// parseMean reads a mean that is least or more.
func parseMean(name, text string, least float64) (float64, error) {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !(x >= least && x <= maxGap) {
		return 0, fmt.Errorf("%s %q is not a number from %s to %d", name, text, plainFloat(least), uint64(maxGap))
	}
	return x, nil
}

// plainFloat writes f without an exponent: a gap of 4194304 should look like one.
func plainFloat(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
