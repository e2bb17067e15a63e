package block

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"assay/engines/internal/golden"
	"assay/engines/lsm/part"
)

// goldenEntries have an empty value, a deleted key, a value larger than a block
// and a second block.
var goldenEntries = []part.Entry{
	{Key: []byte("a"), Value: []byte("one")},
	{Key: []byte("b")},
	{Key: []byte("c"), Deleted: true},
	{Key: []byte("key_258"), Value: bytes.Repeat([]byte("x"), 1030)},
	{Key: []byte("z"), Value: []byte("y")},
}

// build makes a table of entries.
func build(t testing.TB, entries []part.Entry) (part.Table, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "000001")
	b, err := New(&part.Counts{}).Create(path, len(entries))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := b.Add(e, Hash(e.Key)); err != nil {
			t.Fatal(err)
		}
	}
	table, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return table, path
}

func written(t testing.TB, entries []part.Entry) []byte {
	t.Helper()
	table, path := build(t, entries)
	if err := table.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path + extension)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestTheFileIsTheAnnotatedOne(t *testing.T) {
	t.Parallel()
	golden.Matches(t, "testdata/table.golden", written(t, goldenEntries))
}

// has compares a table with the entries it was made of.
func has(t *testing.T, table part.Table, entries []part.Entry) {
	t.Helper()
	c := table.Cursor()
	var e part.Entry
	for i, want := range entries {
		more, err := c.Next(&e)
		if err != nil || !more || !bytes.Equal(e.Key, want.Key) || !bytes.Equal(e.Value, want.Value) || e.Deleted != want.Deleted {
			t.Fatalf("entry %d is %.40q, %v, %v; want %.40q", i, e.Key, more, err, want.Key)
		}
		state := part.Live
		if want.Deleted {
			state = part.Dead
		}
		got, is, err := table.Get([]byte("to"), want.Key, Hash(want.Key))
		if err != nil || is != state || string(got) != "to"+string(want.Value) {
			t.Fatalf("Get(%.40q) = %.40q, %v, %v", want.Key, got, is, err)
		}
	}
	if more, err := c.Next(&e); more || err != nil {
		t.Fatalf("behind the last entry: %v, %v", more, err)
	}
}

// Keys of all kinds of prefixes, in tables of one block and of many.
func TestEveryEntryIsFoundAgain(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	sets := map[string]func(int) []byte{
		"numbers":         func(i int) []byte { return fmt.Appendf(nil, "key_%08d", i) },
		"equal heads":     func(i int) []byte { return fmt.Appendf(nil, "a%sb%06d", bytes.Repeat([]byte("-"), 8*(i&1)), i) },
		"long and shared": func(i int) []byte { return fmt.Appendf(nil, "%0200d", i) },
		"zeros":           func(i int) []byte { return make([]byte, i+1) },
	}
	for name, key := range sets {
		for _, n := range []int{1, 2, 7, 500} {
			var entries []part.Entry
			for i := range n {
				entries = append(entries, part.Entry{Key: key(i), Value: make([]byte, rng.IntN(300))})
			}
			slices.SortFunc(entries, func(a, b part.Entry) int { return bytes.Compare(a.Key, b.Key) })
			table, path := build(t, entries)
			t.Run(fmt.Sprintf("%s/%d", name, n), func(t *testing.T) {
				has(t, table, entries)
				if err := table.Close(); err != nil {
					t.Fatal(err)
				}
				again, err := New(&part.Counts{}).Open(path)
				if err != nil {
					t.Fatal(err)
				}
				has(t, again, entries)
				for _, e := range entries {
					absent := append(bytes.Clone(e.Key), 1)
					if got, state, err := again.Get(nil, absent, Hash(absent)); state != part.Unknown || len(got) > 0 || err != nil {
						t.Fatalf("absent key %.40q: %q, %v, %v", absent, got, state, err)
					}
				}
				if again.Len() != n {
					t.Errorf("Len = %d, want %d", again.Len(), n)
				}
				if err := again.Close(); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}

func TestAGetAllocatesNothing(t *testing.T) { //nolint:paralleltest // it counts allocations
	table, _ := build(t, goldenEntries)
	defer table.Close()
	dst := make([]byte, 0, 2048)
	key := goldenEntries[3].Key
	if n := testing.AllocsPerRun(100, func() {
		if _, state, err := table.Get(dst, key, Hash(key)); err != nil || state != part.Live {
			t.Fatal(state, err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// The bound is what 16 bits a key must reach by any reading of the theory; the
// exact rate is the seed's.
func TestTheFilterLiesForFewerThanOneKeyIn300(t *testing.T) {
	t.Parallel()
	const n = 20_000
	f := newFilter(n)
	key := func(i int) uint64 { return Hash(fmt.Appendf(nil, "key_%d", i)) }
	for i := range n {
		f.add(key(i))
	}
	lies := 0
	for i := range 100_000 {
		if i < n && !f.has(key(i)) {
			t.Fatalf("key_%d is denied", i)
		}
		if f.has(key(n + i)) {
			lies++
		}
	}
	if lies > 100_000/300 {
		t.Errorf("%d lies in 100,000", lies)
	}
}

// memory is a file in memory.
type memory struct{ *bytes.Reader }

func (memory) Close() error { return nil }

func tableOf(data []byte) (*table, error) {
	t := &table{format: New(&part.Counts{}).(*format), path: "table", file: memory{bytes.NewReader(data)}}
	return t, t.load(int64(len(data)))
}

// FuzzTable reads garbage as a table, with and without checksums that fit:
// those let the decoders behind them meet it too.
func FuzzTable(f *testing.F) {
	// Short seeds: the engine spends its time on making long ones shorter.
	data := written(f, goldenEntries[:3])
	f.Add(data, []byte("a"), false)
	f.Add(data, []byte("c"), true)
	f.Add(written(f, goldenEntries[4:]), []byte("z"), true)
	f.Fuzz(func(t *testing.T, data, key []byte, mend bool) {
		if mend {
			data = mended(data)
		}
		table, err := tableOf(data)
		if err != nil {
			return
		}
		table.Get(nil, key, Hash(key)) //nolint:errcheck // an error is as good as an answer
		for i := range table.index.keys {
			var buf []byte
			table.read(i, &buf) //nolint:errcheck // as above
		}
		c := table.Cursor()
		var e part.Entry
		for more := true; more && err == nil; {
			more, err = c.Next(&e)
		}
	})
}

// FuzzEntries holds the decoder of entries to what it read: written again, it
// is the same.
func FuzzEntries(f *testing.F) {
	f.Add(appendEntry(nil, goldenEntries[0]))
	f.Add(appendEntry(nil, goldenEntries[2]))
	f.Add(appendEntry(nil, goldenEntries[3]))
	f.Fuzz(func(t *testing.T, b []byte) {
		var e part.Entry
		n := parseEntry(b, &e)
		if n == 0 {
			return
		}
		again := appendEntry(nil, e)
		var back part.Entry
		if m := parseEntry(again, &back); m != len(again) || len(again) > n ||
			!bytes.Equal(back.Key, e.Key) || !bytes.Equal(back.Value, e.Value) || back.Deleted != e.Deleted {
			t.Fatalf("% x is read as %+v and written as % x", b[:n], e, again)
		}
	})
}

// mended gives the parts that the foot names checksums that fit.
func mended(data []byte) []byte {
	data = bytes.Clone(data)
	at := len(data) - footBytes
	if at < 0 {
		return data
	}
	body := data[at:]
	binary.LittleEndian.PutUint64(body[40:], uint64(len(data)))
	binary.LittleEndian.PutUint32(body[footBytes-sumBytes:], part.Checksum(0, body[:footBytes-sumBytes]))
	f, what := parseFoot(body, int64(len(data)))
	if what != "" {
		return data
	}
	for _, s := range [][2]int64{{f.index, f.filter}, {f.filter, int64(at)}} {
		section := data[s[0]:s[1]]
		end := len(section) - sumBytes
		binary.LittleEndian.PutUint32(section[end:], part.Checksum(0, section[:end]))
	}
	end := int(f.index) - sumBytes
	if f.blocks == 1 && end > 0 {
		binary.LittleEndian.PutUint32(data[end:], part.Checksum(0, data[:end]))
	}
	return data
}
