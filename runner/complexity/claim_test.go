package complexity

import (
	"fmt"
	"math"
	"testing"
)

// tally counts claims and how many were right.
type tally struct{ claims, right int }

// keeps says whether so many right claims are to be expected of claims that are
// right in the share Sure, but for one time in some thousands.
func (t tally) keeps() bool {
	n := float64(t.claims)
	return float64(t.right) >= Sure*n-3.5*math.Sqrt(n*Sure*(1-Sure))-1
}

// spread returns k sizes from 1000 up, as far apart as each other, to span times that.
func spread(k int, span float64) []float64 {
	sizes := make([]float64, k)
	for i := range sizes {
		sizes[i] = math.Round(1000 * math.Pow(span, float64(i)/float64(k-1)))
	}
	return sizes
}

// laws are the curves again, and each with a cost that does not grow, as large
// as the one that does at the largest size.
func laws(largest float64) []Model {
	all := curves()
	for _, m := range curves()[1:] {
		m.A = m.B * m.Class.growth(largest)
		all = append(all, m)
	}
	return all
}

// A claim of a law is right in at least the share that it claims, whatever the
// noise and whatever the points know of it; by the law claimed too.
func TestAClaimIsRightAsOftenAsItClaims(t *testing.T) {
	t.Parallel()
	runs := 25
	if testing.Short() { // the race detector has nothing to find here
		runs = 4
	}
	for _, span := range []float64{3, 10, 100, 1000} {
		for _, k := range []int{4, 5, 6, 8} {
			t.Run(fmt.Sprintf("%d sizes over a factor of %g", k, span), func(t *testing.T) {
				t.Parallel()
				r, sizes := seeded(uint64(1000*span)+uint64(k)), spread(k, span)
				byClass := map[Class]*tally{}
				all := tally{}
				for _, noise := range []float64{.02, .05, .1} {
					for _, known := range []float64{0, .3, 1} { // what the points admit to, over what they have
						here := tally{}
						for _, truth := range laws(sizes[k-1]) {
							for range runs {
								got := mustFit(t, measured(r, truth.Class, truth.A, truth.B, sizes, noise, known*noise))
								if len(got.Plausible()) > 1 {
									continue
								}
								best := got.Best().Class
								if byClass[best] == nil {
									byClass[best] = &tally{}
								}
								here.claims++
								byClass[best].claims++
								if best == truth.Class {
									here.right++
									byClass[best].right++
								}
							}
						}
						if all.claims, all.right = all.claims+here.claims, all.right+here.right; !here.keeps() {
							t.Errorf("noise %g, known %g: %d of %d claims were right", noise, known*noise, here.right, here.claims)
						}
					}
				}
				for class, here := range byClass {
					if !here.keeps() {
						t.Errorf("%v: %d of %d claims were right", class, here.right, here.claims)
					}
				}
				t.Logf("%d of %d claims were right", all.right, all.claims)
				if all.claims == 0 && span > 3 {
					t.Error("nothing was claimed")
				}
			})
		}
	}
}

func TestAClaimSaysNoMoreThanThePointsCarry(t *testing.T) {
	t.Parallel()
	line := Model{Class: Linear, A: 40, B: .6}
	for _, c := range []struct {
		why   string
		truth Model
		sizes []float64
		want  string
	}{
		{"four sizes over three decades", line, spread(4, 1000), "O(n)"},
		{"four sizes over one decade", line, spread(4, 10), "cannot tell O(n) from O(n log n)"},
		{"a constant", Model{Class: Constant, A: 12}, spread(8, 1000), "O(1), or a growth too small to see"},
		{"a square", Model{Class: Quadratic, B: .003}, spread(4, 10), "O(n²)"},
	} {
		points := measured(seeded(1), c.truth.Class, c.truth.A, c.truth.B, c.sizes, 0, .002)
		if got := mustFit(t, points).Claim(); got != c.want {
			t.Errorf("%s: %q, want %q", c.why, got, c.want)
		}
	}
	if got := (Result{Models: []Model{{Class: Linear, Weight: .5}, {Class: Linearithmic, Weight: .4}, {Class: Logarithmic, Weight: .1}}}).Claim(); got != "cannot tell O(n) from O(n log n) or O(log n)" {
		t.Errorf("three models read %q", got)
	}
}
