package outline

import (
	"maps"
	"slices"
	"strings"

	"assay/reports/words"
	"assay/runner/result"
)

// profiling says what each profiler cost the operations it watched, in passes
// of their own, or returns "" where nothing was profiled.
func profiling(cost map[string]result.Estimate) string {
	parts := make([]string, 0, len(cost))
	for _, kind := range slices.Sorted(maps.Keys(cost)) {
		c := cost[kind]
		parts = append(parts, words.Clean(kind)+" "+words.Brief(c.Ratio, c.Lo, c.Hi))
	}
	if len(parts) == 0 {
		return ""
	}
	return "Profiling, in passes apart from the timing, changed the time of an operation by (median over operations): " + strings.Join(parts, ", ") + "."
}
