package workloads

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
)

// hotspot draws below hot with probability p, and from hot to n-1 otherwise.
// Like zipf it leaves the hot numbers together at the low end.
type hotspot struct {
	p      float64
	hot, n uint64
}

func newHotspot(fraction, p float64, n uint64) hotspot {
	hot := min(max(uint64(math.Round(fraction*float64(n))), 1), n)
	return hotspot{p, hot, n}
}

func (h hotspot) next(g *rand.PCG) uint64 {
	if unit(g) < h.p || h.hot == h.n {
		return below(g, h.hot)
	}
	return h.hot + below(g, h.n-h.hot)
}

func parseHotspot(arg string) (shape, error) {
	first, second, ok := strings.Cut(arg, "/")
	if !ok {
		return shape{}, errors.New("no \"/\" between F and P")
	}
	f, err := parseShare("F", first)
	if err != nil {
		return shape{}, err
	}
	p, err := parseShare("P", second)
	if err != nil {
		return shape{}, err
	}
	return shape{
		text:     "hotspot:" + formatFloat(f) + "/" + formatFloat(p),
		universe: true,
		start:    func(o origin) law { return newHotspot(f, p, o.universe) },
	}, nil
}

// parseShare reads a fraction.
func parseShare(name, text string) (float64, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !(f > 0 && f < 1) {
		return 0, fmt.Errorf("%s %q is not a number between 0 and 1", name, text)
	}
	return f, nil
}
