package posting

import (
	"math/rand/v2"
	"testing"
)

// spaced are ids with geometric steps of at least least, tagged by up to four
// of ten low bits where tagged.
func spaced(n int, least uint64, excess float64, tagged bool) []uint64 {
	g := rand.New(rand.NewPCG(7, 8))
	ids, id := make([]uint64, n), uint64(0)
	for i := range ids {
		id += least + uint64(g.ExpFloat64()*excess)
		ids[i] = id
		if tagged {
			ids[i] = id<<10 | g.Uint64N(16)
		}
	}
	return ids
}

// TestPagesAreAsDenseAsTheFigures holds bytes per id over many full pages. The
// upper ends are the published figures, or aims where those are lower; the
// lower ends are the entropy of the steps and tags, which nothing passes.
func TestPagesAreAsDenseAsTheFigures(t *testing.T) {
	t.Parallel()
	const many = 100_000
	dense, tagged, rare := spaced(many, 1, 7, false), spaced(many, 64, 336, true), spaced(many, 1, 1<<22, true)
	for _, x := range []struct {
		name         string
		format       Format
		ids          []uint64
		floor, limit float64
	}{
		{"raw dense", Raw(), dense, 8, 8.1},
		{"uvarint dense", Uvarint(), dense, 1, 1.05},
		{"pfor32 dense", PFOR32(0), dense, .53, .70},
		{"pfor64 dense", PFOR64(), dense, .53, .70},
		{"pfor32 tagged", PFOR32(0), tagged, 1.73, 3.2}, // 5243 ids a window: a full page and the rest in another
		{"pfor32 anchored tagged", PFOR32Anchored(0), tagged, 1.73, 2.67},
		{"pfor64 tagged", PFOR64(), tagged, 1.73, 2.67},
		{"columns tagged", Columns(10), tagged, 1.73, 1.95},
		{"pfor64 rare", PFOR64(), rare, 3.43, 4.59},
		{"columns rare", Columns(10), rare, 3.43, 3.85},
		{"pfor32 rare", PFOR32(0), rare[:2000], 6446 * .97, 6446 * 1.03},                  // windows of half a step: 2(1-exp(-1/2)) pages an id
		{"pfor32 anchored rare", PFOR32Anchored(0), rare[:2000], 5461 * .97, 5461 * 1.03}, // half an id joins the first of a page: 2/3
		{"pfor32 reserved, above its window", PFOR32(10), spaced(300, 1<<21, 100, false), 8192, 8192},
		{"pfor64, the same", PFOR64(), spaced(many, 1<<31, 100, false), 1, 16},
	} {
		pages := packAll(t, x.format, x.ids)
		last := x.format.Count(pages[len(pages)-1])
		density := float64(Size*(len(pages)-1)) / float64(len(x.ids)-last)
		t.Logf("%s: %.3f bytes per id", x.name, density)
		if density < x.floor || density > x.limit {
			t.Errorf("%s: %.3f bytes per id, want %v to %v", x.name, density, x.floor, x.limit)
		}
	}
}
