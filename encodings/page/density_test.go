package page

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// TestDensityIsThePublishedOne holds the mean entries per page to those of a reference implementation (for elias-fano,
// which is not published, to those of 600 other pages of this one), and the one page that was published to the range
// seen. Every page is checked against a map.
func TestDensityIsThePublishedOne(t *testing.T) {
	t.Parallel()
	for _, data := range []struct {
		name      string
		mix       mixture
		tolerance float64
		mean      [6]float64
		published [3]int
	}{
		{"realistic", realistic, 1.5, [6]float64{511, 712.6, 758.7, 794.7, 795.9, 1090.6}, [3]int{511, 712, 759}},
		{"full", full, 2.0, [6]float64{511, 708.8, 752.3, 774.5, 781.9, 1035.3}, [3]int{511, 710, 752}},
	} {
		formats := []Format{
			Raw(), Varint(), Nibble(),
			OffsetNibble(TopPairs(data.mix.entries(7, 300_000)), BranchFree),
			OffsetNibble(ParityPairs(data.mix.entries(7, 300_000)), BranchFree),
			EliasFano(),
		}
		for i, f := range formats {
			name := []string{"raw", "varint", "nibble", "offset-nibble-top", "offset-nibble-parity", "elias-fano"}[i]
			t.Run(fmt.Sprintf("%s/%s", data.name, name), func(t *testing.T) {
				t.Parallel()
				const pages = 250
				r := rand.New(rand.NewPCG(11, uint64(i)))
				sum, low, high := 0, math.MaxInt, 0
				for range pages {
					var p Buf
					model := data.mix.fill(f, &p, r)
					verify(t, f, &p, model)
					sum, low, high = sum+len(model), min(low, len(model)), max(high, len(model))
				}
				mean := float64(sum) / pages
				t.Logf("%d pages: mean %.1f [%d, %d]", pages, mean, low, high)
				if math.Abs(mean-data.mean[i]) > data.tolerance {
					t.Errorf("mean %.1f entries; want %.1f within %.1f", mean, data.mean[i], data.tolerance)
				}
				if i == 0 && (low != 511 || high != 511) {
					t.Errorf("raw holds [%d, %d] entries; want 511 on every page", low, high)
				}
				if i < len(data.published) && (data.published[i] < low || data.published[i] > high) {
					t.Errorf("published %d entries lie outside [%d, %d]", data.published[i], low, high)
				}
			})
		}
	}
}
