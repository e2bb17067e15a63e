package bisect

import (
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func TestTheFirstBadCommitIsFoundAroundTheOnesThatCannotBeTested(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 200).Draw(t, "commits")
		turn := rapid.IntRange(0, n-1).Draw(t, "turn")
		broken := map[int]bool{}
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 20).Draw(t, "broken") {
			broken[i] = true
		}
		tested := map[int]bool{}
		first, last, err := Search(n, func(i int) (Outcome, error) {
			if i < 0 || i >= n-1 || tested[i] {
				t.Fatalf("commit %d of %d tested, or twice", i, n)
			}
			tested[i] = true
			switch {
			case broken[i]:
				return Skipped, nil
			case i >= turn:
				return Bad, nil
			}
			return Good, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if turn < first || turn > last {
			t.Fatalf("it turns at %d, found %d to %d", turn, first, last)
		}
		for i := first; i < last; i++ { // every candidate but the last is one that could not be tested
			if !broken[i] {
				t.Fatalf("found %d to %d, and %d could have been tested", first, last, i)
			}
		}
		whole := 0
		for i := range tested {
			if !broken[i] {
				whole++
			}
		}
		if len(broken) == 0 && 1<<whole > 2*n {
			t.Fatalf("%d measurements for %d commits", whole, n)
		}
	})
}

func TestAnErrorEndsTheSearch(t *testing.T) {
	t.Parallel()
	stop := errors.New("stop")
	calls := 0
	_, _, err := Search(100, func(int) (Outcome, error) { calls++; return Good, stop })
	if !errors.Is(err, stop) || calls != 1 {
		t.Errorf("error %v after %d calls", err, calls)
	}
}
