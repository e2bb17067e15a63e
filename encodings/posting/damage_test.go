package posting

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
)

// reseal makes the checksum of damaged bytes right: what it hides must be found otherwise.
func reseal(p *Page) { binary.LittleEndian.PutUint32(p[sumAt:], checksum(p)) }

// judge calls everything on a page of any bytes. Nothing may panic; and a page
// that Check lets pass must hold as many ids as it says, in order, where Find
// says.
func judge(t testing.TB, l layout, p *Page) {
	t.Helper()
	var block [BlockLen]uint64
	for _, k := range []int{-1, 0, 1, 31, 255, 256, 1 << 20} {
		if n := l.format.Block(p, k, &block); n < 0 || n > BlockLen {
			t.Fatalf("%s: block of %d ids", l.name, n)
		}
	}
	for _, id := range []uint64{0, 1, 1 << 31, 1 << 40, 1<<64 - 1} {
		if k := l.format.Find(p, id); k < 0 || k > maxCount/BlockLen {
			t.Fatalf("%s: Find(%d) = %d", l.name, id, k)
		}
	}
	if l.format.Check(p) != nil {
		return
	}
	ids := unpackPage(l.format, p)
	if len(ids) != l.format.Count(p) || !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Fatalf("%s: Check passes a page of %d ids that says %d", l.name, len(ids), l.format.Count(p))
	}
	for i := 0; i < len(ids); i += 1 + len(ids)/20 {
		search(t, l, p, ids, ids[i])
	}
}

func TestEveryFlippedBitIsFound(t *testing.T) {
	t.Parallel()
	for _, l := range layouts() {
		ids := goldenIDs(false)
		var p Page
		if _, err := l.format.Pack(&p, ids); err != nil {
			t.Fatal(err)
		}
		g := rand.New(rand.NewPCG(1, 2))
		for range 3000 {
			at, bit := g.IntN(Size), byte(1)<<g.IntN(8)
			p[at] ^= bit
			if l.format.Check(&p) == nil {
				t.Fatalf("%s: bit %08b of byte %d flipped and Check passes", l.name, bit, at)
			}
			judge(t, l, &p)
			p[at] ^= bit
		}
		if err := l.format.Check(&p); err != nil {
			t.Fatalf("%s: %v", l.name, err)
		}
	}
}

// TestDamageBehindARightChecksumDoesNotMislead damages structure: pages that
// pass the checksum because somebody wrote them wrongly.
func TestDamageBehindARightChecksumDoesNotMislead(t *testing.T) {
	t.Parallel()
	for _, l := range layouts() {
		g := rand.New(rand.NewPCG(3, 4))
		caught := 0
		var good Page
		if _, err := l.format.Pack(&good, goldenIDs(l.name == "columns-10")); err != nil {
			t.Fatal(err)
		}
		for range 4000 {
			p := good
			for range 1 + g.IntN(3) { // where there is structure: the header, the first blocks, the directory
				at := g.IntN(400)
				if g.IntN(2) == 0 {
					at = Size - 1 - g.IntN(24)
				}
				p[at] = byte(g.Uint64())
			}
			reseal(&p)
			judge(t, l, &p)
			if l.format.Check(&p) != nil {
				caught++
			}
		}
		if caught < 1000 {
			t.Errorf("%s: only %d of 4000 damaged pages are found", l.name, caught)
		}
	}
}

func TestAPageOfAnotherLayoutIsRefused(t *testing.T) {
	t.Parallel()
	for _, writer := range layouts() {
		var p Page
		if _, err := writer.format.Pack(&p, []uint64{7, 9}); err != nil {
			t.Fatal(err)
		}
		for _, reader := range layouts() {
			if err := reader.format.Check(&p); (err == nil) != (reader.name == writer.name) {
				t.Errorf("%s on a page of %s: %v", reader.name, writer.name, err)
			}
		}
	}
}

func FuzzAnyBytesAreJudged(f *testing.F) {
	for i, l := range layouts() {
		var p Page
		if _, err := l.format.Pack(&p, goldenIDs(false)); err != nil {
			f.Fatal(err)
		}
		f.Add(byte(i), p[:420], p[Size-24:])
	}
	f.Fuzz(func(t *testing.T, which byte, head, tail []byte) {
		all := layouts()
		l := all[int(which)%len(all)]
		var p Page
		copy(p[:], head)
		copy(p[max(0, Size-len(tail)):], tail)
		judge(t, l, &p)
		reseal(&p)
		judge(t, l, &p)
	})
}

func FuzzAnySetIsHeld(f *testing.F) {
	f.Add(byte(3), []byte{1, 0, 0, 9, 200, 7})
	f.Fuzz(func(t *testing.T, which byte, steps []byte) {
		all := layouts()
		l := all[int(which)%len(all)]
		limit := uint64(1)<<(l.idBits-1)<<1 - 1
		var ids []uint64
		id := uint64(0)
		for len(steps) >= 2 && len(ids) < 3000 { // a byte of number, one of repetition and length
			step := (uint64(steps[0]) + 1) << (steps[1] & 63 % 56)
			for range 1 + int(steps[1]>>6)*40 {
				if step > limit-id {
					break
				}
				ids = append(ids, id)
				id += step
			}
			steps = steps[2:]
		}
		if len(ids) == 0 || l.window > 0 && ids[len(ids)-1]-ids[0] > 100*l.window {
			return
		}
		holdTo(t, l, packAll(t, l.format, ids), ids)
	})
}
