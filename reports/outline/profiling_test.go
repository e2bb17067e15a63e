package outline

import (
	"testing"

	"assay/runner/result"
)

func TestProfilingSaysWhatEachProfilerCost(t *testing.T) {
	t.Parallel()
	got := profiling(map[string]result.Estimate{"cpu": {Ratio: 1.004, Lo: 0.998, Hi: 1.01}, "allocs": {Ratio: 3.8, Lo: 3.7, Hi: 3.9}})
	want := "Profiling, in passes apart from the timing, changed the time of an operation by (median over operations): allocs +280% [+270 +290], cpu +0.4% [-0.2 +1.0]."
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := profiling(nil); got != "" {
		t.Errorf("without profiles: %q", got)
	}
}
