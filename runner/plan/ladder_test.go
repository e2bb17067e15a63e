package plan_test

import (
	"strings"
	"testing"

	"assay/runner/lab"
	"assay/runner/ladder"
	"assay/runner/plan"
)

// climbable is the small catalog with a ladder in its first family.
func climbable() []lab.Room {
	all := rooms()
	all[0].Ladder = &ladder.Ladder{
		Phases: []ladder.Phase{{Op: "fill"}, {Op: "get-miss", PerEntry: 2}},
		Rungs:  []ladder.Rung{{Variant: "raw"}, {Variant: "nibble"}},
		Splits: []ladder.Split{{From: "raw", Via: "varint", To: "nibble"}},
	}
	return all
}

func TestALadderSelectsItsPhasesAndVariants(t *testing.T) {
	t.Parallel()
	const want = "page/fill(raw varint nibble)@realistic; page/get-miss(raw varint nibble)@realistic"
	for _, words := range [][]string{{"page"}, {"p*"}, {"*"}, nil} {
		if p, err := plan.Make(climbable(), plan.Options{Ladder: true, Select: words}); err != nil || shape(p) != want {
			t.Errorf("%v: %s, %v, want %s", words, shape(p), err, want)
		}
	}
	p, err := plan.Make(climbable(), plan.Options{Ladder: true, Select: []string{"page"}, Workloads: []string{"full"}})
	if err != nil || shape(p) != strings.ReplaceAll(want, "realistic", "full") {
		t.Errorf("under another workload: %s, %v", shape(p), err)
	}
}

func TestALadderThatIsNotThereIsAClearError(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		o    plan.Options
		want string
	}{
		{plan.Options{Select: []string{"flush"}}, "--ladder: flush has none; there is one of page"},
		{plan.Options{Select: []string{"page/fill"}}, `selection "page/fill": --ladder takes a family`},
		{plan.Options{Select: []string{"pgae"}}, `did you mean "page"?`},
		{plan.Options{Select: []string{"page"}, Variants: []string{"raw"}}, "--ladder and --variants exclude each other"},
	} {
		c.o.Ladder = true
		if _, err := plan.Make(climbable(), c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.o.Select, err, c.want)
		}
	}
	if _, err := plan.Make(rooms(), plan.Options{Ladder: true}); err == nil || !strings.Contains(err.Error(), "there is one of no family") {
		t.Errorf("without any: %v", err)
	}
}
