package words

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"assay/runner/result"

	"golang.org/x/perf/benchunit"
)

// Column formats one unit down one column of a table, with one scale for all
// its rows, so that the eye can compare digits.
type Column struct {
	Title  string // the unit as scaled: "ns/op", "µs/op", "entries/page"
	exact  bool
	factor float64
	prec   int
	scaler benchunit.Scaler
	prefix bool // the scale is printed in each cell instead of the title
}

// NewColumn chooses the scale of a unit from the values it will show. Values
// that must not choose it (the harness's own floor) are left out by the caller.
func NewColumn(unit string, exact bool, values []float64) Column {
	c := Column{Title: unit, exact: exact, factor: 1, prec: -1}
	values = finite(values)
	switch {
	case exact:
		c.prec = exactPrec(values)
	case nanoseconds(unit) >= 0:
		tidy := make([]float64, len(values))
		for i, v := range values {
			tidy[i] = v * 1e-9
		}
		s, at := benchunit.CommonScale(tidy, benchunit.Decimal), nanoseconds(unit)
		// Factor is in seconds; cells are in nanoseconds.
		c.Title, c.factor, c.prec = unit[:at]+s.Prefix+"s"+unit[at+len("ns"):], s.Factor*1e9, min(s.Prec, 3)
		if spread(values) > 1000 {
			c.prec = -1 // one precision cannot serve both ends: four digits each
		}
	default:
		c.scaler, c.prefix = benchunit.CommonScale(values, benchunit.ClassOf(unit)), true
	}
	return c
}

// NewLatency is the column of one percentile, titled "p99, µs". Latencies are
// read from a histogram of whole nanoseconds with three digits, so whole values
// get no decimals.
func NewLatency(percentile string, values []float64) Column {
	c := NewColumn("ns/op", false, values)
	whole := true
	for _, v := range finite(values) {
		whole = whole && v/c.factor == math.Trunc(v/c.factor)
	}
	if whole {
		c.prec = 0
	}
	c.Title = Clean(percentile) + ", " + strings.TrimSuffix(c.Title, "/op")
	return c
}

// nanoseconds is where "ns/" stands in a unit such as "ns/op" or "p99-ns/op", -1 if nowhere.
func nanoseconds(unit string) int {
	if strings.HasPrefix(unit, "ns/") {
		return 0
	}
	if i := strings.Index(unit, "-ns/"); i >= 0 {
		return i + 1
	}
	return -1
}

// Value formats one number on the column's scale.
func (c Column) Value(v float64) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "–"
	case c.prefix:
		return c.scaler.Format(v)
	case c.exact && c.prec < 0:
		return exactNumber(v)
	case c.prec < 0:
		return four(v / c.factor)
	}
	return strconv.FormatFloat(v/c.factor, 'f', c.prec, 64)
}

// Cell formats a summary: the median and its half interval for a noisy unit,
// the mean and its range for an exact one that varies.
func (c Column) Cell(s result.Stat) string {
	if !s.Exact {
		return strings.TrimRight(c.Value(s.Value())+" "+half(s), " ")
	}
	if s.Min != nil && s.Max != nil && *s.Min != *s.Max {
		return fmt.Sprintf("%s [%s %s]", c.Value(s.Value()), exactNumber(*s.Min), exactNumber(*s.Max))
	}
	return c.Value(s.Value())
}

// Whole formats a time alone, on its own scale and with it: "91.20µs ± 1.0%".
func Whole(s result.Stat) string {
	c := NewColumn("ns/op", false, []float64{s.Value()})
	return strings.TrimRight(c.Value(s.Value())+strings.TrimSuffix(c.Title, "/op")+" "+half(s), " ")
}

// half is benchstat's "± n%": half of the interval over the median, or the
// larger side where the interval is not symmetric. A quantile of latencies has
// no interval, its ends are the value itself, and nothing is claimed.
func half(s result.Stat) string {
	if s.Median == nil || s.Lo == nil || s.Hi == nil || *s.Median == 0 {
		return "±   ?"
	}
	if *s.Lo == *s.Hi {
		return ""
	}
	h := 100 * math.Max(*s.Hi-*s.Median, *s.Median-*s.Lo) / math.Abs(*s.Median)
	switch {
	case math.IsInf(h, 0) || math.IsNaN(h):
		return "±   ∞"
	case h >= 9.95:
		return fmt.Sprintf("± %2.0f%%", h)
	}
	return fmt.Sprintf("± %.1f%%", h)
}

// exactPrec gives every row of an exact column the same decimals: none when all
// are whole, else enough for four digits of the smallest.
func exactPrec(values []float64) int {
	whole, least := true, math.Inf(1)
	for _, v := range values {
		whole = whole && v == math.Trunc(v)
		if v != 0 {
			least = math.Min(least, math.Abs(v))
		}
	}
	switch {
	case whole:
		return 0
	case spread(values) > 1000:
		return -1
	case least >= 100:
		return 1
	case least >= 10:
		return 2
	case least >= 1:
		return 3
	}
	return -1
}

func exactNumber(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return four(v)
}

// four prints four significant digits without an exponent where that is readable.
func four(v float64) string {
	a := math.Abs(v)
	switch {
	case v == 0:
		return "0"
	case a >= 1e15 || a < 1e-4:
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
	prec := 3 - int(math.Floor(math.Log10(a)))
	return strconv.FormatFloat(v, 'f', max(prec, 0), 64)
}

func finite(in []float64) []float64 {
	out := make([]float64, 0, len(in))
	for _, v := range in {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			out = append(out, v)
		}
	}
	return out
}

// spread is the largest over the smallest absolute value, zeros left out.
func spread(values []float64) float64 {
	lo, hi := math.Inf(1), 0.0
	for _, v := range values {
		if a := math.Abs(v); a > 0 {
			lo, hi = math.Min(lo, a), math.Max(hi, a)
		}
	}
	if hi == 0 {
		return 1
	}
	return hi / lo
}

// Number prints one value of a unit alone, outside any column.
func Number(unit string, v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "–"
	}
	if nanoseconds(unit) >= 0 {
		c := NewColumn(unit, false, []float64{v})
		return c.Value(v) + " " + c.Title
	}
	return exactNumber(v) + " " + Clean(unit)
}

// Plain prints one value to four digits without trailing zeros, whole numbers in full.
func Plain(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "–"
	}
	s := exactNumber(v)
	if strings.Contains(s, ".") && !strings.Contains(s, "e") {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	return s
}
