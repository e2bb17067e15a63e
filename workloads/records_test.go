package workloads

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"strconv"
	"strings"
	"testing"
)

// records draws n records.
func records(t testing.TB, d *Data, p Population, n int) []Record {
	t.Helper()
	s, err := d.Records(p, 1)
	if err != nil {
		t.Fatal(err)
	}
	b := make([]Record, n)
	s.Next(b)
	return b
}

func TestKeyFormats(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string]string{
		"uniform:300-300":                                 "00000000000000000300",
		"uniform:300-300,keyformat=hex":                   "000000000000012c",
		"uniform:300-300,keyformat=key_":                  "key_300",
		"uniform:300-300,keysize=5":                       "00300",
		"uniform:300-300,keysize=3":                       "300",
		"uniform:300-300,keysize=4,keyformat=hex":         "012c",
		"uniform:300-300,keysize=10,keyformat=key_":       "key_000300",
		"uniform:300-300,keysize=30":                      "000000000000000000000000000300",
		"uniform:18446744073709551615-0xffffffffffffffff": "18446744073709551615",
	} {
		if got := string(records(t, load(t, spec, 1), Present, 1)[0].Key); got != want {
			t.Errorf("%s: key %q, want %q", spec, got, want)
		}
	}
}

func TestKeySizeRefusesKeysThatDoNotFit(t *testing.T) {
	t.Parallel()
	for spec, need := range map[string]string{
		"uniform:0-1000,keysize=3":              "use at least 4",
		"uniform:0-255,keysize=1,keyformat=hex": "use at least 2",
		"uniform:0-99,keysize=5,keyformat=key_": "use at least 6",
		"realistic,keysize=8":                   "use at least 12",
		"zipf:1.1,keysize=9":                    "use at least 10",
		"zipf:1.1,universe=1001,keysize=3":      "use at least 4",
		"sequential,keysize=2":                  "use at least 3",
		"zip-entries,keysize=7":                 "use at least 8",
		"go-identifiers,keysize=7":              "only for keys that are numbers",
		"go-identifiers,keyformat=hex":          "only for keys that are numbers",
	} {
		if _, err := load(t, spec, 1000).Records(Present, 1); err == nil || !strings.Contains(err.Error(), need) {
			t.Errorf("%s: %v, want %q", spec, err, need)
		}
	}
}

// Padding makes byte order the order of numbers, which trees rely on.
func TestPaddedKeysSortAsTheirNumbers(t *testing.T) {
	t.Parallel()
	for _, spec := range []string{"full", "full,keyformat=hex"} {
		d := load(t, spec, 1000)
		for i := range 999 {
			a, b := d.Entries[i], d.Entries[i+1]
			if bytes.Compare(d.AppendKey(nil, a), d.AppendKey(nil, b)) < 0 != (a.Key < b.Key) {
				t.Fatalf("%s: %d and %d change order", spec, a.Key, b.Key)
			}
		}
	}
}

func TestZeroValuesCarryTheNumberAndRandomOnesDoNotCompress(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 3, 8, 13, 128} {
		for _, kind := range []string{"zero", "random"} {
			d := load(t, "full,valuesize="+strconv.Itoa(size)+",valuebytes="+kind, 2000)
			var all []byte
			for _, r := range records(t, d, Present, 2000) {
				if len(r.Value) != size {
					t.Fatalf("%s: %d bytes, want %d", d.Spec(), len(r.Value), size)
				}
				want := binary.BigEndian.AppendUint64(nil, d.Entries[r.Index].Value)
				want = append(want[max(0, 8-size):], make([]byte, max(0, size-8))...)
				if kind == "zero" && !bytes.Equal(r.Value, want) {
					t.Fatalf("%s: value % x, want % x", d.Spec(), r.Value, want)
				}
				all = append(all, d.AppendValue(nil, Entry{Key: uint64(len(all)), Value: 1})...)
			}
			if packed := deflated(t, all); kind == "random" && packed < len(all) {
				t.Errorf("%s: %d bytes compress to %d", d.Spec(), len(all), packed)
			}
		}
	}
}

// deflated is the compressed size of b.
func deflated(t *testing.T, b []byte) int {
	t.Helper()
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

// A lookup's answer can be compared with the entry's value at any time.
func TestRecordsAreTheWrittenFormOfStreams(t *testing.T) {
	t.Parallel()
	d := load(t, "realistic,valuesize=20,valuebytes=random", 3000)
	for _, p := range []Population{Present, Absent, Fresh} {
		entries := batch(stream(t, d, p, 1), 500)
		for i, r := range records(t, d, p, 500) {
			e := entries[i]
			if !bytes.Equal(r.Key, d.AppendKey(nil, e)) || !bytes.Equal(r.Value, d.AppendValue(nil, e)) || r.Index != e.Index {
				t.Fatalf("%v record %d is %q at %d, the entry %+v", p, i, r.Key, r.Index, e)
			}
		}
	}
}

func TestStringTracesAreDrawnAsTheirText(t *testing.T) {
	t.Parallel()
	d := load(t, "go-identifiers", 5000)
	if !d.Text() || d.Spec().Text() == nil {
		t.Fatal("the keys are not strings")
	}
	loaded := make(map[string]bool)
	for _, e := range d.Entries {
		loaded[string(d.AppendKey(nil, e))] = true
	}
	if len(loaded) != 5000 || !loaded["net.UnixListener.File"] {
		t.Errorf("%d distinct keys, the trace's first among them: %v", len(loaded), loaded["net.UnixListener.File"])
	}
	for p, want := range map[Population]bool{Present: true, Absent: false, Fresh: false} {
		for _, r := range records(t, d, p, 5000) {
			if loaded[string(r.Key)] != want {
				t.Fatalf("%v drew %q", p, r.Key)
			}
		}
	}
}

func TestRecordsStayValidThroughTheNextBatchOnly(t *testing.T) {
	t.Parallel()
	s, err := load(t, "realistic", 3000).Records(Fresh, 1)
	if err != nil {
		t.Fatal(err)
	}
	first, second, third := make([]Record, 64), make([]Record, 64), make([]Record, 64)
	s.Next(first)
	before := string(first[9].Key)
	s.Next(second)
	if string(first[9].Key) != before {
		t.Error("the batch changed during the next")
	}
	s.Next(third)
	if &first[0].Key[0] != &third[0].Key[0] {
		t.Error("the third batch does not reuse the first one's buffer")
	}
}

func TestARecordCannotGrowIntoItsNeighbour(t *testing.T) {
	t.Parallel()
	b := records(t, load(t, "realistic", 10), Present, 10)
	value := string(b[0].Value)
	_ = append(b[0].Key, "overwritten"...)
	if string(b[0].Value) != value {
		t.Error("appending to a key wrote into its value")
	}
}

// Not parallel: AllocsPerRun counts what the whole process allocates.
func TestNextAllocatesNothingOnceWarm(t *testing.T) {
	for _, text := range append(integerLaws(), "go-identifiers", "realistic,valuesize=100,valuebytes=random", "mixture:2000@10+1@62") {
		d := load(t, text, 1000)
		for _, p := range []Population{Present, Absent, Fresh} {
			if !d.Text() {
				s, b := stream(t, d, p, 1), make([]Entry, 256)
				if n := testing.AllocsPerRun(20, func() { s.Next(b) }); n != 0 {
					t.Errorf("%s %v: %v allocations per batch", text, p, n)
				}
			}
			s, err := d.Records(p, 1)
			if err != nil {
				t.Fatal(err)
			}
			b := make([]Record, 256)
			for range 50 { // strings differ in length, so both buffers settle slowly
				s.Next(b)
			}
			if n := testing.AllocsPerRun(20, func() { s.Next(b) }); n != 0 {
				t.Errorf("%s %v: %v allocations per batch of records", text, p, n)
			}
		}
	}
}
