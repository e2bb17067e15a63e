package workloads

import (
	"math"
	"math/bits"
	"strconv"
	"testing"
)

// Every test here is of one fixed seed, so it passes or fails forever. The
// bounds are the critical values at p = 1e-6: a right law fails one seed in a
// million, and a wrong law fails nearly all.
const (
	draws = 200_000
	// z1 and z2 are the one- and two-sided normal quantiles at 1e-6.
	z1, z2 = 4.7534, 4.8916
)

// chiSquareBound is the critical value of chi-square with df degrees of
// freedom at p = 1e-6, by the cube-root approximation of Wilson and Hilferty
// ("The distribution of chi-square", PNAS 17, 1931), good to 1 % from df = 3.
func chiSquareBound(df int) float64 {
	v := 2 / (9 * float64(df))
	return float64(df) * math.Pow(1-v+z1*math.Sqrt(v), 3)
}

// holdsLaw fails t unless counts follow probabilities. Cells that expect
// fewer than 5 are pooled, as the approximation asks.
func holdsLaw(t *testing.T, counts []int, probability func(cell int) float64) {
	t.Helper()
	total := 0
	for _, c := range counts {
		total += c
	}
	statistic, cells, sum := 0.0, 0, 0.0
	pooledSeen, pooledExpected := 0.0, 0.0
	add := func(seen, expected float64) {
		statistic += (seen - expected) * (seen - expected) / expected
		cells++
	}
	for i, c := range counts {
		p := probability(i)
		sum += p
		if expected := p * float64(total); expected >= 5 {
			add(float64(c), expected)
		} else {
			pooledSeen += float64(c)
			pooledExpected += expected
		}
	}
	if pooledExpected >= 5 {
		add(pooledSeen, pooledExpected)
	} else if pooledSeen > 30 {
		t.Errorf("%v draws in cells that expect %.2g together", pooledSeen, pooledExpected)
	}
	if math.Abs(sum-1) > 1e-9 {
		t.Fatalf("the test's own probabilities sum to %v", sum)
	}
	if bound := chiSquareBound(cells - 1); statistic > bound {
		t.Errorf("chi-square %.1f with %d degrees of freedom, above %.1f", statistic, cells-1, bound)
	}
}

// lawOf parses text and starts it.
func lawOf(t testing.TB, text string, o origin) law {
	t.Helper()
	s, err := parseShape(text)
	if err != nil {
		t.Fatal(err)
	}
	return s.start(o)
}

// tally counts draws by cell; a cell out of range fails.
func tally(t *testing.T, l law, cells int, cell func(uint64) int) []int {
	t.Helper()
	counts, g := make([]int, cells), generator(1, 99)
	for range draws {
		x := l.next(g)
		c := cell(x)
		if c < 0 || c >= cells {
			t.Fatalf("drew %d, outside the law's range", x)
		}
		counts[c]++
	}
	return counts
}

func itself(x uint64) int { return int(min(x, 1<<40)) }

func TestUniformDrawsEachNumberEquallyOftenBothEndsIncluded(t *testing.T) {
	t.Parallel()
	counts := tally(t, lawOf(t, "uniform:100-106", origin{}), 7, func(x uint64) int { return int(x) - 100 })
	holdsLaw(t, counts, func(int) float64 { return 1. / 7 })
}

func TestUniformCoversTheWholeWord(t *testing.T) {
	t.Parallel()
	counts := tally(t, lawOf(t, "uniform:0-0xffffffffffffffff", origin{}), 256, func(x uint64) int { return int(x >> 56) })
	holdsLaw(t, counts, func(int) float64 { return 1. / 256 })
}

// With a span of 3 * 2^62 a draw without rejection would give the multiples
// of 3 beside others twice their share.
func TestUniformIsUnbiasedWhereTheSpanNearlyFillsTheWord(t *testing.T) {
	t.Parallel()
	counts := tally(t, uniform{0, 3 << 62}, 3, func(x uint64) int { return int(x % 3) })
	holdsLaw(t, counts, func(int) float64 { return 1. / 3 })
}

func TestZipfHoldsItsLawBelowAtAndAboveOne(t *testing.T) {
	t.Parallel()
	for _, s := range []float64{0.2, 0.5, 0.99, 1, 1.01, 1.5, 3} {
		for _, n := range []int{1, 2, 10, 1000} {
			t.Run(strconv.FormatFloat(s, 'g', -1, 64)+"/"+strconv.Itoa(n), func(t *testing.T) {
				t.Parallel()
				norm := 0.0
				for k := 1; k <= n; k++ {
					norm += math.Pow(float64(k), -s)
				}
				counts := tally(t, newZipf(s, uint64(n)), n, itself)
				if n == 1 {
					return
				}
				holdsLaw(t, counts, func(i int) float64 { return math.Pow(float64(i+1), -s) / norm })
			})
		}
	}
}

// Octave by octave, as there are too many ranks to count each. The sum over
// an octave of large ranks is the integral to many digits (Euler-Maclaurin).
func TestZipfHoldsItsLawOverABillionRanks(t *testing.T) {
	t.Parallel()
	const octaves = 30
	for _, s := range []float64{0.5, 1, 1.2} {
		mass := make([]float64, octaves)
		norm := 0.0
		for o := range mass {
			mass[o] = zipfMass(s, 1<<o, 2<<o-1)
			norm += mass[o]
		}
		counts := tally(t, newZipf(s, 1<<octaves-1), octaves, func(x uint64) int { return bits.Len64(x+1) - 1 })
		holdsLaw(t, counts, func(i int) float64 { return mass[i] / norm })
	}
}

// zipfMass is the sum of k^-s from lo to hi.
func zipfMass(s float64, lo, hi uint64) float64 {
	sum := 0.0
	if hi < 1<<16 {
		for k := lo; k <= hi; k++ {
			sum += math.Pow(float64(k), -s)
		}
		return sum
	}
	a, b := float64(lo)-.5, float64(hi)+.5
	if s == 1 {
		return math.Log(b / a)
	}
	return (math.Pow(b, 1-s) - math.Pow(a, 1-s)) / (1 - s)
}

func TestHotspotGivesTheHotFractionItsProbability(t *testing.T) {
	t.Parallel()
	counts := tally(t, lawOf(t, "hotspot:0.2/0.75", origin{universe: 50}), 50, itself)
	holdsLaw(t, counts, func(i int) float64 {
		if i < 10 {
			return .75 / 10
		}
		return .25 / 40
	})
}

func TestHotspotOfATinyUniverseKeepsOneHotAndStaysInside(t *testing.T) {
	t.Parallel()
	tally(t, lawOf(t, "hotspot:0.01/0.9", origin{universe: 1}), 1, itself)
	counts := tally(t, lawOf(t, "hotspot:0.01/0.9", origin{universe: 3}), 3, itself)
	holdsLaw(t, counts, func(i int) float64 { return []float64{.9, .05, .05}[i] })
}

// widthLaw is the probability that a draw uniform below 2^b has width w: half
// of them have all b bits, a quarter one fewer, and so on; 0 has width 0.
func widthLaw(b, w int) float64 {
	switch {
	case w > b:
		return 0
	case w == 0:
		return math.Ldexp(1, -b)
	}
	return math.Ldexp(1, w-1-b)
}

func TestPresetsHoldThePublishedMixtures(t *testing.T) {
	t.Parallel()
	published := map[string]map[int]float64{ // bits: weight
		"realistic": {7: 1, 16: 2, 23: 27, 31: 35, 39: 25},
		"full":      {7: 3, 16: 7, 23: 25, 31: 35, 39: 15, 47: 5, 55: 3, 62: 2},
	}
	for name, weights := range published {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			total := 0.0
			for _, w := range weights {
				total += w
			}
			expected := func(width int) float64 {
				p := 0.0
				for b, w := range weights {
					p += w / total * widthLaw(b, width)
				}
				return p
			}
			counts := tally(t, lawOf(t, name, origin{}), 65, bits.Len64)
			holdsLaw(t, counts, expected)
			holdsMeanWidth(t, counts, expected)
		})
	}
}

// holdsMeanWidth compares the mean width with its expectation, within z2
// standard errors.
func holdsMeanWidth(t *testing.T, counts []int, probability func(int) float64) {
	t.Helper()
	mean, square, got := 0.0, 0.0, 0.0
	for w, c := range counts {
		mean += probability(w) * float64(w)
		square += probability(w) * float64(w) * float64(w)
		got += float64(c) * float64(w) / draws
	}
	if bound := z2 * math.Sqrt((square-mean*mean)/draws); math.Abs(got-mean) > bound {
		t.Errorf("mean width %.4f, want %.4f within %.4f", got, mean, bound)
	}
}

func TestMixtureSplitsByWeightWhateverTheOrder(t *testing.T) {
	t.Parallel()
	// 1 and 64 bits: the cell is the bucket but for 2^-62 of the draws.
	counts := tally(t, lawOf(t, "mixture:3@64+1@1", origin{}), 2, func(x uint64) int { return min(bits.Len64(x), 2) / 2 })
	holdsLaw(t, counts, func(i int) float64 { return []float64{.25, .75}[i] })
}

func TestMixtureIsUniformWithinABucket(t *testing.T) {
	t.Parallel()
	counts := tally(t, lawOf(t, "mixture:5@4", origin{}), 16, itself)
	holdsLaw(t, counts, func(int) float64 { return 1. / 16 })
}

func TestLogUniformDrawsEveryWidthEquallyOften(t *testing.T) {
	t.Parallel()
	for _, width := range []int{1, 5, 64} {
		counts := tally(t, lawOf(t, "loguniform:"+strconv.Itoa(width), origin{}), width, func(x uint64) int { return bits.Len64(x) - 1 })
		if width > 1 {
			holdsLaw(t, counts, func(int) float64 { return 1 / float64(width) })
		}
	}
}

func TestLogUniformIsUniformWithinAWidth(t *testing.T) {
	t.Parallel()
	counts := tally(t, lawOf(t, "loguniform:4", origin{}), 16, itself)
	holdsLaw(t, counts, func(i int) float64 {
		if i == 0 {
			return 0
		}
		return math.Ldexp(.25, 1-bits.Len(uint(i)))
	})
}

func TestSequentialAndReplayContinueWhereLoadingStopped(t *testing.T) {
	t.Parallel()
	five := &trace{keys: []uint64{10, 11, 12, 13, 14}}
	for text, want := range map[string][3]uint64{"sequential": {7, 8, 9}, "replay:x": {12, 13, 14}} {
		l := lawOf(t, text, origin{drawn: 7, trace: five})
		if got := [3]uint64{l.next(nil), l.next(nil), l.next(nil)}; got != want {
			t.Errorf("%s draws %v, want %v", text, got, want)
		}
	}
}

func TestSeedsAndRolesGiveDifferentGenerators(t *testing.T) {
	t.Parallel()
	seen := make(map[uint64]string)
	for seed := range uint64(200) {
		for role := roleLoad; role <= roleFresh; role++ {
			x, who := generator(seed, role).Uint64(), strconv.Itoa(int(seed))+"/"+strconv.Itoa(int(role))
			if other, ok := seen[x]; ok {
				t.Fatalf("%s and %s start alike", who, other)
			}
			seen[x] = who
		}
	}
}
