package keys

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

func TestHeadsOrderAsKeysDoWhereTheyDiffer(t *testing.T) {
	t.Parallel()
	keys := rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 'a', 255}), 0, 12)
	rapid.Check(t, func(r *rapid.T) {
		a, b := keys.Draw(r, "a"), keys.Draw(r, "b")
		if x, y := Head(a), Head(b); x != y && (x < y) != (bytes.Compare(a, b) < 0) {
			r.Fatalf("heads %x and %x of %x and %x", x, y, a, b)
		}
	})
}

func TestSharedIsTheLengthOfTheCommonPrefix(t *testing.T) {
	t.Parallel()
	keys := rapid.SliceOfN(rapid.SampledFrom([]byte{0, 255}), 0, 40)
	rapid.Check(t, func(r *rapid.T) {
		a, b := keys.Draw(r, "a"), keys.Draw(r, "b")
		if rapid.Bool().Draw(r, "long") {
			b = append(bytes.Clone(a), b...)
		}
		n := Shared(a, b)
		if !bytes.Equal(a[:n], b[:n]) || n < min(len(a), len(b)) && a[n] == b[n] {
			r.Fatalf("Shared(%x, %x) = %d", a, b, n)
		}
	})
}
