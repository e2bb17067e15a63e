package flush

import (
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"hash/crc32"
	"os"
	"strings"
	"testing"

	"assay/runner/lab"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

func newIndexedTable(t testing.TB, o options, pairs []pair) []byte {
	t.Helper()
	o.bytes = slabBytes
	w, err := newIndexed(o)(&lab.Env{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := tableOf(t, w, t.TempDir(), pairs)
	return b
}

// TestIndexedTableIsTheAnnotatedOne pins every byte of a table of nine entries.
// The notes are read by the positions of the format, not by its decoder.
func TestIndexedTableIsTheAnnotatedOne(t *testing.T) {
	t.Parallel()
	b := newIndexedTable(t, options{checked: true}, some(2, 0, 1, 1, 1, 1, 1, 1, 3))
	var text strings.Builder
	text.WriteString("# indexed table, checked: entries, index, filter, footer\n")
	at := 0
	line := func(n int, format string, args ...any) {
		for ; n > 0; format, args = "", nil {
			k := min(n, 16)
			fmt.Fprintf(&text, "%04d  %-48s  %s\n", at, fmt.Sprintf("% x", b[at:at+k]), fmt.Sprintf(format, args...))
			at, n = at+k, n-k
		}
	}
	le := binary.LittleEndian
	foot := len(b) - 48
	data, index := int(le.Uint64(b[foot:])), int(le.Uint64(b[foot+8:]))
	parts := func(end int, name string) {
		for n := 0; at < end; n++ {
			k := int(le.Uint64(b[at:]))
			line(8, "%s %d: klen", name, n)
			line(k, "key")
			v := int(le.Uint64(b[at:]))
			line(8, "vlen")
			line(v, "value")
		}
	}
	parts(data, "entry")
	parts(data+index, "index")
	line(foot-at, "filter: one split block")
	line(8, "bytes of entries, %d", data)
	line(8, "bytes of index, %d", index)
	line(8, "bytes of filter, %d", foot-data-index)
	line(8, "entries, %d", 9)
	line(4, "CRC-32C of the entries")
	line(4, "CRC-32C of index and filter")
	line(4, "magic, %q", b[at:at+4])
	line(4, "CRC-32C of the footer")
	const path = "testdata/indexed.golden"
	if *update {
		if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || string(want) != text.String() {
		t.Errorf("%s (%v): run with -update and review. Got:\n%s", path, err, &text)
	}
}

// TestEveryDamagedBitOfACheckedTableIsSeen flips each, and cuts at each byte.
func TestEveryDamagedBitOfACheckedTableIsSeen(t *testing.T) {
	t.Parallel()
	whole := newIndexedTable(t, options{checked: true}, some(repeat(20, 3)...))
	for i := range 8 * len(whole) {
		b := bytes.Clone(whole)
		b[i/8] ^= 1 << (i % 8)
		if _, err := openIndexed(b); !errors.Is(err, errDamaged) {
			t.Fatalf("bit %d of byte %d flipped: %v", i%8, i/8, err)
		}
	}
	for n := range whole {
		if _, err := openIndexed(whole[:n]); !errors.Is(err, errDamaged) {
			t.Fatalf("cut to %d of %d bytes: %v", n, len(whole), err)
		}
	}
}

// TestUncheckedTableProtectsAllButTheValues says what is given up for 5 ns.
func TestUncheckedTableProtectsAllButTheValues(t *testing.T) {
	t.Parallel()
	pairs := some(repeat(20, 3)...)
	whole := newIndexedTable(t, options{}, pairs)
	size := len(spelled(pairs[:1]))
	for i := range whole {
		b := bytes.Clone(whole)
		b[i] ^= 0x10
		_, err := openIndexed(b)
		value := i < 20*size && i%size >= size-3
		if value == (err != nil) {
			t.Fatalf("byte %d (of a value: %v) flipped: %v", i, value, err)
		}
	}
}

// TestATableThatContradictsItselfIsRefused rewrites parts and makes the sums
// right again: what is left to catch is a writer that was wrong.
func TestATableThatContradictsItselfIsRefused(t *testing.T) {
	t.Parallel()
	pairs := some(repeat(20, 3)...)
	data := 20 * len(spelled(pairs[:1]))
	for name, x := range map[string]struct {
		change func(b []byte)
		want   string
	}{
		"keys out of order":       {func(b []byte) { b[29+17] = '0' }, "does not come after"},
		"an index offset":         {func(b []byte) { b[data+26]++ }, "the index names"},
		"an index key":            {func(b []byte) { b[data+17]++ }, "the index names"},
		"an empty filter":         {func(b []byte) { clear(b[len(b)-48-32 : len(b)-48]) }, "the filter denies"},
		"a count too small":       {func(b []byte) { b[len(b)-24]-- }, "more than the 19 entries"},
		"a count too large":       {func(b []byte) { b[len(b)-24]++ }, "entry 20"},
		"parts longer than whole": {func(b []byte) { b[len(b)-48+6] = 1 }, "do not make up"},
		"parts that overflow":     {func(b []byte) { b[len(b)-48+7], b[len(b)-40+7] = 0x80, 0x80 }, "do not make up"},
		"another magic":           {func(b []byte) { b[len(b)-8] = 'b' }, "another format"},
	} {
		b := newIndexedTable(t, options{checked: true}, pairs)
		x.change(b)
		foot := b[len(b)-48:]
		binary.LittleEndian.PutUint32(foot[32:], crc32.Checksum(b[:data], castagnoli))
		binary.LittleEndian.PutUint32(foot[36:], crc32.Checksum(b[data:len(b)-48], castagnoli))
		binary.LittleEndian.PutUint32(foot[44:], crc32.Checksum(foot[:44], castagnoli))
		if _, err := openIndexed(b); !errors.Is(err, errDamaged) || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
	}
}

// FuzzOpenIndexed takes any bytes as a table: an error, or entries that stand at
// its start. With resum the checksums are made right first, so that what lies
// behind them is met too.
func FuzzOpenIndexed(f *testing.F) {
	for _, o := range []options{{}, {checked: true}} {
		for _, n := range []int{0, 1, 20} {
			b := newIndexedTable(f, o, some(repeat(n, 3)...))
			f.Add(b, false)
			f.Add(b, true)
		}
	}
	f.Add([]byte{}, false)
	f.Fuzz(func(t *testing.T, b []byte, resum bool) {
		if resum && len(b) >= footerBytes {
			b = bytes.Clone(b)
			foot := b[len(b)-footerBytes:]
			data := min(binary.LittleEndian.Uint64(foot), uint64(len(b)-footerBytes))
			binary.LittleEndian.PutUint32(foot[footerDataSum:], crc32.Checksum(b[:data], castagnoli))
			binary.LittleEndian.PutUint32(foot[footerPartSum:], crc32.Checksum(b[data:len(b)-footerBytes], castagnoli))
			binary.LittleEndian.PutUint32(foot[footerSum:], crc32.Checksum(foot[:footerSum], castagnoli))
		}
		plain, err := openIndexed(b)
		if err == nil && !bytes.HasPrefix(b, plain) || err != nil && !errors.Is(err, errDamaged) {
			t.Fatalf("%d bytes of entries, error %v", len(plain), err)
		}
	})
}
