package sequential

import (
	"math"
	"testing"
)

// decided is the share of runs of at most n observations that a process calls
// slower, and how many observations they took on average.
func decided(fresh func() adder, runs, n int, draw func() float64) (share, took float64) {
	for range runs {
		p, w := fresh(), Watch{Rule: Rule{Alpha: alpha, Threshold: .5, MinN: 8}}
		for i := 1; i <= n; i++ {
			p.Add(draw())
			if w.Look(p).Decision == Slower {
				share++
				took += float64(i)
				break
			}
		}
	}
	return share / float64(runs), took / share
}

func TestBothFindsWhatOutliersHideFromTheMean(t *testing.T) {
	t.Parallel()
	r := seeded(40)
	draw := func() float64 { return 1.5 + disturbed(r) }
	alone, _ := decided(newTMix, 500, 40, draw)
	both, took := decided(newBoth, 500, 40, draw)
	t.Logf("the mean alone finds it in %.2f of runs, both in %.2f after %.0f observations", alone, both, took)
	if both < .9 || both < alone+.3 {
		t.Errorf("the mean alone finds it in %v of runs, both in %v", alone, both)
	}
}

func TestBothCostsLittleWhereThereAreNoOutliers(t *testing.T) {
	t.Parallel()
	r := seeded(41)
	draw := func() float64 { return 1.5 + r.NormFloat64() }
	_, alone := decided(newTMix, 500, 60, draw)
	_, both := decided(newBoth, 500, 60, draw)
	t.Logf("%.1f observations for the mean alone, %.1f for both", alone, both)
	if both > 1.15*alone {
		t.Errorf("%v observations for the mean alone, %v for both", alone, both)
	}
}

// One process in three is ten times as slow: that is the code's own, and the
// mean tells it although the median does not.
func TestASlowModeOfTheCodeIsNoOutlier(t *testing.T) {
	t.Parallel()
	r := seeded(42)
	draw := func() float64 {
		x := .1 * r.NormFloat64()
		if r.IntN(3) == 0 {
			x += 10
		}
		return x
	}
	alone, _ := decided(newTMix, 500, 60, draw)
	both, _ := decided(newBoth, 500, 60, draw)
	t.Logf("the mean alone finds it in %.2f of runs, both in %.2f", alone, both)
	if both < alone-.1 {
		t.Errorf("the mean alone finds it in %v of runs, both in %v", alone, both)
	}
	p := &Both{}
	for range 300 {
		p.Add(draw())
	}
	if e := p.Estimate(); math.Abs(e-10./3) > 1 {
		t.Errorf("estimate %v, want about 3.3", e)
	}
}
