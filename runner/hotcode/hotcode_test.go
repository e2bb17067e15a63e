package hotcode

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
)

func TestTheHottestFunctionComesFirstAndTiesGoByName(t *testing.T) {
	t.Parallel()
	v := Variant{Functions: map[string]float64{"b": .2, "a": .2, "c": .5, "d": 0}}
	if got := v.Hottest(); !slices.Equal(got, []string{"c", "a", "b", "d"}) {
		t.Error(got)
	}
}

// many is the code of so many variants with five functions each, one of them shared by all.
func many(variants int) Code {
	c := Code{Functions: []Function{{Name: "shared", Size: 64, Instructions: 20}}}
	for i := range variants {
		v := Variant{Family: "page", Op: "fill", Variant: fmt.Sprint("v", i), Functions: map[string]float64{"shared": .4}}
		for j := range 4 {
			name := fmt.Sprintf("own-%03d-%d", i, j)
			v.Functions[name] = .1 + .01*float64(j)
			c.Functions = append(c.Functions, Function{Name: name, Size: 64, Instructions: 20})
		}
		c.Variants = append(c.Variants, v)
	}
	return c
}

func TestCodeThatFitsIsLeftAlone(t *testing.T) {
	t.Parallel()
	c := many(3)
	if got := c.Fit(c.bytes()); got.Left != 0 || len(got.Functions) != 13 {
		t.Errorf("%d left off, %d functions", got.Left, len(got.Functions))
	}
}

func TestTheLeastFunctionsAreLeftOffFirstAndThenTheLastVariants(t *testing.T) {
	t.Parallel()
	c := many(20)
	for limit := c.bytes(); limit > 0; limit = limit * 3 / 4 {
		got := c.Fit(limit)
		data, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		kept, used := 0, map[string]bool{}
		for _, v := range got.Variants {
			kept += len(v.Functions)
			if v.Hottest()[0] != "shared" {
				t.Errorf("of %s the hottest is gone before the others", v.Variant)
			}
			for name := range v.Functions {
				used[name] = true
			}
		}
		switch {
		case len(data) > limit && kept > 0:
			t.Errorf("%d bytes, the limit is %d", len(data), limit)
		case kept+got.Left != 100:
			t.Errorf("limit %d: %d functions kept and %d left off of 100", limit, kept, got.Left)
		case len(used) != len(got.Functions):
			t.Errorf("limit %d: %d functions are named and %d described", limit, len(used), len(got.Functions))
		case len(got.Variants) < 20 && len(got.Variants) > 0 && len(got.Variants[0].Functions) > 1:
			t.Errorf("limit %d: variants were left off that had functions to spare", limit)
		}
	}
	if c.Variants[0].Functions["own-000-0"] == 0 || len(c.Functions) != 81 {
		t.Error("Fit changed its argument")
	}
}
