package selftest

import (
	"strings"
	"testing"
)

func TestABudgetThatIsExceededSaysByWhatAndWhy(t *testing.T) {
	t.Parallel()
	least := Least().Seconds()
	if least < 10 || least > 60 {
		t.Errorf("a self-test takes at least %v s", least)
	}
	got := overspent(5, 18)
	for _, want := range []string{"the budget of 5 s was exceeded by 13 s: ", "10 comparisons without a change, 5 with a slowdown and 3 under the profiler", "--budget 23s"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q does not say %q", got, want)
		}
	}
	if got := overspent(5, 6); got != "" {
		t.Errorf("a comparison that was finished: %q", got)
	}
}
