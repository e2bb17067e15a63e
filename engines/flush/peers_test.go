package flush

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"assay/runner/lab"
)

// TestDamagedPeerTableIsAnErrorAndNoPanic takes the peer's own reader through
// damage, seeded. It is no fuzz test, because the reader is not ours to mend.
func TestDamagedPeerTableIsAnErrorAndNoPanic(t *testing.T) {
	t.Parallel()
	w, err := newGoleveldb(0)(&lab.Env{})
	if err != nil {
		t.Fatal(err)
	}
	d := w.(Decoder)
	pairs := some(repeat(20, 3)...)
	whole, _ := tableOf(t, w, t.TempDir(), pairs)
	rng := rand.New(rand.NewPCG(5, 6))
	for range 4000 {
		b := bytes.Clone(whole)
		for range 1 + rng.IntN(4) {
			b[rng.IntN(len(b))] ^= byte(1 + rng.IntN(255))
		}
		b = b[:len(b)-max(0, rng.IntN(2*len(b))-len(b))]
		if plain, err := d.Plain(b); err == nil && !bytes.Equal(plain, spelled(pairs)) {
			t.Fatalf("damage is read as %d bytes of entries", len(plain))
		}
	}
	for n := range whole {
		if _, err := d.Plain(whole[:n]); err == nil {
			t.Fatalf("%d of %d bytes are read as a table", n, len(whole))
		}
	}
}
