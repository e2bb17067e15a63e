package sparse

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"runtime"
	"testing"

	"assay/engines/lsm/part"
)

// memory is a file in memory.
type memory struct{ *bytes.Reader }

func (memory) Close() error { return nil }

// tableOf opens a table of bytes, as Open does a table of files.
func tableOf(o Options, data, index []byte) (*table, *part.Counts, error) {
	x, err := parseIndex("index", index)
	if err != nil {
		return nil, nil, err
	}
	if x.size != int64(len(data)) {
		return nil, nil, fmt.Errorf("the table has %d bytes and not %d", len(data), x.size)
	}
	counts := &part.Counts{}
	f := New(o)(counts).(*format)
	t := &table{format: f, path: "table", file: memory{bytes.NewReader(data)}, index: x}
	return t, counts, t.refill()
}

func TestTheLayoutHalvesTheReadsOfEveryGet(t *testing.T) {
	t.Parallel()
	var entries []part.Entry
	for i := range 100 {
		entries = append(entries, part.Entry{Key: []byte{'k', byte(i)}, Value: []byte("v"), Deleted: i%7 == 0})
		if entries[i].Deleted {
			entries[i].Value = nil
		}
	}
	for i, e := range entries {
		var reads [2]uint64
		for _, l := range []Layout{Apart, Together} {
			data, index, _ := written(t, Options{Layout: l}, entries)
			table, counts, err := tableOf(Options{Layout: l, Pool: true}, data, index)
			if err != nil {
				t.Fatal(err)
			}
			got, state, err := table.Get([]byte("to"), e.Key, 0)
			want := map[bool]part.State{false: part.Live, true: part.Dead}[e.Deleted]
			if err != nil || state != want || string(got) != "to"+string(e.Value) {
				t.Fatalf("%v: Get(%q) = %q, %v, %v", l, e.Key, got, state, err)
			}
			reads[l] = counts.Reads
		}
		if want := 4 * uint64(i%perChunk+1); reads[Apart] != want || reads[Together] != want/2 {
			t.Fatalf("entry %d of its chunk took %d and %d reads, want %d and half", i%perChunk, reads[Apart], reads[Together], want)
		}
	}
}

func TestThePoolCutsTheBytesOfAGet(t *testing.T) { //nolint:paralleltest // it counts allocations
	var entries []part.Entry
	for i := range 100 {
		entries = append(entries, part.Entry{Key: fmt.Appendf(nil, "key_%d", 100+i), Value: make([]byte, 128)})
	}
	data, index, _ := written(t, Options{}, entries)
	var perGet [2]uint64
	for i, pool := range []bool{false, true} {
		table, _, err := tableOf(Options{Pool: pool}, data, index)
		if err != nil {
			t.Fatal(err)
		}
		dst := make([]byte, 0, 256)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range 100 {
			for _, e := range entries {
				if _, _, err := table.Get(dst, e.Key, 0); err != nil {
					t.Fatal(err)
				}
			}
		}
		runtime.ReadMemStats(&after)
		perGet[i] = after.TotalAlloc - before.TotalAlloc
	}
	if 10*perGet[1] > 7*perGet[0] {
		t.Errorf("%d bytes allocated with the pool and %d without: less than 30 %% are saved", perGet[1], perGet[0])
	}
}

// FuzzTable reads tables of garbage, with and without checksums that fit: those
// let the decoders behind them meet it too.
func FuzzTable(f *testing.F) {
	for _, l := range []Layout{Apart, Together} {
		data, index, _ := written(f, Options{Layout: l}, goldenEntries)
		f.Add(data, index[:len(index)-sumBytes], []byte("c"), uint8(l), true)
		f.Add(data, index, []byte("key_258"), uint8(l), false)
	}
	f.Fuzz(func(t *testing.T, data, index, key []byte, layout uint8, mend bool) {
		o := Options{Layout: Layout(layout % 2)}
		if mend {
			index = mended(data, index)
		}
		table, _, err := tableOf(o, data, index)
		if err != nil {
			return
		}
		c := table.Cursor()
		var e part.Entry
		for more := true; more; {
			if more, err = c.Next(&e); err != nil {
				t.Fatalf("a table that opened cannot be read: %v", err)
			}
			if !more {
				break
			}
			if got, state, err := table.Get(nil, e.Key, 0); err == nil && (state == part.Unknown || state == part.Live && !bytes.Equal(got, e.Value)) {
				t.Fatalf("Get(%q) = %q, %v", e.Key, got, state)
			}
		}
		table.Get(nil, key, 0) //nolint:errcheck // an error is as good as an answer
	})
}

// mended gives the first chunk and the index checksums that fit.
func mended(data, index []byte) []byte {
	index = bytes.Clone(index)
	if len(index) >= indexHead+indexChunk {
		if binary.LittleEndian.Uint32(index[12:]) == 1 {
			binary.LittleEndian.PutUint32(index[indexHead+8:], part.Checksum(0, data))
		}
		binary.LittleEndian.PutUint64(index[24:], uint64(len(data)))
	}
	return binary.LittleEndian.AppendUint32(index, part.Checksum(0, index))
}
