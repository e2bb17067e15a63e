package words

import (
	"math"
	"testing"
	"unicode"
	"unicode/utf8"

	"assay/runner/result"
)

func TestIntervalSpeaksInPercentAndInTimesBeyondTenfold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ratio, lo, hi float64
		want          string
	}{
		{0.688, 0.681, 0.694, "-31.2% [-31.9 -30.6]"},
		{1.46, 1.44, 1.48, "+46.0% [+44.0 +48.0]"},
		{0.9999, 0.99, 1.01, "+0.0% [-1.0 +1.0]"},
		{1.0003, 1.0001, 1.0005, "+0.03% [+0.01 +0.05]"},
		{11.2, 11, 11.4, "11.20x [11.00 11.40]"},
		{0.00145, 0.0014, 0.0015, "0.001450x [0.001400 0.001500]"},
		{1.2, math.Inf(-1), math.Inf(1), "+20.0% [? ?]"},
		{0, 0, 0, "–"},
		{math.NaN(), 1, 1, "–"},
	} {
		if got := Interval(c.ratio, c.lo, c.hi); got != c.want {
			t.Errorf("Interval(%v, %v, %v) = %q, want %q", c.ratio, c.lo, c.hi, got, c.want)
		}
	}
}

func TestVerdictNeverReadsUndecidedAsEqual(t *testing.T) {
	t.Parallel()
	for verdict, want := range map[string]string{"faster": "faster", "same": "≈ same", "equal": "= equal", "undecided": "? (MDE 0.8%)", "worse": "worse"} {
		if got := Verdict(result.Comparison{Verdict: verdict, MDE: 0.008}); got != want {
			t.Errorf("%s: %q, want %q", verdict, got, want)
		}
	}
	if got := Verdict(result.Comparison{Verdict: "undecided", MDE: math.Inf(1)}); got != "? (MDE unknown)" {
		t.Errorf("an infinite MDE reads %q", got)
	}
	seen := map[string]string{}
	for _, v := range []string{"faster", "slower", "same", "undecided", "better", "worse", "nonsense"} {
		if other := seen[Letter(v)]; other != "" {
			t.Errorf("%s and %s share the letter %s", v, other, Letter(v))
		}
		seen[Letter(v)] = v
	}
}

func TestColumnScalesTimesTogetherAndCountsNotAtAll(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		unit   string
		exact  bool
		values []float64
		title  string
		want   []string
	}{
		{"ns/op", false, []float64{91.2, 133.41}, "ns/op", []string{"91.20", "133.41"}},
		{"ns/op", false, []float64{18423, 120000}, "µs/op", []string{"18.42", "120.00"}},
		{"ns/op", false, []float64{2.5e6}, "ms/op", []string{"2.500"}},
		{"ns/op", false, []float64{1.5, 25e6}, "ns/op", []string{"1.500", "25000000"}},
		{"entries/page", true, []float64{511, 758.7}, "entries/page", []string{"511.0", "758.7"}},
		{"allocs/op", true, []float64{12299, 44}, "allocs/op", []string{"12299", "44"}},
		{"bytes/entry", true, []float64{5470.2, 0.336}, "bytes/entry", []string{"5470", "0.3360"}},
		{"records/s", false, []float64{173e3, 338e3}, "records/s", []string{"173.0k", "338.0k"}},
		{"p99-ns/op", false, []float64{18423, 120000}, "p99-µs/op", []string{"18.42", "120.00"}},
		{"ns/op", false, []float64{math.NaN()}, "s/op", []string{"–"}},
	} {
		col := NewColumn(c.unit, c.exact, c.values)
		if col.Title != c.title {
			t.Errorf("%s %v: title %q, want %q", c.unit, c.values, col.Title, c.title)
		}
		for i, v := range c.values {
			if got := col.Value(v); got != c.want[i] {
				t.Errorf("%s: %v reads %q, want %q", c.unit, v, got, c.want[i])
			}
		}
	}
}

func TestCellShowsHalfIntervalOrRange(t *testing.T) {
	t.Parallel()
	f := func(x float64) *float64 { return &x }
	for _, c := range []struct {
		stat result.Stat
		want string
	}{
		{result.Stat{Median: f(91.2), Lo: f(90.8), Hi: f(91.9)}, "91.20 ± 0.8%"},
		{result.Stat{Median: f(91.2), Lo: f(91.2), Hi: f(91.2)}, "91.20"},
		{result.Stat{Median: f(91.2)}, "91.20 ±   ?"},
		{result.Stat{Median: f(91.2), Lo: f(math.Inf(-1)), Hi: f(math.Inf(1))}, "91.20 ±   ∞"},
		{result.Stat{Exact: true, Mean: f(758.7), Min: f(749), Max: f(769)}, "758.7 [749 769]"},
		{result.Stat{Exact: true, Mean: f(511), Min: f(511), Max: f(511)}, "511"},
	} {
		unit := "ns/op"
		if c.stat.Exact {
			unit = "entries/page"
		}
		if got := NewColumn(unit, c.stat.Exact, []float64{c.stat.Value()}).Cell(c.stat); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestCleanKeepsNamesAndDropsWhatMovesTheCursor(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"nibble#2":                 "nibble#2",
		"größe  µs":                "größe µs",
		"a\x1b[31mred\x1b[0mb":     "aredb",
		"a\x1b]0;title\x07b":       "ab",
		"a\x1b]8;;u\x1b\\link":     "alink",
		"line\nbreak\ttab\r":       "line break tab",
		"a\u202Etxt.exe":           "atxt.exe",
		"\xff\xfe":                 "\uFFFD",
		"\u009b31mcsi":             "csi",
		"unfinished\x1b[31":        "unfinished",
		"zero\u200Bwidth\uFEFFbom": "zerowidthbom",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzCleanIsSafeAndStable(f *testing.F) {
	for _, s := range []string{"", "nibble", "\x1b[31m", "\x1b]0;", "\u202e", "\x1b", "a\x1b\x1b[[m"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Clean(s)
		if !utf8.ValidString(got) {
			t.Fatalf("Clean(%q) = %q is no UTF-8", s, got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Fatalf("Clean(%q) = %q holds %U", s, got, r)
			}
		}
		if again := Clean(got); again != got {
			t.Fatalf("Clean is not stable: %q, then %q", got, again)
		}
	})
}
