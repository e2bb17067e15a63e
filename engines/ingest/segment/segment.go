// Package segment is the file of the event broker: many records behind one
// table that says where each begins.
//
//	header, 32 bytes   magic "segment\n", version u32, count u32,
//	                   time i64 (nanoseconds since 1970), bytes u64 of all records
//	offsets, 4*count   u32 each: where a record begins, counted from the first
//	records            end to end
//
// Numbers are little-endian. The published header has magic, version, time and
// count in its 32 bytes; the rest of them holds the length of the records here,
// because without it a file that was cut inside its last record would parse.
//
// Limits, said first: nothing is synced and nothing is checksummed, as
// published; the records of one segment are at most 4 GiB.
package segment

import (
	"encoding/binary"
	"fmt"
	"math"
)

const (
	// HeaderBytes is the length of the header.
	HeaderBytes = 32
	// OffsetBytes is the length of one place in the table.
	OffsetBytes = 4
	// Version is the only one there is.
	Version = 1

	magic   = "segment\n"
	timeAt  = 16
	bytesAt = 24
)

// Batch is the records of one request: record i has Sizes[i] bytes, and the
// chunks hold all of them end to end. A chunk ends where a record ends.
type Batch struct {
	Sizes  []uint32
	Chunks [][]byte
	Room   []byte // what the chunks lie in, where that is one buffer: for whoever uses a batch again
}

// Bytes is the length of all records.
func (b Batch) Bytes() (n int) {
	for _, c := range b.Chunks {
		n += len(c)
	}
	return n
}

// Records yields the records one by one.
func (b Batch) Records(yield func([]byte) bool) {
	chunks, left := b.Chunks, []byte(nil)
	for _, size := range b.Sizes {
		for len(left) == 0 && size > 0 {
			left, chunks = chunks[0], chunks[1:]
		}
		if !yield(left[:size:size]) {
			return
		}
		left = left[size:]
	}
}

// AppendHead appends the header and the offsets of a segment that holds the
// batches in order. The time is in nanoseconds since 1970. It fails where the
// records do not fit a segment.
func AppendHead(to []byte, batches []*Batch, nanos int64) ([]byte, error) {
	count, bytes := 0, uint64(0)
	for _, b := range batches {
		count += len(b.Sizes)
		for _, size := range b.Sizes {
			bytes += uint64(size)
		}
	}
	if bytes > math.MaxUint32 || count > math.MaxUint32/OffsetBytes {
		return to, fmt.Errorf("segment: %d records of %d bytes in all are too many for one: close it earlier", count, bytes)
	}
	to = append(to, magic...)
	to = binary.LittleEndian.AppendUint32(to, Version)
	to = binary.LittleEndian.AppendUint32(to, uint32(count))
	to = binary.LittleEndian.AppendUint64(to, uint64(nanos))
	to = binary.LittleEndian.AppendUint64(to, bytes)
	offset := uint32(0)
	for _, b := range batches {
		for _, size := range b.Sizes {
			to = binary.LittleEndian.AppendUint32(to, offset)
			offset += size
		}
	}
	return to, nil
}

// Segment is a parsed file; it keeps the file's bytes.
type Segment struct {
	Nanos   int64 // since 1970
	offsets []byte
	records []byte
}

// Parse reads a whole file. Whatever it holds, the answer is a segment that
// AppendHead and its records would give again, or an error that says what is
// wrong and where.
func Parse(file []byte) (Segment, error) {
	if len(file) < HeaderBytes {
		return Segment{}, fmt.Errorf("segment: %d bytes, the header alone has %d", len(file), HeaderBytes)
	}
	if string(file[:len(magic)]) != magic {
		return Segment{}, fmt.Errorf("segment: begins with % x and not with %q: it is no segment", file[:len(magic)], magic)
	}
	if v := binary.LittleEndian.Uint32(file[8:]); v != Version {
		return Segment{}, fmt.Errorf("segment: version %d, this program reads %d", v, Version)
	}
	count, bytes := uint64(binary.LittleEndian.Uint32(file[12:])), binary.LittleEndian.Uint64(file[bytesAt:])
	body := uint64(len(file) - HeaderBytes)
	if count*OffsetBytes > body || bytes != body-count*OffsetBytes {
		return Segment{}, fmt.Errorf("segment: the header tells of %d records in %d bytes, the file has %d bytes after it: it was cut or added to", count, bytes, body)
	}
	s := Segment{
		Nanos:   int64(binary.LittleEndian.Uint64(file[timeAt:])),
		offsets: file[HeaderBytes : HeaderBytes+count*OffsetBytes],
		records: file[HeaderBytes+count*OffsetBytes:],
	}
	return s, s.check()
}

// check holds that offsets begin at 0, ascend, and end where the records do.
func (s Segment) check() error {
	if s.Len() == 0 && len(s.records) > 0 {
		return fmt.Errorf("segment: %d bytes and no record they belong to", len(s.records))
	}
	last := uint32(0)
	for i := range s.Len() {
		at := s.offset(i)
		if i == 0 && at != 0 || at < last || uint64(at) > uint64(len(s.records)) {
			return fmt.Errorf("segment: record %d begins at %d of %d bytes, after one that begins at %d", i, at, len(s.records), last)
		}
		last = at
	}
	return nil
}

func (s Segment) offset(i int) uint32 { return binary.LittleEndian.Uint32(s.offsets[OffsetBytes*i:]) }

// Len is the number of records.
func (s Segment) Len() int { return len(s.offsets) / OffsetBytes }

// Record returns the i-th record, from 0.
func (s Segment) Record(i int) []byte {
	end := uint32(len(s.records))
	if i+1 < s.Len() {
		end = s.offset(i + 1)
	}
	return s.records[s.offset(i):end:end]
}

// WithoutTime blanks the time in the bytes of a file, in place: what is left is
// the same for the same records, whenever and by whomever they were written.
func WithoutTime(file []byte) []byte {
	if len(file) >= HeaderBytes {
		clear(file[timeAt:bytesAt])
	}
	return file
}
