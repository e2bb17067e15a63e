package words

import (
	"fmt"
	"math"
	"strings"

	"assay/runner/result"
)

// Delta prints a ratio as a change: "-31.2%", and "11.2x" or "0.0014x" where a
// percentage would no longer be read correctly.
func Delta(ratio float64) string {
	if !usable(ratio) {
		return "–"
	}
	if times(ratio) {
		return four(ratio) + "x"
	}
	return signed(1, ratio) + "%"
}

// Interval prints a change with its 95 % interval: "-31.2% [-31.9 -30.6]". The
// interval is in the words of the estimate, so it carries no unit of its own.
func Interval(ratio, lo, hi float64) string {
	if !usable(ratio) {
		return "–"
	}
	if !usable(lo) || !usable(hi) || hi < lo {
		return Delta(ratio) + " [? ?]"
	}
	if times(ratio) {
		return fmt.Sprintf("%sx [%s %s]", four(ratio), four(lo), four(hi))
	}
	d := decimals(lo, hi)
	return fmt.Sprintf("%s%% [%s %s]", signed(d, ratio), signed(d, lo), signed(d, hi))
}

// Brief is Interval with no decimals where the interval is wider than two
// points, for tables with many of them side by side.
func Brief(ratio, lo, hi float64) string {
	if usable(ratio) && usable(lo) && usable(hi) && hi >= lo && !times(ratio) && 100*(hi-lo) >= 2 {
		return fmt.Sprintf("%s%% [%s %s]", signed(0, ratio), signed(0, lo), signed(0, hi))
	}
	return Interval(ratio, lo, hi)
}

// Spread prints a standard deviation of log ratios as a relative size; one too
// small to print is "0%".
func Spread(sd float64) string {
	if sd >= 0 && sd < 0.00005 {
		return "0%"
	}
	return Percent(sd)
}

// Evidence prints the logarithm to base ten of an e-value: "10^5.3".
func Evidence(log10 float64) string {
	switch {
	case math.IsNaN(log10):
		return "–"
	case log10 > 999: // a row that cannot be doubted has infinite evidence
		return "beyond 10^999"
	}
	return fmt.Sprintf("10^%.1f", log10)
}

// Verdict is the last word of a row: "faster", "≈ same", "? (MDE 0.8%)".
func Verdict(c result.Comparison) string {
	switch c.Verdict {
	case "same":
		return "≈ same"
	case "equal":
		return "= equal"
	case "undecided":
		return "? (MDE " + Percent(c.MDE) + ")"
	}
	return Clean(c.Verdict)
}

// Letter is the verdict as one letter, so that a coloured cell can be read
// without colour: F faster, S slower, = same or equal, ? undecided, B better,
// W worse. Anything else is "·".
func Letter(verdict string) string {
	switch verdict {
	case "faster":
		return "F"
	case "slower":
		return "S"
	case "same", "equal":
		return "="
	case "undecided":
		return "?"
	case "better":
		return "B"
	case "worse":
		return "W"
	}
	return "·"
}

// Percent prints a relative size such as a threshold or an MDE (0.008 is "0.8%").
func Percent(x float64) string {
	switch p := 100 * x; {
	case math.IsNaN(p) || math.IsInf(p, 0) || p <= 0:
		return "unknown"
	case p < 0.095:
		return fmt.Sprintf("%.2f%%", p)
	case p < 9.95:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", p), ".0") + "%"
	default:
		return fmt.Sprintf("%.0f%%", p)
	}
}

// usable says whether a number can be a ratio at all: beyond 1e30 it is a
// mistake, and its percentage would overflow.
func usable(r float64) bool { return r > 0 && r < 1e30 }

// times says whether a ratio is so large or small that a percentage misleads:
// "+1020%" is 11.2 times as long, and readers take it for 10.2.
func times(r float64) bool { return r >= 10 || r <= 0.1 }

// signed prints a ratio as a signed percentage, and a change that rounds to
// nothing as "+0.0", never as "-0.0".
func signed(decimals int, ratio float64) string {
	p, unit := 100*(ratio-1), math.Pow(10, float64(decimals))
	if p = math.Round(p*unit) / unit; p == 0 {
		p = 0 // drops the sign of a negative zero
	}
	return fmt.Sprintf("%+.*f", decimals, p)
}

// decimals keeps one decimal, and two where the whole interval would collapse
// into one printed number.
func decimals(lo, hi float64) int {
	if lo != hi && 100*(hi-lo) < 0.2 {
		return 2
	}
	return 1
}
