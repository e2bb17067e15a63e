package plan_test

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"assay/runner/plan"
)

// TestEveryMistakeHasOneClearLine holds the message of each wrong option to testdata/mistakes.golden.txt.
func TestEveryMistakeHasOneClearLine(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, o := range append(wrongNames(), wrongNumbers()...) {
		p, err := plan.Make(rooms(), o)
		if err == nil || !reflect.DeepEqual(p, plan.Plan{}) {
			t.Errorf("%+v: error %v, plan %+v", o, err, p)
			continue
		}
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("%+v: more than a line: %v", o, err)
		}
		fmt.Fprintf(&out, "%v\n", err)
	}
	if _, err := plan.Make(nil, plan.Options{}); err == nil {
		t.Error("an empty catalog has a plan")
	} else {
		fmt.Fprintf(&out, "%v\n", err)
	}
	golden(t, "mistakes.golden.txt", out.String())
}

// wrongNames are options that name what there is not.
func wrongNames() []plan.Options {
	page := []string{"page/fill"}
	return []plan.Options{
		{Select: []string{"pgae"}},
		{Select: []string{"zzz"}},
		{Select: []string{""}},
		{Select: []string{"page/"}},
		{Select: []string{"page/get-hti"}},
		{Select: []string{"page/fill/nible"}},
		{Select: []string{"page/fill/raw,zzzzzz"}},
		{Select: []string{"page/fill/raw/deep"}},
		{Select: []string{"page/[/raw"}},
		{Select: []string{"page/fill,"}},
		{Select: []string{"page/fill,page/get-hit"}},
		{Select: []string{"page/fill/raw,nibble,page/get-hit/raw"}},
		{Select: []string{"page/fill,flush"}},
		{Select: []string{"page", "flsh"}},
		{Select: page, Variants: []string{"nibbel"}},
		{Select: page, Base: "nibbel"},
		{Select: page, Base: "n*"},
		{Select: page, Base: "model"},
		{Select: page, Workloads: []string{"realistc"}},
		{Select: page, Workloads: []string{"uniform:9-1"}},
		{Select: page, Workloads: []string{"go-identifiers"}},
		{Select: []string{"bare"}},
	}
}

// wrongNumbers are options with words and numbers out of range.
func wrongNumbers() []plan.Options {
	page := []string{"page/fill"}
	return []plan.Options{
		{Select: page, Alpha: -0.01},
		{Select: page, Alpha: 0.5},
		{Select: page, Alpha: math.NaN()},
		{Select: page, Threshold: -0.01},
		{Select: page, Threshold: 1},
		{Select: page, Threshold: math.NaN()},
		{Select: page, Restarts: 1},
		{Select: page, Restarts: -3},
		{Select: page, Clock: "cpuu"},
		{Select: page, Clock: "sundial"},
		{Select: page, Profile: []string{"cpu", "heep"}},
		{Select: page, GC: "on"},
		{Select: page, GC: "-1"},
		{Select: page, GC: "0"},
		{Select: page, Rate: -1},
		{Select: page, Rate: math.Inf(1)},
		{Select: page, Rate: math.NaN()},
		{Select: page, Scenarios: []string{"disc"}},
		{Select: page, Scenarios: []string{"c*"}},
		{Select: page, Scenarios: []string{"alone,cpu"}},
		{Select: page, Sweep: "count"},
		{Select: page, Sweep: "count="},
		{Select: page, Sweep: "=1,2,3,4"},
		{Select: page, Sweep: "count=1,2,3"},
		{Select: page, Sweep: "count=1,2,3,x"},
		{Select: page, Sweep: "count=1,2,3,-4"},
		{Select: page, Sweep: "count=1,2,3,3000m"},
		{Select: page, Sweep: "count=1k,2k,3k,1000"},
		{Select: page, Sweep: "cuont=1,2,3,4"},
		{Select: page, Inject: map[string]float64{"nibbel": 0.1, "zz": 0.1}},
		{Select: page, Inject: map[string]float64{"nibble#2": 0.1}},
		{Select: page, Inject: map[string]float64{"nibble": 0}},
		{Select: page, Inject: map[string]float64{"nibble": -0.1, "raw": 11}},
		{Select: page, Inject: map[string]float64{"nibble": math.NaN()}},
	}
}
