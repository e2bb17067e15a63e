package plan_test

import (
	"testing"

	"assay/runner/lab"
	"assay/runner/plan"
)

// TestAnOperationAboutSomeVariantsHasABaseAmongThem: the family's where it is
// about that one, else the first contender.
func TestAnOperationAboutSomeVariantsHasABaseAmongThem(t *testing.T) {
	t.Parallel()
	list := ops("all", "some", "with-base")
	list[1].Variants = []string{"null", "c", "b"}
	list[2].Variants = []string{"a", "b"}
	room := lab.Family[nothing]{Name: "toy", Base: "a", Ops: list, Variants: variants("null", "b", "c", "a"), Workloads: []string{"sequential"}}.Erase()
	for word, want := range map[string][]string{
		"toy/some":      {"b", "null", "c"},
		"toy/some/c":    {"b", "c"},
		"toy/some/null": {"b", "null"},
		"toy/all/c":     {"a", "c"},
		"toy/with-base": {"a", "b"},
	} {
		p, err := plan.Make([]lab.Room{room}, plan.Options{Select: []string{word}})
		if err != nil {
			t.Fatal(err)
		}
		g := p.Groups[0]
		if g.Base != want[0] || len(g.Arms) != len(want) {
			t.Errorf("%s: base %s, arms %v, want %v", word, g.Base, g.Arms, want)
			continue
		}
		for i, a := range g.Arms {
			if a.Variant != want[i] {
				t.Errorf("%s: arms %v, want %v", word, g.Arms, want)
			}
		}
	}
	if _, err := plan.Make([]lab.Room{room}, plan.Options{Select: []string{"toy/some/a"}}); err == nil {
		t.Error("a variant the operation is not about can be selected")
	}
}
