package segment

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// fileOf writes batches out whole.
func fileOf(t interface{ Fatal(...any) }, nanos int64, batches ...*Batch) []byte {
	file, err := AppendHead(nil, batches, nanos)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range batches {
		for _, c := range b.Chunks {
			file = append(file, c...)
		}
	}
	return file
}

// batchOf is a batch of these records in one chunk.
func batchOf(records ...string) *Batch {
	b := &Batch{Chunks: [][]byte{[]byte(strings.Join(records, ""))}}
	for _, r := range records {
		b.Sizes = append(b.Sizes, uint32(len(r)))
	}
	return b
}

// example is a segment of five records from two requests, one of them empty.
func example(t interface{ Fatal(...any) }) []byte {
	return fileOf(t, 1_700_000_000_123_456_789, batchOf("alpha", "", "be"), batchOf("gamma-gamma", "d"))
}

// TestTheFileIsTheAnnotatedOne pins every byte. The notes are read off the
// positions of the format, not by its parser.
func TestTheFileIsTheAnnotatedOne(t *testing.T) {
	t.Parallel()
	b := example(t)
	var text strings.Builder
	text.WriteString("# a segment of five records: header, offsets, records\n")
	at := 0
	line := func(n int, format string, args ...any) {
		fmt.Fprintf(&text, "%04d  %-33s  %s\n", at, fmt.Sprintf("% x", b[at:at+n]), fmt.Sprintf(format, args...))
		at += n
	}
	line(8, "magic, %q", b[:8])
	line(4, "version, %d", 1)
	line(4, "records, %d", 5)
	line(8, "time, %d nanoseconds since 1970", 1_700_000_000_123_456_789)
	line(8, "bytes of records, %d", 5+0+2+11+1)
	for i, offset := range []int{0, 5, 5, 7, 18} {
		line(4, "record %d begins at %d", i, offset)
	}
	for i, r := range []string{"alpha", "", "be", "gamma-gamma", "d"} {
		line(len(r), "record %d, %q", i, r)
	}
	const path = "testdata/segment.golden"
	if *update {
		if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || string(want) != text.String() || at != len(b) {
		t.Errorf("%s (%v): run with -update and review. Got:\n%s", path, err, &text)
	}
}

func TestParseGivesBackWhatWasWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		nanos := rapid.Int64().Draw(t, "time")
		var batches []*Batch
		var want []string
		for range rapid.IntRange(0, 5).Draw(t, "requests") {
			records := rapid.SliceOfN(rapid.StringN(0, 20, 60), 0, 9).Draw(t, "records")
			b := batchOf(records...)
			if rapid.Bool().Draw(t, "a chunk each") {
				b.Chunks = nil
				for _, r := range records {
					b.Chunks = append(b.Chunks, []byte(r))
				}
			}
			batches, want = append(batches, b), append(want, records...)
			var got []string
			for r := range b.Records {
				got = append(got, string(r))
			}
			if strings.Join(got, "\xff") != strings.Join(records, "\xff") || len(got) != len(records) {
				t.Fatalf("the batch yields %q of %q", got, records)
			}
		}
		s, err := Parse(fileOf(t, nanos, batches...))
		if err != nil {
			t.Fatal(err)
		}
		if s.Len() != len(want) || s.Nanos != nanos {
			t.Fatalf("%d records of %d, time %d of %d", s.Len(), len(want), s.Nanos, nanos)
		}
		for i, r := range want {
			if string(s.Record(i)) != r {
				t.Fatalf("record %d is %q, want %q", i, s.Record(i), r)
			}
		}
	})
}

func TestEveryCutAndEveryAddedByteIsSeen(t *testing.T) {
	t.Parallel()
	file := example(t)
	for n := range file {
		if _, err := Parse(file[:n:n]); err == nil {
			t.Errorf("%d of %d bytes are read as a segment", n, len(file))
		}
	}
	if _, err := Parse(append(bytes.Clone(file), 0)); err == nil {
		t.Error("a byte too many is read as a segment")
	}
}

func TestDamageIsAnErrorThatSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for want, spoil := range map[string]func([]byte) []byte{
		"it is no segment":                         func(b []byte) []byte { b[0] = 'S'; return b },
		"version 2, this program reads 1":          func(b []byte) []byte { b[8] = 2; return b },
		"it was cut or added to":                   func(b []byte) []byte { b[12]++; return b },
		"record 0 begins at 1 of 19":               func(b []byte) []byte { b[HeaderBytes] = 1; return b },
		"record 3 begins at 4 of 19 bytes, after":  func(b []byte) []byte { b[HeaderBytes+3*OffsetBytes] = 4; return b },
		"record 4 begins at 20 of 19 bytes, after": func(b []byte) []byte { b[HeaderBytes+4*OffsetBytes] = 20; return b },
		"the header alone has 32":                  func([]byte) []byte { return nil },
		"3 bytes and no record they belong to":     func([]byte) []byte { return append(fileOf(t, 0), 1, 2, 3) },
		"tells of 4294967295 records in 0 bytes": func([]byte) []byte {
			b := fileOf(t, 0)
			binary.LittleEndian.PutUint32(b[12:], math.MaxUint32)
			return b
		},
		"tells of 0 records in 18446744073709551615": func([]byte) []byte {
			b := fileOf(t, 0)
			binary.LittleEndian.PutUint64(b[24:], math.MaxUint64)
			return b
		},
	} {
		file := spoil(example(t))
		if want == "3 bytes and no record they belong to" {
			binary.LittleEndian.PutUint64(file[bytesAt:], 3)
		}
		if _, err := Parse(file); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %v, want one line with %q", err, want)
		}
	}
}

func TestRecordsBeyondFourGiBAreRefused(t *testing.T) {
	t.Parallel()
	b := &Batch{Sizes: []uint32{math.MaxUint32, 1}}
	if _, err := AppendHead(nil, []*Batch{b}, 0); err == nil {
		t.Error("offsets of 32 bits are to hold more than 4 GiB")
	}
	b.Sizes[1] = 0
	if _, err := AppendHead(nil, []*Batch{b}, 0); err != nil {
		t.Error(err)
	}
}

func TestWithoutTimeBlanksTheTimeAndNothingElse(t *testing.T) {
	t.Parallel()
	a, b := fileOf(t, 1, batchOf("x", "yz")), fileOf(t, math.MinInt64, batchOf("x", "yz"))
	if bytes.Equal(a, b) || !bytes.Equal(WithoutTime(a), WithoutTime(b)) || !bytes.Equal(a, fileOf(t, 0, batchOf("x", "yz"))) {
		t.Errorf("% x and % x", a, b)
	}
	WithoutTime(nil)
}

func TestGatherWritesAnyNumberOfPartsInOrder(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 3, 1023, 1024, 1025, 5000} {
		path := filepath.Join(t.TempDir(), "gathered")
		f, err := Create(path)
		if err != nil {
			t.Fatal(err)
		}
		var want []byte
		parts := make([][]byte, n)
		for i := range parts {
			parts[i] = bytes.Repeat([]byte{byte(i)}, i%5) // some are empty
			want = append(want, parts[i]...)
		}
		if err := f.Gather(parts); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) || f.Bytes() != int64(len(want)) {
			t.Errorf("%d parts: %d bytes, want %d (%v)", n, len(got), len(want), err)
		}
	}
}

func TestErrorsOfFilesNameThem(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "once")
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Create(path); err == nil || !strings.Contains(err.Error(), "once") {
		t.Errorf("a second file of the name: %v", err)
	}
	if err := f.Remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("it is still there: %v", err)
	}
	if _, err := f.Write([]byte("x")); err == nil {
		t.Error("a closed file takes a write")
	}
	if err := f.Gather([][]byte{{1}}); err == nil {
		t.Error("a closed file takes a gathered write")
	}
}

// FuzzParse wants an error or a segment that can be written again to the very
// same bytes; and no panic.
func FuzzParse(f *testing.F) {
	f.Add(example(f))
	f.Add(fileOf(f, 0))
	f.Add(fileOf(f, -1, batchOf("")))
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, file []byte) {
		s, err := Parse(file)
		if err != nil {
			return
		}
		b := &Batch{}
		for i := range s.Len() {
			r := s.Record(i)
			b.Sizes, b.Chunks = append(b.Sizes, uint32(len(r))), append(b.Chunks, r)
		}
		if again := fileOf(t, s.Nanos, b); !bytes.Equal(again, file) {
			t.Fatalf("% x is read and written as % x", file, again)
		}
	})
}
