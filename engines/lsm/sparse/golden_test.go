package sparse

import (
	"os"
	"path/filepath"
	"testing"

	"assay/encodings/entry"
	"assay/engines/internal/golden"
	"assay/engines/lsm/part"
)

// goldenEntries have an empty value, a deleted key, and more than one chunk.
var goldenEntries = []part.Entry{
	{Key: []byte("a"), Value: []byte("one")},
	{Key: []byte("b")},
	{Key: []byte("c"), Deleted: true},
	{Key: []byte("d")},
	{Key: []byte("e")},
	{Key: []byte("f")},
	{Key: []byte("g")},
	{Key: []byte("h")},
	{Key: []byte("key_258"), Value: []byte("xy")},
}

// written is the files that a table of entries has.
func written(t testing.TB, o Options, entries []part.Entry) (data, index []byte, counts part.Counts) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "000001")
	b, err := New(o)(&counts).Create(path, len(entries))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := b.Add(e, 0); err != nil {
			t.Fatal(err)
		}
	}
	table, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Close(); err != nil {
		t.Fatal(err)
	}
	for x, to := range map[string]*[]byte{dataExtension: &data, indexExtension: &index} {
		if *to, err = os.ReadFile(path + x); err != nil {
			t.Fatal(err)
		}
	}
	return data, index, counts
}

func TestFilesAreTheAnnotatedOnes(t *testing.T) {
	t.Parallel()
	for _, l := range []Layout{Apart, Together} {
		data, index, _ := written(t, Options{Layout: l, Buffer: 1 << 16}, goldenEntries)
		golden.Matches(t, "testdata/"+l.String()+".golden", data)
		golden.Matches(t, "testdata/"+l.String()+"-index.golden", index)
	}
}

func TestLayoutsAreThoseOfPackageEntry(t *testing.T) {
	t.Parallel()
	one := part.Entry{Key: []byte("key"), Value: []byte("value")}
	apart, _, _ := written(t, Options{Layout: Apart}, []part.Entry{one})
	together, _, _ := written(t, Options{Layout: Together}, []part.Entry{one})
	if want := entry.AppendInterleaved(nil, one.Key, one.Value); string(apart) != string(want) {
		t.Errorf("apart: % x, want % x", apart, want)
	}
	if want := entry.AppendHeaded(nil, one.Key, one.Value); string(together) != string(want) {
		t.Errorf("together: % x, want % x", together, want)
	}
}

func TestBufferingChangesTheWriteCallsAndNotTheBytes(t *testing.T) {
	t.Parallel()
	var entries []part.Entry
	for i := range 2000 {
		entries = append(entries, part.Entry{Key: []byte{'k', byte(i >> 8), byte(i)}, Value: make([]byte, i%200)})
	}
	plain, index, counts := written(t, Options{}, entries)
	if counts.Writes != 4*uint64(len(entries)) || counts.Entries != uint64(len(entries)) {
		t.Errorf("%d write calls for %d entries, want four each", counts.Writes, counts.Entries)
	}
	buffered, bufferedIndex, counts := written(t, Options{Buffer: 1 << 16}, entries)
	if string(plain) != string(buffered) || string(index) != string(bufferedIndex) {
		t.Error("the files differ")
	}
	if most := uint64(len(plain)+1<<16-1)>>16 + 1; counts.Writes > most {
		t.Errorf("%d write calls for %d bytes, want at most %d", counts.Writes, len(plain), most)
	}
}
