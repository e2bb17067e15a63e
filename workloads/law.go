package workloads

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"strconv"
	"strings"
)

// A law draws numbers. It may hold a position, so each stream has its own.
type law interface {
	next(g *rand.PCG) uint64
}

// An origin is what a law needs to know beyond its own text.
type origin struct {
	universe uint64 // size of the range of laws that rank, at least 1
	drawn    uint64 // draws made before: where laws that count start
	last     uint64 // the last key loaded, 0 before: where laws that step start
	trace    *trace // the rows to replay, nil for other laws
}

// A shape is a parsed distribution: pure text, nothing opened or drawn yet.
type shape struct {
	text     string // canonical
	largest  uint64 // no draw is larger; 0 if that is not known beforehand
	universe bool   // it draws from 0..universe-1
	grows    bool   // keys ascend, and go on beyond the population
	file     string // what to replay, "" if nothing
	start    func(origin) law
}

// A form is one way to write a distribution.
type form struct {
	name    string
	syntax  string
	example string
	doc     string
	parse   func(arg string) (shape, error)
}

// forms is the list of distributions. A new one is a file and a line here.
func forms() []form {
	return []form{
		{"uniform", "uniform:LO-HI", "uniform:0-999999", "every number from LO to HI, both included, equally likely", parseUniform},
		{"sequential", "sequential", "sequential", "0, 1, 2, ...", parseSequential},
		{"zipf", "zipf:S", "zipf:0.99", "k-1 with probability proportional to 1/k^S, k = 1..universe", parseZipf},
		{"hotspot", "hotspot:F/P", "hotspot:0.2/0.8", "the first fraction F of the universe with probability P, uniform within and without", parseHotspot},
		{"mixture", "mixture:W@BITS+W@BITS...", "mixture:3@8+1@32", "a bucket by weight W, then uniform in [0, 2^BITS)", parseMixture},
		{"loguniform", "loguniform:BITS", "loguniform:48", "a width of 1 to BITS bits, then uniform among the numbers of that width", parseLogUniform},
		{"gaps", "gaps:MIN/MEAN", "gaps:1/7.5", "each above the last by MIN or more, MEAN on average, geometric beyond MIN", parseGaps},
		{"clustered", "clustered:RUN/MEAN/JUMP", "clustered:100/1.5/8589934592", "runs of RUN on average, MEAN apart, and a jump of JUMP to twice that between them", parseClustered},
		{"replay", "replay:FILE", "", "the lines of a file in their order: key or key,value; plain or gzip", parseReplay},
	}
}

// presets are distributions with a name. The weights of both are as
// published with the page formats; they sum to 90 and 95 and are normalised.
func presets() []Named {
	return []Named{
		{"realistic", "preset", "realistic", "mixture:1@7+2@16+27@23+35@31+25@39: ids, sizes and times as a document database has them"},
		{"full", "preset", "full", "mixture:3@7+7@16+25@23+35@31+15@39+5@47+3@55+2@62: the same with rare wide numbers"},
	}
}

// parseShape reads a preset, a trace or a distribution.
func parseShape(text string) (shape, error) {
	for _, p := range presets() {
		if text == p.Name {
			recipe, _, _ := strings.Cut(p.Doc, ": ")
			s, err := parseShape(recipe)
			s.text = p.Name
			return s, err
		}
	}
	for _, t := range shipped() {
		if text == t.Name {
			return replayShape(t.Name, t.Name), nil
		}
	}
	name, arg, hasArg := strings.Cut(text, ":")
	for _, f := range forms() {
		if name != f.name {
			continue
		}
		if hasArg != strings.Contains(f.syntax, ":") {
			return shape{}, fmt.Errorf("%q is not of the form %s", text, f.syntax)
		}
		s, err := f.parse(arg)
		if err != nil {
			return shape{}, fmt.Errorf("%q is not of the form %s: %w", text, f.syntax, err)
		}
		return s, nil
	}
	return shape{}, fmt.Errorf("unknown name %q%s (names: %s)", name, didYouMean(name, heads()), strings.Join(heads(), ", "))
}

// heads are the words that a law can start with.
func heads() []string {
	var words []string
	for _, n := range presets() {
		words = append(words, n.Name)
	}
	for _, n := range shipped() {
		words = append(words, n.Name)
	}
	for _, f := range forms() {
		words = append(words, f.name)
	}
	return words
}

// parseNumber reads a decimal or 0x number. A leading 0 does not mean octal.
func parseNumber(text string) (uint64, error) {
	digits, base := text, 10
	if rest, ok := strings.CutPrefix(text, "0x"); ok {
		digits, base = rest, 16
	}
	n, err := strconv.ParseUint(digits, base, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number from 0 to 18446744073709551615, decimal or 0x", text)
	}
	return n, nil
}

// below returns a number in [0, n), each equally likely, n = 0 standing for
// 2^64. It multiplies instead of dividing and rejects the draws that would
// favour some results (Lemire, "Fast random integer generation in an
// interval", 2019).
func below(g *rand.PCG, n uint64) uint64 {
	x := g.Uint64()
	if n == 0 {
		return x
	}
	hi, lo := bits.Mul64(x, n)
	if lo < n {
		for floor := -n % n; lo < floor; {
			hi, lo = bits.Mul64(g.Uint64(), n)
		}
	}
	return hi
}

// unit returns a float64 in [0, 1), a multiple of 2^-53.
func unit(g *rand.PCG) float64 { return float64(g.Uint64()>>11) * 0x1p-53 }
