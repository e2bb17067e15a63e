package story

import (
	"testing"

	"assay/reports/digest"
	"assay/runner/result"
)

func TestSureSaysWhatTheTimesRestOn(t *testing.T) {
	t.Parallel()
	row := func(restarts, layouts int, clock string, c *result.Components) result.Comparison {
		return result.Comparison{
			Key: result.Key{Family: "page"}, Unit: "ns/op", Base: "raw", Variant: "v" + clock + string(rune('0'+restarts)),
			Restarts: restarts, Layouts: layouts, Clock: clock, Components: c,
		}
	}
	spread := &result.Components{Slice: 0.004, Restart: 0.002, Layout: 0.009}
	for want, cs := range map[string][]result.Comparison{
		"8 to 24 restarts over 8 layouts, CPU clock; spread 0.4% slices, 0.2% restarts, 0.9% layouts.": {row(8, 8, "cpu", spread), row(24, 8, "cpu", spread)},
		"8 restarts over 8 layouts, CPU clock; spread 0.4% slices, 0.9% layouts with their restarts.":  {row(8, 8, "cpu", spread)},
		"24 restarts over 1 layout, process CPU and wall clocks; spread 0.4% slices, 0.2% restarts.":   {row(24, 1, "process", spread), row(24, 1, "wall", nil)},
		"5 restarts, wall clock; spread 0% slices, 0% restarts.":                                       {row(5, 0, "wall", &result.Components{})},
		"CPU clock.": {row(0, 0, "cpu", nil)},
		"":           {row(0, 0, "", nil)},
	} {
		if got := Sure(digest.Groups(result.Result{Comparisons: cs})...); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

func TestNotesOfACatalogBecomeSentences(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"within 5 % of the ideal": "Within 5 % of the ideal.", "Done.": "Done.", "1/256 by construction": "1/256 by construction.", "éa": "Éa.", "": "", "\x1b[31m": ""} {
		if got := Sentence(in); got != want {
			t.Errorf("Sentence(%q) = %q, want %q", in, got, want)
		}
	}
}
