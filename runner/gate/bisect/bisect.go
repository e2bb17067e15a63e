// Package bisect finds the change at which a verdict turns, in as few
// measurements as there are doublings in the history.
//
// It assumes what every bisection does: that the verdict turns once. Where a
// slowdown came in two steps, it finds one of them.
package bisect

// Outcome is what is known of a commit.
type Outcome int

// The outcomes. A commit that cannot be built or decided is Skipped: it is
// neither, and the search goes on around it.
const (
	Good Outcome = iota
	Bad
	Skipped
)

// Search finds the first bad one of n commits, numbered from the oldest. The
// one before the first is known to be good, the last to be bad, and neither is
// tested. The answer lies in first..last: one commit, or several where the ones
// between them could not be tested. An error is one of test's.
func Search(n int, test func(i int) (Outcome, error)) (first, last int, err error) {
	good, bad := -1, n-1
	skipped := map[int]bool{}
	for {
		i, ok := middle(good, bad, skipped)
		if !ok {
			return good + 1, bad, nil
		}
		outcome, err := test(i)
		if err != nil {
			return good + 1, bad, err
		}
		switch outcome {
		case Good:
			good = i
		case Bad:
			bad = i
		default:
			skipped[i] = true
		}
	}
}

// middle is the untested commit nearest to the middle of those between. Only
// skipped ones can lie between, so nearest to the middle is tried outwards.
func middle(good, bad int, skipped map[int]bool) (int, bool) {
	at := good + (bad-good)/2
	for d := range bad - good {
		for _, i := range []int{at - d, at + d} {
			if i > good && i < bad && !skipped[i] {
				return i, true
			}
		}
	}
	return 0, false
}
