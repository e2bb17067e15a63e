package why

import (
	"math"
	"strings"
	"testing"

	"assay/profiles/perop"
	"assay/runner/stats"
)

// change is a function whose own difference holds; cum is what it and its
// callees differ by, and holds where wide says so.
func change(function string, own, cum float64, held, wide bool) perop.Change {
	around := func(x float64) stats.Interval { return stats.Interval{Est: x, Lo: x - 2, Hi: x + 2, N: 6} }
	return perop.Change{Function: function, Own: around(own), Cum: around(cum), Real: held, RealCum: wide}
}

func TestTheSentenceSaysWhatTheDataCarries(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		changes  []perop.Change
		unit     string
		measured float64
		want     string
	}{
		"one function": {
			[]perop.Change{change("assay/encodings/page.decodeVarint", -31, -31, true, true), change("assay/engines/page.get", 0, -38, false, false)},
			"ns/op", -38, "82% [76 87] of the 38 ns saved is in page.decodeVarint",
		},
		"two functions": {
			[]perop.Change{change("m.a", 20, 20, true, true), change("m.b", 12, 12, true, true), change("m.c", 3, 3, true, true)},
			"ns/op", 38, "53% [47 58] of the 38 ns added is in m.a, 32% [26 37] in m.b",
		},
		"one that replaces another": {
			[]perop.Change{change("m.findNibble", 60, 60, true, true), change("m.findRaw", -22, -22, true, true)},
			"ns/op", 38, "Of the 38 ns added, +60 [58 62] ns in m.findNibble and -22 [-24 -20] ns in m.findRaw",
		},
		"scattered below one caller": {
			[]perop.Change{change("m.a", 9, 9, false, false), change("m.walk", 8, 36, false, true), change("m.visit", 8, 30, false, true)},
			"ns/op", 38, "95% [89 100] of the 38 ns added is in m.walk and what it calls",
		},
		"too little of it":    {[]perop.Change{change("m.a", 8, 8, true, false)}, "ns/op", 38, ""},
		"nothing that holds":  {[]perop.Change{change("m.a", 38, 38, false, false)}, "ns/op", 38, ""},
		"no functions":        {nil, "ns/op", 38, ""},
		"no difference":       {[]perop.Change{change("m.a", 8, 8, true, false)}, "ns/op", 0, ""},
		"a difference of NaN": {[]perop.Change{change("m.a", 8, 8, true, false)}, "ns/op", math.NaN(), ""},
		"only the other way":  {[]perop.Change{change("m.a", -38, -38, true, true)}, "ns/op", 38, ""},
		"bytes": {
			[]perop.Change{change("example.com/codec/v2.(*Buffer).grow", 8192, 8192, true, true)},
			"B/op", 8192, "100% [100 100] of the 8 KiB added is in codec/v2.(*Buffer).grow",
		},
		"allocations": {[]perop.Change{change("m.new", -3, -3, true, true)}, "allocs/op", -3, "100% [33 167] of the 3 allocations saved is in m.new"},
		"long times":  {[]perop.Change{change("m.sync", 2.5e6, 2.5e6, true, true)}, "ns/op", 2.5e6, "100% [100 100] of the 2500 µs added is in m.sync"},
	} {
		if got := sentence(perop.Difference{Unit: c.unit, Changes: c.changes}, c.unit, c.measured); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, c.want)
		}
	}
	if got := Sentence(perop.Difference{}); !strings.HasPrefix(got, "No function's difference holds") {
		t.Errorf("nothing: %s", got)
	}
}
