package cli

import (
	"bytes"
	"strings"
	"testing"

	"assay/runner/plan"
)

func TestTheForecastSaysBeforehandThatABudgetWillNotDo(t *testing.T) {
	t.Parallel()
	million := plan.Plan{Budget: 0.5, MinRestarts: 8, MaxRestarts: 40, Groups: []plan.Group{{
		Family: "toy", Op: "put", Workload: "uniform:0-1000,count=1000000",
		Arms: []plan.Arm{{Name: "a"}, {Name: "b"}},
	}}}
	enough, fixed, few := million, million, million
	enough.Budget = 20
	fixed.MinRestarts, fixed.MaxRestarts = 4, 4
	few.Groups = []plan.Group{{Family: "toy", Op: "put", Workload: "uniform:0-1000,count=10", Arms: million.Groups[0].Arms}}
	for name, c := range map[string]struct {
		plan plan.Plan
		says string
	}{
		"too little":           {million, "instead of the budget of 500ms, because of the restarts that every comparison gets"},
		"enough":               {enough, ""},
		"a number of restarts": {fixed, ""},
		"few entries":          {few, ""},
	} {
		var out bytes.Buffer
		a := &app{Surroundings: Surroundings{Err: &out}}
		a.forecast(c.plan)
		if got := out.String(); !strings.Contains(got, c.says) || c.says == "" && got != "" {
			t.Errorf("%s: says %q, want %q", name, got, c.says)
		}
	}
}
