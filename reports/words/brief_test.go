package words

import (
	"math"
	"testing"
)

func TestBriefDropsDecimalsThatTheIntervalDoesNotSupport(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ratio, lo, hi float64
		want          string
	}{
		{2.89, 2.846, 2.934, "+189% [+185 +193]"},
		{0.688, 0.681, 0.694, "-31.2% [-31.9 -30.6]"},
		{11.2, 11, 11.4, "11.20x [11.00 11.40]"},
		{1.2, math.Inf(-1), math.Inf(1), "+20.0% [? ?]"},
	} {
		if got := Brief(c.ratio, c.lo, c.hi); got != c.want {
			t.Errorf("Brief(%v) = %q, want %q", c.ratio, got, c.want)
		}
	}
}

func TestLatencyColumnsNameTheirScaleAndClaimNoDecimals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values      []float64
		title, cell string
	}{
		{[]float64{60, 101}, "p50, ns", "60"},
		{[]float64{30_620_000, 58_690_000}, "p50, ms", "30.62"},
		{[]float64{18_423, 120_000}, "p50, µs", "18.42"},
	} {
		col := NewLatency("p50", c.values)
		if got := col.Value(c.values[0]); col.Title != c.title || got != c.cell {
			t.Errorf("%v: %q %q, want %q %q", c.values, col.Title, got, c.title, c.cell)
		}
	}
}

func TestEvidenceAndSpreadNeverPrintWhatNobodyCanRead(t *testing.T) {
	t.Parallel()
	for x, want := range map[float64]string{5.31: "10^5.3", -0.4: "10^-0.4", math.MaxFloat64: "beyond 10^999", math.NaN(): "–"} {
		if got := Evidence(x); got != want {
			t.Errorf("Evidence(%v) = %q, want %q", x, got, want)
		}
	}
	for x, want := range map[float64]string{0: "0%", 1e-6: "0%", 0.0009: "0.09%", 0.004: "0.4%", math.NaN(): "unknown"} {
		if got := Spread(x); got != want {
			t.Errorf("Spread(%v) = %q, want %q", x, got, want)
		}
	}
}
