package ladder_test

import (
	"slices"
	"strings"
	"testing"

	"assay/runner/ladder"
)

// sound is a ladder without a fault.
func sound() ladder.Ladder {
	return ladder.Ladder{
		Phases: []ladder.Phase{{Op: "put", PerEntry: 1}, {Op: "get"}},
		Rungs: []ladder.Rung{
			{Variant: "a", Seconds: []float64{1, 2}},
			{Variant: "b", Seconds: []float64{1, 0}},
			{Variant: "c", Seconds: []float64{1, 1}},
		},
		Splits: []ladder.Split{{From: "b", Via: "b-and-a-half", To: "c"}},
	}
}

func check(l ladder.Ladder) error {
	return l.Check(
		func(op string) bool { return op == "put" || op == "get" },
		func(v string) bool { return slices.Contains([]string{"a", "b", "b-and-a-half", "c"}, v) })
}

func TestVariantsAreToldFromTheBottomUpWithWhatStandsBetween(t *testing.T) {
	t.Parallel()
	if got, want := sound().Variants(), []string{"a", "b", "b-and-a-half", "c"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestALadderThatContradictsItselfIsRefused(t *testing.T) {
	t.Parallel()
	if err := check(sound()); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*ladder.Ladder){
		"1 rungs":                  func(l *ladder.Ladder) { l.Rungs = l.Rungs[:1] },
		"0 phases":                 func(l *ladder.Ladder) { l.Phases = nil },
		`phase "pat"`:              func(l *ladder.Ladder) { l.Phases[0].Op = "pat" },
		`phase "get"`:              func(l *ladder.Ladder) { l.Phases[1].PerEntry = -1 },
		`variant "d"`:              func(l *ladder.Ladder) { l.Rungs[2].Variant = "d" },
		`variant "between"`:        func(l *ladder.Ladder) { l.Splits[0].Via = "between" },
		`"b" has 1 figures for 2`:  func(l *ladder.Ladder) { l.Rungs[1].Seconds = []float64{1} },
		`from "a" to "c" is no st`: func(l *ladder.Ladder) { l.Splits[0].From = "a" },
	} {
		l := sound()
		spoil(&l)
		if err := check(l); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
