package heavy

import (
	"bufio"
	"bytes"
	"context"
	"fmt"

	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/sstable"

	"assay/encodings/entry"
	"assay/engines/flush"
)

// Table is the table writer of pebble: blocks of 4 KiB with a checksum each, an
// index, a filter of 10 bits per key, block properties. Compression is off, as
// in every other variant of the family. Its file is never synced: Finish of the
// library would, and the other variants do not.
type Table struct {
	format sstable.TableFormat
	to     output
	writer *sstable.Writer
}

// storeBuffer is what pebble's store puts between its writer and a file, in bytes.
const storeBuffer = 4 << 10

// NewTable returns the writer of a format, rows as LevelDB has them or columns,
// which writes through so many bytes of buffer.
func NewTable(format sstable.TableFormat, buffer int) *Table {
	return &Table{format: format, to: output{bufio.NewWriterSize(nil, buffer)}}
}

// output gives what pebble writes to the file that counts. The library may use
// the slices again, and both a buffer and a write call copy them.
type output struct{ buffer *bufio.Writer }

func (o *output) Write(p []byte) error {
	_, err := o.buffer.Write(p)
	return err
}

func (o *output) Finish() error { return o.buffer.Flush() }
func (*output) Abort()          {}

// Begin starts a table in an empty file.
func (w *Table) Begin(f *flush.File) error {
	w.to.buffer.Reset(f)
	w.writer = sstable.NewWriter(&w.to, sstable.WriterOptions{
		TableFormat: w.format, Compression: sstable.NoCompression, FilterPolicy: bloom.FilterPolicy(filterBits),
	})
	return nil
}

// Append adds an entry.
func (w *Table) Append(key, value []byte) error { return w.writer.Set(key, value) }

// Finish writes what is left: index, filter, properties, footer.
func (w *Table) Finish() error { return w.writer.Close() }

// Plain reads the table with the library's own reader.
func (w *Table) Plain(table []byte) (plain []byte, err error) {
	defer func() { // its reader trusts block handles of a footer that looks right
		if p := recover(); p != nil {
			plain, err = nil, fmt.Errorf("pebble table is damaged: its reader panics: %v", p)
		}
	}()
	r, err := sstable.NewMemReader(bytes.Clone(table), sstable.ReaderOptions{})
	if err != nil {
		return nil, fmt.Errorf("pebble table: %w", err)
	}
	defer r.Close() //nolint:errcheck // of memory
	it, err := r.NewPointIter(context.Background(), sstable.IterOptions{Transforms: sstable.NoTransforms})
	if err != nil {
		return nil, fmt.Errorf("pebble table: %w", err)
	}
	defer it.Close() //nolint:errcheck // its Error is asked below
	for kv := it.First(); kv != nil; kv = it.Next() {
		v, _, err := kv.Value(nil)
		if err != nil {
			return nil, fmt.Errorf("pebble table: %w", err)
		}
		plain = entry.AppendInterleaved(plain, kv.K.UserKey, v)
	}
	if err := it.Error(); err != nil {
		return nil, fmt.Errorf("pebble table: %w", err)
	}
	return plain, nil
}
