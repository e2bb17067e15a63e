package flush

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/syndtr/goleveldb/leveldb/filter"
	"github.com/syndtr/goleveldb/leveldb/opt"
	"github.com/syndtr/goleveldb/leveldb/storage"
	"github.com/syndtr/goleveldb/leveldb/table"

	"assay/encodings/entry"
	"assay/runner/lab"
)

// goleveldb is the table writer of github.com/syndtr/goleveldb: blocks of 4 KiB
// with shared prefixes, a checksum each, an index and a filter of 10 bits per
// key. Compression is off, as in every other variant: with it, the value bytes
// would decide. The writer gives each block to the file as it is complete; that
// is how the store uses it. The buffered variant takes those calls away.
type goleveldb struct {
	options opt.Options
	buffer  *bufio.Writer // nil: straight to the file
	writer  *table.Writer
}

func newGoleveldb(buffer int) func(*lab.Env) (Writer, error) {
	return func(*lab.Env) (Writer, error) {
		w := &goleveldb{options: opt.Options{Compression: opt.NoCompression, Filter: filter.NewBloomFilter(10), Strict: opt.StrictAll}}
		if buffer > 0 {
			w.buffer = bufio.NewWriterSize(nil, buffer)
		}
		return w, nil
	}
}

func (w *goleveldb) Begin(f *File) error {
	var to io.Writer = f
	if w.buffer != nil {
		w.buffer.Reset(f)
		to = w.buffer
	}
	w.writer = table.NewWriter(to, &w.options, nil, 0)
	return nil
}

func (w *goleveldb) Append(key, value []byte) error { return w.writer.Append(key, value) }

func (w *goleveldb) Finish() error {
	if err := w.writer.Close(); err != nil {
		return err
	}
	if w.buffer == nil {
		return nil
	}
	return w.buffer.Flush()
}

// Plain reads the table with the library's own reader.
func (w *goleveldb) Plain(b []byte) (plain []byte, err error) {
	defer func() { // its reader trusts the block handles of a footer that looks right
		if p := recover(); p != nil {
			plain, err = nil, fmt.Errorf("goleveldb table is damaged: its reader panics: %v", p)
		}
	}()
	if err := footerFits(b); err != nil {
		return nil, err
	}
	r, err := table.NewReader(bytes.NewReader(b), int64(len(b)), storage.FileDesc{Type: storage.TypeTable, Num: 1}, nil, nil, &w.options)
	if err != nil {
		return nil, fmt.Errorf("goleveldb table: %w", err)
	}
	defer r.Release()
	it := r.NewIterator(nil, nil)
	defer it.Release()
	for it.Next() {
		plain = entry.AppendInterleaved(plain, it.Key(), it.Value())
	}
	if err := it.Error(); err != nil {
		return nil, fmt.Errorf("goleveldb table: %w", err)
	}
	return plain, nil
}

// footerFits checks what the library's reader does not: it makes room for the
// blocks that the footer names before it looks at anything, and a damaged
// length asks for more memory than there is.
func footerFits(b []byte) error {
	const footer, trailer = 48, 5
	if len(b) < footer {
		return fmt.Errorf("goleveldb table is damaged: %d bytes, its footer alone has %d", len(b), footer)
	}
	rest, most := b[len(b)-footer:], uint64(len(b)-footer)
	for _, name := range []string{"metaindex", "index"} {
		offset, n := binary.Uvarint(rest)
		length, m := binary.Uvarint(rest[max(0, n):])
		if n <= 0 || m <= 0 || offset > most || length > most-offset || most-offset-length < trailer {
			return fmt.Errorf("goleveldb table is damaged: its footer places the %s block outside the %d bytes before it", name, most)
		}
		rest = rest[n+m:]
	}
	return nil
}
