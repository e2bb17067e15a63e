package lab_test

import (
	"fmt"
	"strings"
	"testing"

	"assay/runner/lab"
	"assay/runner/sketch"
)

func TestASketchThatNothingCouldPriceIsRefused(t *testing.T) {
	t.Parallel()
	erase := func(c sketch.Cost) (said string) {
		defer func() {
			if r := recover(); r != nil {
				said = fmt.Sprint(r)
			}
		}()
		lab.Family[int]{
			Name: "toy", Base: "one", Variants: []lab.Variant[int]{{Name: "one"}},
			Ops: []lab.Op[int]{{Name: "get", Sketch: []sketch.Cost{c}}},
		}.Erase()
		return ""
	}
	if said := erase(sketch.Cost{Resource: "load", Count: 1, Variants: []string{"one"}}); said != "" {
		t.Errorf("a sound sketch: %s", said)
	}
	for want, c := range map[string]sketch.Cost{
		`"luck", which is no resource`: {Resource: "luck", Count: 1},
		"counts 0 of load":             {Resource: "load"},
		"counts -1 of load":            {Resource: "load", Count: -1},
		"in -8 bytes":                  {Resource: "load", Count: 1, Set: -8},
	} {
		if said := erase(c); !strings.Contains(said, want) {
			t.Errorf("%+v: %q, want %q in it", c, said, want)
		}
	}
}
