package plan_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"assay/runner/plan"
)

func TestOrderIsRandomPermutationsEachFollowedByItsReverse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		arms := rapid.IntRange(0, 9).Draw(t, "arms")
		rounds := rapid.IntRange(0, 50).Draw(t, "rounds")
		order := plan.Order(seed, arms, rounds)
		if len(order) != 2*arms*rounds {
			t.Fatalf("%d slices", len(order))
		}
		for r := range rounds {
			round := order[r*2*arms : (r+1)*2*arms]
			sorted, back := slices.Clone(round[:arms]), slices.Clone(round[arms:])
			slices.Sort(sorted)
			slices.Reverse(back)
			for i := range sorted {
				if sorted[i] != i {
					t.Fatalf("round %d is no permutation: %v", r, round)
				}
			}
			if !slices.Equal(back, round[:arms]) {
				t.Fatalf("round %d does not turn back: %v", r, round)
			}
		}
		if !slices.Equal(order, plan.Order(seed, arms, rounds)) {
			t.Fatal("the same seed gave another order")
		}
	})
}

func TestOrderGivesEachArmEachPlaceEquallyOften(t *testing.T) {
	t.Parallel()
	const arms, seeds = 4, 8000
	var first [arms][arms]int // position in the first permutation, arm
	for seed := range uint64(seeds) {
		for place, arm := range plan.Order(seed, arms, 1)[:arms] {
			first[place][arm]++
		}
	}
	for place := range first {
		for arm, n := range first[place] {
			if math.Abs(float64(n)-seeds/arms) > 4*math.Sqrt(seeds*0.25*0.75) { // 4 standard deviations, fixed seeds
				t.Errorf("arm %d is at place %d in %d of %d orders", arm, place, n, seeds)
			}
		}
	}
}

func TestMixGivesDifferentPartsDifferentSeeds(t *testing.T) {
	t.Parallel()
	seen := map[uint64]string{}
	add := func(x uint64, name string) {
		if other, ok := seen[x]; ok {
			t.Fatalf("%s and %s have one seed", name, other)
		}
		seen[x] = name
	}
	for _, seed := range []uint64{0, 1, 2, 1 << 63, math.MaxUint64} {
		for a := range 100 {
			add(plan.Mix(seed, a), fmt.Sprint(seed, a))
			for b := range 100 {
				add(plan.Mix(seed, a, b), fmt.Sprint(seed, a, b))
			}
			for c := range 10 {
				add(plan.Mix(seed, 7, a, c), fmt.Sprint(seed, 7, a, c))
			}
		}
	}
	if plan.Mix(1, 2, 3) == plan.Mix(1, 3, 2) {
		t.Error("the order of parts does not count")
	}
	if got := plan.Mix(1, 2, 3); got != 0xee3bb459e9e297b { // runs are repeated by their seeds: the function may never change
		t.Errorf("Mix(1, 2, 3) is %#x", got)
	}
}
