package page

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// goldenSets are the writes behind the golden pages: numbers of many lengths, an update that keeps the size (258) and
// one that changes it (5).
var goldenSets = [][2]uint64{
	{5, 7},
	{258, 70000},
	{0, 0},
	{1<<64 - 1, 1<<63 - 1},
	{1 << 40, 3},
	{1<<63 - 1, 1<<64 - 1},
	{258, 70001},
	{5, 1 << 39},
	{66051, 197121},
}

// eliasFanoSets make a block with narrow low parts: after the first four come two updates of values, in place and not,
// then an entry in place, one before the first key, and one that widens the low parts.
var eliasFanoSets = [][2]uint64{
	{1000, 1},
	{1003, 1 << 24},
	{1100, 1 << 32},
	{1500, 1 << 40},
	{1003, 1<<24 + 1},
	{1100, 3},
	{1400, 4},
	{999, 5},
	{5000, 6},
}

// field is an annotated range of a page.
type field struct {
	from, to int
	note     string
}

// TestLayoutIsTheAnnotatedOne pins every byte of a small page, which a round trip cannot: it would not see a byte
// order swapped on both sides. The annotations come from the readers below, which share no code with the package.
func TestLayoutIsTheAnnotatedOne(t *testing.T) {
	t.Parallel()
	for _, layout := range []struct {
		name     string
		f        Format
		sets     [][2]uint64
		annotate func(p []byte) []field
	}{
		{"raw", Raw(), goldenSets, annotateRaw},
		{"varint", Varint(), goldenSets, slottedNotes(varintEntry)},
		{"nibble", Nibble(), goldenSets, slottedNotes(nibbleEntry)},
		{"offset-nibble", OffsetNibble(smallTable, Switch), goldenSets, slottedNotes(offsetNibbleEntry)},
		{"elias-fano", EliasFano(), eliasFanoSets, annotateEliasFano},
	} {
		var p Buf
		var text bytes.Buffer
		layout.f.Init(&p)
		fmt.Fprintf(&text, "# %s page after:", layout.name)
		for _, set := range layout.sets {
			if !layout.f.Set(&p, set[0], set[1]) {
				t.Fatalf("%s: Set(%d, %d) = false", layout.name, set[0], set[1])
			}
			fmt.Fprintf(&text, " %d=%d", set[0], set[1])
		}
		fmt.Fprintf(&text, "\n")
		dump(&text, p[:], layout.annotate(p[:]))
		path := filepath.Join("testdata", layout.name+".golden")
		if *update {
			if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(text.Bytes(), want) {
			t.Errorf("%s is not the page; run with -update and review the difference. Got:\n%s", path, &text)
		}
	}
}

// dump prints a page as offset, bytes and note. What no field covers is free when zero, else waste of an update.
func dump(w *bytes.Buffer, p []byte, fields []field) {
	slices.SortStableFunc(fields, func(a, b field) int { return cmp.Compare(a.from, b.from) })
	at := 0
	for _, f := range append(fields, field{from: len(p), to: len(p)}) {
		if gap := p[at:max(at, f.from)]; len(gap) > 0 && bytes.Count(gap, []byte{0}) == len(gap) {
			fmt.Fprintf(w, "%04d  %d zero bytes\n", at, len(gap))
		} else if len(gap) > 0 {
			fmt.Fprintf(w, "%04d  % -32x  waste of an update\n", at, gap)
		}
		if f.to > f.from {
			fmt.Fprintf(w, "%04d  % -32x  %s\n", f.from, p[f.from:f.to], f.note)
		}
		at = f.to
	}
}

func annotateRaw(p []byte) []field {
	n := int(p[0]) | int(p[1])<<8
	fields := []field{{0, 2, fmt.Sprintf("count %d", n)}}
	for i := range n {
		key, value := 2+8*i, len(p)-8*i-8
		fields = append(fields,
			field{key, key + 8, fmt.Sprintf("key %d", number(p[key:key+8]))},
			field{value, value + 8, fmt.Sprintf("value of key %d: %d", number(p[key:key+8]), number(p[value:value+8]))})
	}
	return fields
}

// number reads little-endian bytes.
func number(b []byte) uint64 {
	var v uint64
	for i := len(b); i > 0; i-- {
		v = v<<8 | uint64(b[i-1])
	}
	return v
}

// slottedNotes annotates a slotted page, with entry naming the fields of a slot's entry; the first note of entry is of
// the slot itself and has no place yet.
func slottedNotes(entry func(p []byte, slot int) []field) func(p []byte) []field {
	return func(p []byte) []field {
		bottom, top := int(number(p[0:2])), int(number(p[2:4]))
		fields := []field{{0, 2, fmt.Sprintf("bottom %d", bottom)}, {2, 4, fmt.Sprintf("top %d", top)}}
		for at := 4; at < bottom; at += 2 {
			notes := entry(p, int(number(p[at:at+2])))
			notes[0].from, notes[0].to = at, at+2
			fields = append(fields, notes...)
		}
		return fields
	}
}

func varintEntry(p []byte, slot int) []field {
	key, n := binary.Uvarint(p[slot:])
	value, m := binary.Uvarint(p[slot+n:])
	return []field{
		{note: fmt.Sprintf("slot: entry at %d", slot)},
		{slot, slot + n, fmt.Sprintf("key %d", key)},
		{slot + n, slot + n + m, fmt.Sprintf("  value %d", value)},
	}
}

func nibbleEntry(p []byte, slot int) []field {
	return append([]field{
		{note: fmt.Sprintf("slot: entry at %d", slot)},
		{slot, slot + 1, fmt.Sprintf("sizes: key %d, value %d", p[slot]>>4, p[slot]&15)},
	}, sizedFields(p, slot+1, int(p[slot]>>4), int(p[slot]&15))...)
}

func offsetNibbleEntry(p []byte, slot int) []field {
	at, code := slot>>4*2, slot&15
	if code == 15 {
		fields := nibbleEntry(p, at)
		fields[0].note = fmt.Sprintf("slot: entry at %d, code 15: sizes before the entry", at)
		return padded(p, fields)
	}
	pair := smallTable[code]
	return padded(p, append([]field{
		{note: fmt.Sprintf("slot: entry at %d, code %d: key %d, value %d", at, code, pair.Key, pair.Value)},
	}, sizedFields(p, at, int(pair.Key), int(pair.Value))...))
}

func sizedFields(p []byte, at, keyLen, valueLen int) []field {
	mid, end := at+keyLen, at+keyLen+valueLen
	return []field{
		{at, mid, fmt.Sprintf("  key %d", number(p[at:mid]))},
		{mid, end, fmt.Sprintf("  value %d", number(p[mid:end]))},
	}
}

// padded adds the byte after an entry of odd length.
func padded(p []byte, fields []field) []field {
	if end := fields[len(fields)-1].to; end%2 == 1 {
		fields = append(fields, field{end, end + 1, "  padding"})
	}
	return fields
}

func annotateEliasFano(p []byte) []field {
	count := int(number(p[0:2]))
	fields := []field{{0, 2, fmt.Sprintf("blocks %d", count)}, {2, 4, fmt.Sprintf("top %d", number(p[2:4]))}}
	for b := range count {
		base, meta := 4+8*b, 4+8*count+4*b
		first, m := number(p[base:base+8]), number(p[meta:meta+4])
		at, n, low := int(m%8192), int(m>>13%64), int(m>>19)
		planes, lows := (n+7)/8, ((n-1)*low+7)/8
		fields = append(fields,
			field{base, base + 8, fmt.Sprintf("block %d: first key %d", b, first)},
			field{meta, meta + 4, fmt.Sprintf("block %d: at %d, %d entries, low parts of %d bits", b, at, n, low)},
			field{at, at + 8, fmt.Sprintf("high parts %b", number(p[at:at+8]))})
		even, odd := number(p[at+8:at+8+planes]), number(p[at+8+planes:at+8+2*planes])
		at += 8
		fields = append(fields,
			field{at, at + planes, fmt.Sprintf("low bits of classes %0*b", n, even)},
			field{at + planes, at + 2*planes, fmt.Sprintf("high bits of classes %0*b", n, odd)})
		at += 2 * planes
		for from := at; from < at+lows; from += 8 {
			fields = append(fields, field{from, min(from+8, at+lows), "low parts"})
		}
		at += lows
		for i := range n {
			width := []int{3, 4, 5, 8}[even>>i&1+odd>>i&1*2]
			fields = append(fields, field{at, at + width, fmt.Sprintf("value %d: %d", i, number(p[at:at+width]))})
			at += width
		}
	}
	return fields
}
