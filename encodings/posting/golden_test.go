package posting

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// goldenIDs make two blocks: steps of 1 and 2 with two wide ones, then three
// ids behind a jump. Shifted by ten they have tags of up to three bits.
func goldenIDs(tagged bool) []uint64 {
	id, ids := uint64(4), []uint64{}
	for i := range uint64(259) {
		switch {
		case i == 0:
		case i == 40:
			id += 1000
		case i == 200:
			id += 70
		case i == 256:
			id += 1 << 20
		default:
			id += 1 + i%2
		}
		ids = append(ids, id)
		if tagged {
			ids[i] = id<<10 | i%7
		}
	}
	return ids
}

// note is an annotated range of a page.
type note struct {
	from, to int
	text     string
}

// TestLayoutIsTheAnnotatedOne pins every byte of a page of each layout. The
// annotations come from the readers below, which share no code with the package.
func TestLayoutIsTheAnnotatedOne(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name     string
		format   Format
		ids      []uint64
		annotate func(p *Page, at, n int, width, exceptions uint) []note
	}{
		{"raw", Raw(), goldenIDs(false)[:5], nil},
		{"uvarint", Uvarint(), goldenIDs(false), uvarintNotes},
		{"pfor32", PFOR32(0), goldenIDs(false), pforNotes},
		{"pfor32-reserved", PFOR32(10), goldenIDs(false)[:20], pforNotes},
		{"pfor64", PFOR64(), goldenIDs(false), pforNotes},
		{"columns", Columns(10), goldenIDs(true), columnNotes},
	} {
		var p Page
		if n, err := x.format.Pack(&p, x.ids); err != nil || n != len(x.ids) {
			t.Fatalf("%s: %d ids of %d packed, %v", x.name, n, len(x.ids), err)
		}
		var text bytes.Buffer
		fmt.Fprintf(&text, "# %s page of %d ids from %d to %d\n", x.name, len(x.ids), x.ids[0], x.ids[len(x.ids)-1])
		dump(&text, p[:], annotate(&p, x.annotate))
		path := filepath.Join("testdata", x.name+".golden")
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

// dump prints offset, bytes and note; what no note covers must be zero.
func dump(w *bytes.Buffer, p []byte, notes []note) {
	slices.SortStableFunc(notes, func(a, b note) int { return a.from - b.from })
	at := 0
	for _, n := range append(notes, note{from: len(p), to: len(p)}) {
		if gap := p[at:n.from]; bytes.Count(gap, []byte{0}) == len(gap) && len(gap) > 0 {
			fmt.Fprintf(w, "%04d  %d zero bytes\n", at, len(gap))
		} else if len(gap) > 0 {
			fmt.Fprintf(w, "%04d  % x  NOT ACCOUNTED FOR\n", at, gap)
		}
		if n.to > n.from {
			fmt.Fprintf(w, "%04d  % -24x  %s\n", n.from, p[n.from:n.to], n.text)
		}
		at = n.to
	}
}

// little reads bytes as a little-endian number.
func little(b []byte) (x uint64) {
	for i := range b {
		x += uint64(b[i]) << (8 * i)
	}
	return x
}

func annotate(p *Page, block func(p *Page, at, n int, width, exceptions uint) []note) []note {
	sum := crc32.Checksum(append(slices.Clone(p[:4]), p[8:]...), crc32.MakeTable(crc32.Castagnoli))
	said := "of the other bytes"
	if uint64(sum) != little(p[4:8]) {
		said = "WRONG"
	}
	count := int(little(p[2:4]))
	notes := []note{
		{0, 1, fmt.Sprintf("layout %d", p[0])},
		{1, 2, fmt.Sprintf("reserved bits %d", p[1])},
		{2, 4, fmt.Sprintf("ids %d", count)},
		{4, 8, "checksum " + said},
	}
	if block == nil {
		for i := range count {
			notes = append(notes, note{8 + 8*i, 16 + 8*i, fmt.Sprintf("id %d", little(p[8+8*i:16+8*i]))})
		}
		return notes
	}
	wide := int(p[18])
	notes = append(notes,
		note{8, 16, fmt.Sprintf("first id, as written: %d", little(p[8:16]))},
		note{16, 18, fmt.Sprintf("blocks end at %d", little(p[16:18]))},
		note{18, 19, fmt.Sprintf("bytes of a floor %d", wide)})
	for k := 0; 256*k < count; k++ {
		at := 8192 - (k+1)*(wide+4)
		if wide > 0 {
			notes = append(notes, note{at, at + wide, fmt.Sprintf("block %d: floor is that of block 0 and %d", k, little(p[at:at+wide]))})
		}
		at += wide
		notes = append(notes,
			note{at, at + 2, fmt.Sprintf("block %d: begins at %d", k, little(p[at:at+2]))},
			note{at + 2, at + 3, fmt.Sprintf("block %d: width %d", k, p[at+2])},
			note{at + 3, at + 4, fmt.Sprintf("block %d: exceptions %d", k, p[at+3])})
		notes = append(notes, block(p, int(little(p[at:at+2])), min(256, count-256*k), uint(p[at+2]), uint(p[at+3]))...)
	}
	return notes
}

func uvarintNotes(p *Page, at, n int, _, _ uint) []note {
	var notes []note
	for i := range n {
		x, size := uint64(0), 0
		for more := true; more; size++ {
			x += uint64(p[at+size]&127) << (7 * size)
			more = p[at+size] > 127
		}
		if i%16 == 0 {
			notes = append(notes, note{at, at, fmt.Sprintf("from place %d, less 1:", i)})
		}
		last := &notes[len(notes)-1]
		last.text += fmt.Sprintf(" %d", x)
		at += size
		last.to = at
	}
	return notes
}

// groups annotates n numbers packed at a width.
func groups(p *Page, at, n int, width uint, what string) ([]note, int) {
	var notes []note
	for i := 0; i < n; i += 8 {
		if width == 0 {
			break
		}
		text := fmt.Sprintf("from place %d, %s:", i, what)
		for j := range uint(min(8, n-i)) {
			x := uint64(0)
			for b := range width {
				x |= uint64(p[at+int((j*width+b)/8)]>>((j*width+b)%8)&1) << b
			}
			text += fmt.Sprintf(" %d", x)
		}
		notes = append(notes, note{at, at + int(width), text})
		at += int(width)
	}
	return notes, at
}

func packedNotes(p *Page, at, n int, width, exceptions uint, what string) ([]note, int) {
	notes, at := groups(p, at, n, width, what)
	if exceptions == 0 {
		return notes, at
	}
	high := uint(p[at])
	notes = append(notes, note{at, at + 1, fmt.Sprintf("bits of an exception above its low %d: %d", width, high)})
	at++
	places := fmt.Sprint(p[at : at+int(exceptions)])
	notes = append(notes, note{at, at + int(exceptions), "places of exceptions " + places})
	at += int(exceptions)
	size := int(exceptions*high+7) / 8
	text := "their high bits:"
	for i := range exceptions {
		text += fmt.Sprintf(" %d", little(p[at:at+size])>>(i*high)&(1<<high-1))
	}
	return append(notes, note{at, at + size, text}), at + size
}

func pforNotes(p *Page, at, n int, width, exceptions uint) []note {
	notes, _ := packedNotes(p, at, n, width, exceptions, "differences less 1")
	return notes
}

func columnNotes(p *Page, at, n int, width, exceptions uint) []note {
	notes, end := packedNotes(p, at+1, n, width, exceptions, "differences")
	tags, _ := groups(p, end, n, uint(p[at]), "tags")
	return append(append(notes, note{at, at + 1, fmt.Sprintf("width of a tag %d", p[at])}), tags...)
}
