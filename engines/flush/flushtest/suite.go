// Package flushtest is the conformance suite of the family flush: what every
// table writer behind its contract is held to, those of other modules as well.
package flushtest

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"assay/encodings/entry"
	"assay/engines/flush"
	"assay/runner/lab"
)

// Conform holds every variant but null to the contract of the family. A variant
// that the file system cannot serve (direct I/O) is skipped, and says why.
func Conform(t *testing.T, variants []lab.Variant[flush.Writer]) {
	t.Helper()
	for _, part := range []struct {
		name string
		test func(*testing.T, flush.Writer)
	}{
		{"tables hold the entries of the format", tablesHoldTheEntries},
		{"any entries are written alike", anyEntriesAreWrittenAlike},
		{"errors name the file and pass", errorsNameTheFileAndPass},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			for _, v := range variants {
				if v.Null {
					continue
				}
				t.Run(v.Name, func(t *testing.T) {
					t.Parallel()
					w, err := v.New(&lab.Env{Dir: t.TempDir()})
					if err != nil {
						t.Skip(err)
					}
					part.test(t, w)
				})
			}
		})
	}
}

// pair is an entry to write.
type pair struct{ key, value []byte }

// some makes pairs in order; sizes are those of the values.
func some(sizes ...int) []pair {
	pairs := make([]pair, len(sizes))
	for i, n := range sizes {
		pairs[i] = pair{fmt.Appendf(nil, "key_%06d", i), bytes.Repeat([]byte{byte(i + 1)}, n)}
	}
	return pairs
}

// spelled is the interleaved format, written out by hand.
func spelled(pairs []pair) []byte {
	var b []byte
	for _, p := range pairs {
		b = entry.AppendInterleaved(b, p.key, p.value)
	}
	return b
}

// write has a writer make a table in an open file.
func write(w flush.Writer, f *flush.File, pairs []pair) error {
	err := w.Begin(f)
	for i := 0; err == nil && i < len(pairs); i++ {
		err = w.Append(pairs[i].key, pairs[i].value)
	}
	if err != nil {
		return err
	}
	return w.Finish()
}

// written returns the entries, in the interleaved format, of a table the writer made.
func written(w flush.Writer, path string, pairs []pair) ([]byte, error) {
	f, err := flush.Create(path)
	if err != nil {
		return nil, err
	}
	if err := cmp.Or(write(w, f, pairs), f.Close()); err != nil {
		return nil, err
	}
	b, err := os.ReadFile(path)
	if d, ok := w.(flush.Decoder); ok && err == nil {
		return d.Plain(b)
	}
	return b, err
}

// tablesHoldTheEntries: empty tables, empty values, values that are larger than
// every buffer, tables that end exactly on a slab or a block, and each writer
// used again and again.
func tablesHoldTheEntries(t *testing.T, w flush.Writer) {
	const head, block, slab, large = entry.HeaderBytes + len("key_000000"), 4 << 10, 256 << 10, 1 << 20
	for name, pairs := range map[string][]pair{
		"no entry":                 nil,
		"one entry":                some(5),
		"an empty value":           some(3, 0, 4),
		"a value of 1 MiB":         some(10, 1<<20, 10),
		"values around a slab":     some(slab-head-1, 1, slab-head, slab-head+1, 3),
		"one slab exactly":         some(slab - head),
		"one block exactly":        some(block - head),
		"more than a vector holds": some(slices.Repeat([]int{7}, 1000)...),
		"one large slab exactly":   some(large - head),
		"a few slabs":              some(slices.Repeat([]int{128}, 14000)...),
	} {
		for range 2 {
			got, err := written(w, filepath.Join(t.TempDir(), "table"), pairs)
			if err != nil || !bytes.Equal(got, spelled(pairs)) {
				t.Errorf("%s: %d bytes differ from the %d of the format: %v", name, len(got), len(spelled(pairs)), err)
			}
		}
	}
}

func anyEntriesAreWrittenAlike(t *testing.T, w flush.Writer) {
	path := filepath.Join(t.TempDir(), "table")
	rapid.Check(t, func(t *rapid.T) {
		drawn := rapid.MapOf(rapid.StringN(1, 20, 40), rapid.SliceOfN(rapid.Byte(), 0, 300)).Draw(t, "entries")
		var pairs []pair
		for _, k := range slices.Sorted(maps.Keys(drawn)) {
			pairs = append(pairs, pair{[]byte(k), drawn[k]})
		}
		got, err := written(w, path, pairs)
		if err != nil || !bytes.Equal(got, spelled(pairs)) {
			t.Fatalf("the table is not that of the format: %v", err)
		}
	})
}

// errorsNameTheFileAndPass: the file is closed beneath the writer, whose next
// table is sound.
func errorsNameTheFileAndPass(t *testing.T, w flush.Writer) {
	f, err := flush.Create(filepath.Join(t.TempDir(), "gone"))
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	err = write(w, f, some(slices.Repeat([]int{10}, 100)...))
	if err == nil || !bytes.Contains([]byte(err.Error()), []byte("gone")) {
		t.Fatalf("writing to a closed file: %v, want an error that names it", err)
	}
	got, err := written(w, filepath.Join(t.TempDir(), "table"), some(1, 2))
	if err != nil || !bytes.Equal(got, spelled(some(1, 2))) {
		t.Errorf("the writer does not recover after an error: %v", err)
	}
}
