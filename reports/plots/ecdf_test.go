package plots

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"assay/reports/internal/fixture"
	"assay/reports/view"
)

func TestDistributionsOfNothingAndOfDamageAreNotDrawn(t *testing.T) {
	t.Parallel()
	for name, tails := range map[string][]view.Tail{
		"none": nil, "one point": {{At: []float64{1}, Ns: []float64{3}}}, "torn": {{At: []float64{0, 1}, Ns: []float64{3}}},
		"no time": {{At: []float64{0, 1}, Ns: []float64{0, 0}}}, "not finite": {{At: []float64{0, 1}, Ns: []float64{math.NaN(), math.Inf(1)}}},
	} {
		if f := ecdf(view.View{Tails: tails}); len(f) != 0 {
			t.Errorf("%s: %d figures", name, len(f))
		}
	}
}

func TestADistributionNamesItsVariantsAndRisesToTheTop(t *testing.T) {
	t.Parallel()
	f := ecdf(fixture.Page())
	if len(f) != 1 {
		t.Fatalf("%d figures, want 1", len(f))
	}
	var out bytes.Buffer
	if err := f[0].SVG(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"raw", "nibble", "100%", "Distribution of single operations of page/get-hit realistic"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the figure lacks %q", want)
		}
	}
}
