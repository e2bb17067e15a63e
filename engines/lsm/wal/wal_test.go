package wal

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"assay/engines/internal/golden"
	"assay/engines/lsm/part"
)

var entries = []part.Entry{
	{Key: []byte("key_258"), Value: []byte("value")},
	{Key: []byte("e")},
	{Key: []byte("key_258"), Deleted: true},
}

// logged is the bytes of a log of the entries, sealed.
func logged(t testing.TB) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log")
	l, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := l.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Seal(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func replayed(data []byte) (got []part.Entry, sealed bool, err error) {
	sealed, err = Replay("log", data, func(e part.Entry) { got = append(got, e) })
	return got, sealed, err
}

func same(a, b part.Entry) bool {
	return bytes.Equal(a.Key, b.Key) && bytes.Equal(a.Value, b.Value) && a.Deleted == b.Deleted
}

func TestTheLogIsTheAnnotatedOne(t *testing.T) {
	t.Parallel()
	golden.Matches(t, "testdata/log.golden", logged(t))
}

func TestASealedLogComesBackWhole(t *testing.T) {
	t.Parallel()
	got, sealed, err := replayed(logged(t))
	if err != nil || !sealed || !slices.EqualFunc(got, entries, same) {
		t.Errorf("%v, %v, %v", got, sealed, err)
	}
}

// A crash leaves any prefix; each gives the records that are whole in it.
func TestALogCutAnywhereGivesItsWholeRecords(t *testing.T) {
	t.Parallel()
	data := logged(t)
	for n := range data {
		got, sealed, err := replayed(data[:n])
		if err != nil || sealed || len(got) > len(entries) || !slices.EqualFunc(got, entries[:len(got)], same) {
			t.Fatalf("cut at %d: %v, %v, %v", n, got, sealed, err)
		}
	}
}

func TestAFlippedBitAnywhereIsAnErrorWithItsPlace(t *testing.T) {
	t.Parallel()
	data := logged(t)
	for at := range data {
		for bit := range 8 {
			flipped := bytes.Clone(data)
			flipped[at] ^= 1 << bit
			_, _, err := replayed(flipped)
			var c *part.Corrupt
			if !errors.As(err, &c) || c.File != "log" || c.Offset > int64(at) {
				t.Fatalf("bit %d of byte %d: %v", bit, at, err)
			}
		}
	}
}

func TestAnAbandonedLogKeepsWhatWasFlushed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "log")
	l, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{l.Append(entries[0]), l.Flush(), l.Append(entries[1]), l.Abandon()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got, sealed, err := replayed(data)
	if err != nil || sealed || len(got) != 1 || !same(got[0], entries[0]) {
		t.Errorf("%v, %v, %v", got, sealed, err)
	}
}

// FuzzReplay replays garbage; what it reads, written again, is read again.
func FuzzReplay(f *testing.F) {
	f.Add(logged(f))
	f.Add(AppendRecord(nil, entries[0]))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, _, err := replayed(data)
		if err != nil {
			return
		}
		var again []byte
		for _, e := range got {
			again = AppendRecord(again, e)
		}
		back, sealed, err := replayed(again)
		if err != nil || sealed || !slices.EqualFunc(back, got, same) {
			t.Fatalf("%v is read again as %v, %v", got, back, err)
		}
	})
}
