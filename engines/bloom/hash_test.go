package bloom

import (
	"encoding/binary"
	"flag"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// golden compares text with a file of testdata.
func golden(t *testing.T, path, text string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("%s differs; run with -update and review. Got:\n%s", path, text)
	}
}

// TestHashesAreThoseOnDisk pins the hash of every length: filters are written
// to files, and a new hash would make them deny their keys.
func TestHashesAreThoseOnDisk(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("# length of the key 00 01 02 ..., its hash\n")
	key := make([]byte, 0, 70)
	for n := range 70 {
		fmt.Fprintf(&text, "%2d %016x\n", n, Hash(key))
		key = append(key, byte(n))
	}
	golden(t, "testdata/hash.golden", text.String())
}

// TestEveryBitOfAKeyChangesHalfTheHash flips each bit of keys of every length.
func TestEveryBitOfAKeyChangesHalfTheHash(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	for n := 1; n <= 50; n++ {
		for bit := range 8 * n {
			flipped := 0
			const tries = 64
			for range tries {
				key := make([]byte, n)
				for i := range key {
					key[i] = byte(rng.Uint32())
				}
				before := Hash(key)
				key[bit/8] ^= 1 << (bit % 8)
				flipped += bits.OnesCount64(before ^ Hash(key))
			}
			if mean := float64(flipped) / tries; mean < 28 || mean > 36 {
				t.Errorf("length %d, bit %d: %.1f of 64 bits change", n, bit, mean)
			}
		}
	}
}

// TestKeysThatAreCountersDoNotCollide asks for the regular keys that real
// stores hold, 300,000 of each form: 2e-9 collisions are expected.
func TestKeysThatAreCountersDoNotCollide(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"key_%d", "%012d", "%020d", "user/%d/profile/picture/large", "binary"} {
		seen := make(map[uint64]int, 300_000)
		for i := range 300_000 {
			key := fmt.Appendf(nil, form, i)
			if form == "binary" {
				key = binary.BigEndian.AppendUint64(nil, uint64(i))
			}
			h := Hash(key)
			if j, twice := seen[h]; twice {
				t.Fatalf("%s: keys %d and %d share the hash %016x", form, i, j, h)
			}
			seen[h] = i
		}
	}
}
