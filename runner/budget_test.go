package runner

import (
	"strings"
	"testing"
	"time"

	"assay/runner/clock"
	"assay/runner/plan"
)

// notes are what was told once.
func notes(told []Progress) string {
	var all []string
	for _, p := range told {
		if p.Note != "" {
			all = append(all, p.Note)
		}
	}
	return strings.Join(all, "\n")
}

func TestABudgetThatIsExceededSaysByWhatAndWhy(t *testing.T) {
	t.Parallel()
	p := planned("quick", "large")
	p.Budget = 2
	s := slow{scripted: scripted{scripts: map[string]string{"quick": "1", "large": "1"}}, clock: &clock.Fake{}, cost: map[string]time.Duration{"quick": time.Second, "large": 11 * time.Second}}
	told, warnings := toldOf(t, p, s)
	want := "the budget of 2 s was exceeded by 22 s: timing took 24 s, because each of 3 comparisons, the control among them, gets 2 restarts " +
		"whatever the budget, of 4 s on average (one of toy/large under none takes 11 s): raise --budget or select fewer rows"
	if got := strings.Join(warnings, "\n"); !strings.Contains(got, want) {
		t.Errorf("the warnings of the run are\n%s\nwant among them\n%s", got, want)
	}
	said := notes(told)
	if !strings.Contains(said, want) {
		t.Errorf("told\n%s\nwant\n%s", said, want)
	}
	// After one restart of each the second ones are owed: 12 s took, 12 s more.
	before := "the budget of 2 s will be exceeded by 22 s or more: each of 3 comparisons"
	if at := strings.Index(said, before); at < 0 || at > strings.Index(said, "was exceeded") || strings.Count(said, "will be") != 1 {
		t.Errorf("told\n%s\nwant once, before the end\n%s", said, before)
	}
}

func TestARestartThatOutlastsTheBudgetIsTheReason(t *testing.T) {
	t.Parallel()
	p := planned("a")
	p.Budget = 30
	s := slow{scripted: scripted{scripts: map[string]string{"a": "1"}}, clock: &clock.Fake{}, cost: map[string]time.Duration{"a": time.Second}, third: 40 * time.Second}
	_, warnings := toldOf(t, p, s)
	want := "was exceeded by 12 s: timing took 42 s, because a restart that has begun is finished, and one of toy/a under none takes 12.7 s"
	if got := strings.Join(warnings, "\n"); !strings.Contains(got, want) {
		t.Errorf("the warnings of the run are\n%s\nwant among them\n%s", got, want)
	}
}

func TestABudgetThatIsKeptOrDoesNotCountIsNoWarning(t *testing.T) {
	t.Parallel()
	kept := planned("a")
	fixed := planned("a")
	fixed.Budget, fixed.MinRestarts, fixed.MaxRestarts = 2, 4, 4
	decided := planned("a")
	decided.Budget, decided.UntilDecided = 2, true
	for name, p := range map[string]plan.Plan{"kept": kept, "a number of restarts": fixed, "until all is decided": decided} {
		s := slow{scripted: scripted{scripts: map[string]string{"a": "1.25"}}, clock: &clock.Fake{}, cost: map[string]time.Duration{"a": time.Second}}
		told, warnings := toldOf(t, p, s)
		if got := strings.Join(warnings, "\n") + notes(told); strings.Contains(got, "exceeded") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
