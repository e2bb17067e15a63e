package heavy_test

import (
	"slices"
	"testing"

	"assay/cmd/assay-full/heavy"
	"assay/engines/flush"
	"assay/engines/flush/flushtest"
	"assay/engines/lsm"
	"assay/engines/lsm/lsmtest"
	"assay/runner/lab"
	"assay/workloads"
)

// The families' own variants are held to their suites where they live.
func TestTheStoresConform(t *testing.T) {
	t.Parallel()
	lsmtest.Conform(t, heavy.Stores().Variants[len(lsm.Family.Variants):])
}

func TestTheTableWritersConform(t *testing.T) {
	t.Parallel()
	flushtest.Conform(t, heavy.Writers().Variants[len(flush.Family.Variants):])
}

func TestClaimsNameWhatThereIs(t *testing.T) {
	t.Parallel()
	for _, room := range []lab.Room{heavy.Stores().Erase(), heavy.Writers().Erase()} {
		var have []string
		for _, c := range room.Cases {
			have = append(have, c.Op+"/"+c.Variant)
		}
		peers := 0
		for _, c := range room.Claims {
			spec, err := workloads.Parse(c.Workload)
			if err != nil || spec.String() != c.Workload {
				t.Errorf("the workload %q is written %q: %v", c.Workload, spec, err)
			}
			if !slices.Contains(have, c.Op+"/"+c.Variant) || c.Base != "" && !slices.Contains(have, c.Op+"/"+c.Base) {
				t.Errorf("a claim of nothing: %+v", c)
			}
			if c.Base == "pebble" || c.Base == "pebble-rows" {
				peers++
			}
		}
		if peers == 0 {
			t.Errorf("%s claims nothing against pebble", room.Name)
		}
	}
}
