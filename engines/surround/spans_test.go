package surround

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// edges are votes around, inside and on those of a history, as far as they are
// votes.
func edges(history []Vote) (asked []Vote) {
	near := func(x uint64) []uint64 { return []uint64{max(x, 1) - 1, x, x + 1} }
	var sources, targets []uint64
	for _, v := range history {
		sources = append(append(sources, near(v.Source)...), near((v.Source+v.Target)/2)...)
		targets = append(append(targets, near(v.Source)...), near(v.Target)...)
	}
	slices.Sort(sources)
	slices.Sort(targets)
	for _, source := range slices.Compact(sources) {
		for _, target := range slices.Compact(targets) {
			if source <= target {
				asked = append(asked, Vote{source, target})
			}
		}
	}
	return asked
}

// TestSpansWidenWhereADistanceNeedsIt has a table of every way to a distance of
// more than 16 bits, and of one that just fits. Each vote is appended alone, and
// what came before is asked after each.
func TestSpansWidenWhereADistanceNeedsIt(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		history []Vote
		wide    bool
	}{
		"the longest that fits":          {[]Vote{{7, 10}, {8, 11}, {9, 8 + 65535}, {10, 9 + 65535}}, false},
		"one epoch too far":              {[]Vote{{7, 10}, {8, 11}, {9, 8 + 65536}, {10, 8 + 65537}}, true},
		"a source that stands":           {[]Vote{{7, 10}, {7, 11}, {7, 70_000}, {7, 70_001}, {8, 70_002}, {20, 70_003}}, true},
		"nothing in between":             {[]Vote{{7, 10}, {70_000, 70_003}, {70_001, 70_004}}, true},
		"far from the start":             {[]Vote{{0, 70_000}, {1, 70_001}, {2, 70_002}}, true},
		"a far target that ends there":   {[]Vote{{7, 10}, {8, 70_000}}, true},
		"a far target nothing follows":   {[]Vote{{7, 10}, {7, 70_000}}, false},
		"as far as a table can be":       {[]Vote{{7, 10}, {8, 7 + farthest - 1}, {9, 7 + farthest}}, true},
		"wide, and then in steps of one": {append([]Vote{{7, 10}, {8, 70_000}}, grown(rand.New(rand.NewPCG(7, 8)), Vote{9, 70_000}, 20, 1, 0)...), true},
	} {
		h := open(t, "spans", t.TempDir()).(*spanning)
		for n := 1; n <= len(x.history); n++ {
			must(t, h.Append(of(3, x.history[n-1]), false))
			for _, v := range edges(x.history) {
				if found, _, err := h.Check(3, v); err != nil || found != brute(x.history[:n], v) {
					t.Fatalf("%s: vote %v after %v: %v, %v; brute force says %v", name, v, x.history[:n], found, err, brute(x.history[:n], v))
				}
			}
		}
		if s := h.of(3); (s.far != nil) != x.wide || s.far != nil && s.near != nil {
			t.Errorf("%s: %d short entries and %d long ones", name, len(s.near), len(s.far))
		}
	}
}

// TestChecksRunBesideAWideningTable: whoever reads the short entries keeps them.
func TestChecksRunBesideAWideningTable(t *testing.T) {
	t.Parallel()
	for round := range uint64(20) {
		h := open(t, "spans", t.TempDir())
		history := grown(rand.New(rand.NewPCG(9, round)), Vote{5, 9}, 200, 1, 1)
		must(t, h.Append(of(0, history...), false))
		last := history[len(history)-1]
		var all sync.WaitGroup
		failed := make(chan error, 4)
		for range cap(failed) {
			all.Go(func() {
				for _, v := range edges(history[:40]) {
					if found, _, err := h.Check(0, v); err != nil || found != brute(history, v) {
						failed <- fmt.Errorf("vote %v: %v, %v", v, found, err)
						return
					}
				}
			})
		}
		for i := range uint64(50) {
			must(t, h.Append(of(0, Vote{last.Source + 1 + i, last.Target + 1 + i*i*50}), false))
		}
		all.Wait()
		select {
		case err := <-failed:
			t.Fatal(err)
		default:
		}
	}
}
