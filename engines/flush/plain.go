package flush

import (
	"bufio"
	"encoding/binary"
	"io"

	"assay/encodings/entry"
	"assay/runner/lab"
)

// fields writes each part of an entry with a call of its own, as published:
// length, key, length, value.
type fields struct {
	to     io.Writer
	length [entry.LengthBytes]byte
}

func newFields(*lab.Env) (Writer, error) { return &fields{}, nil }

func (w *fields) Begin(f *File) error { w.to = f; return nil }
func (w *fields) Finish() error       { return nil }

func (w *fields) Append(key, value []byte) error {
	if err := w.part(key); err != nil {
		return err
	}
	return w.part(value)
}

func (w *fields) part(b []byte) error {
	entry.PutLength(w.length[:], len(b))
	if _, err := w.to.Write(w.length[:]); err != nil {
		return err
	}
	if len(b) == 0 {
		return nil
	}
	_, err := w.to.Write(b)
	return err
}

// buffered is the published improvement: the same four writes per entry, into
// a buffered writer.
type buffered struct {
	fields
	buffer *bufio.Writer
}

func newBuffered(bytes int) func(*lab.Env) (Writer, error) {
	return func(*lab.Env) (Writer, error) {
		w := &buffered{buffer: bufio.NewWriterSize(nil, bytes)}
		w.to = w.buffer
		return w, nil
	}
}

func (w *buffered) Begin(f *File) error { w.buffer.Reset(f); return nil }
func (w *buffered) Finish() error       { return w.buffer.Flush() }

// whole assembles each entry and writes it with one call.
type whole struct {
	file *File
	room []byte
}

func newWhole(*lab.Env) (Writer, error) { return &whole{}, nil }

func (w *whole) Begin(f *File) error { w.file = f; return nil }
func (w *whole) Finish() error       { return nil }

func (w *whole) Append(key, value []byte) error {
	w.room = entry.AppendInterleaved(w.room[:0], key, value)
	_, err := w.file.Write(w.room)
	return err
}

// giant keeps the whole table in memory and writes it with one call. It looks
// like the least work there can be; but the table has left the cache when the
// kernel comes to copy it.
type giant struct {
	file  *File
	table []byte
}

func newGiant(*lab.Env) (Writer, error) { return &giant{}, nil }

func (w *giant) Begin(f *File) error {
	w.file, w.table = f, w.table[:0]
	return nil
}

func (w *giant) Append(key, value []byte) error {
	w.table = entry.AppendInterleaved(w.table, key, value)
	return nil
}

func (w *giant) Finish() error {
	_, err := w.file.Write(w.table)
	return err
}

// vectored hands keys and values to the kernel where they are, up to 1024
// parts a call. It copies nothing itself, and is slower than a buffer: the
// kernel walks four parts per entry, each with its own checks.
type vectored struct {
	file    *File
	parts   vector
	lengths []byte // of the entries in parts
}

const (
	partsPerEntry = 4
	vectorEntries = maxParts / partsPerEntry
)

func newVectored(*lab.Env) (Writer, error) {
	return &vectored{lengths: make([]byte, 0, vectorEntries*entry.HeaderBytes)}, nil
}

func (w *vectored) Begin(f *File) error {
	w.file, w.lengths, w.parts.parts = f, w.lengths[:0], w.parts.parts[:0]
	return nil
}

func (w *vectored) Append(key, value []byte) error {
	at := len(w.lengths)
	w.lengths = binary.LittleEndian.AppendUint64(w.lengths, uint64(len(key)))
	w.lengths = binary.LittleEndian.AppendUint64(w.lengths, uint64(len(value)))
	w.parts.add(w.lengths[at : at+entry.LengthBytes])
	w.parts.add(key)
	w.parts.add(w.lengths[at+entry.LengthBytes:])
	w.parts.add(value)
	if len(w.lengths) < cap(w.lengths) {
		return nil
	}
	return w.Finish()
}

func (w *vectored) Finish() error {
	err := w.parts.write(w.file)
	w.lengths = w.lengths[:0]
	return err
}
