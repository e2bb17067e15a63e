package sparse

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"

	"assay/engines/bloom"
	"assay/engines/lsm/part"
)

// table is an open table; index and filter are in memory.
type table struct {
	format *format
	path   string // of the .tbl file
	file   source
	index  *index
	filter bloom.Filter
}

// errOrder is that of keys that do not ascend.
var errOrder = errors.New("the keys do not ascend")

// source is what a table is read from: a file, or bytes in a fuzz test.
type source interface {
	io.ReaderAt
	io.Closer
}

// Open opens a table and reads it once from end to end.
func (f *format) Open(path string) (part.Table, error) {
	data, err := os.ReadFile(path + indexExtension)
	if err != nil {
		return nil, err
	}
	x, err := parseIndex(path+indexExtension, data)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path + dataExtension)
	if err != nil {
		return nil, err
	}
	stat, err := file.Stat()
	if err == nil && stat.Size() != x.size {
		err = &part.Corrupt{File: file.Name(), Offset: min(stat.Size(), x.size), What: fmt.Sprintf("the table has %d bytes and not %d", stat.Size(), x.size)}
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	t := &table{format: f, path: file.Name(), file: file, index: x}
	if err := t.refill(); err != nil {
		file.Close()
		return nil, err
	}
	return t, nil
}

// refill puts every key into a new filter.
func (t *table) refill() (err error) {
	if t.filter, err = t.format.Filter.make(t.index.entries); err != nil {
		return err
	}
	c := t.Cursor()
	var e part.Entry
	n := 0
	for {
		more, err := c.Next(&e)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		t.filter.Add(e.Key)
		n++
	}
	if n != t.index.entries {
		return &part.Corrupt{File: t.path, Offset: t.index.size, What: fmt.Sprintf("the table has %d entries and its index says %d", n, t.index.entries)}
	}
	return nil
}

// Get looks into the one chunk that may hold the key. A table knows no range of
// its keys, as the published one does not: a key before the first is looked for
// in the first chunk, one behind the last in the last. So each lie of a filter
// costs a read, which is what the last step of the ladder saves.
func (t *table) Get(dst, key []byte, _ uint64) ([]byte, part.State, error) {
	counts := t.format.counts
	counts.FilterAsked++
	if !t.filter.Contains(key) {
		return dst, part.Unknown, nil
	}
	counts.FilterMaybe++
	chunks := t.index.chunks
	if len(chunks) == 0 {
		return dst, part.Unknown, nil
	}
	i := max(0, sort.Search(len(chunks), func(i int) bool { return bytes.Compare(chunks[i].key, key) > 0 })-1)
	offset, length := t.index.bounds(i)
	pooled, b := t.format.chunkBuffer(length)
	defer t.format.done(pooled)
	counts.TablesRead++
	if _, err := t.file.ReadAt(b, offset); err != nil {
		return dst, part.Unknown, t.unread(err, offset)
	}
	if err := t.verify(i, b); err != nil {
		return dst, part.Unknown, err
	}
	return t.search(dst, key, i, b)
}

// search reads the entries of a chunk up to the key.
func (t *table) search(dst, key []byte, i int, b []byte) ([]byte, part.State, error) {
	f := fields{layout: t.format.Layout, rest: b}
	defer func() { t.format.counts.Reads += uint64(f.reads) }()
	var e part.Entry
	for {
		more, err := f.next(&e)
		if err != nil {
			return dst, part.Unknown, t.damaged(i, len(b)-len(f.rest), err)
		}
		if !more {
			return dst, part.Unknown, nil
		}
		switch c := bytes.Compare(e.Key, key); {
		case c > 0:
			return dst, part.Unknown, nil
		case c == 0 && e.Deleted:
			return dst, part.Dead, nil
		case c == 0:
			return append(dst, e.Value...), part.Live, nil
		}
	}
}

// verify holds a chunk to its checksum.
func (t *table) verify(i int, b []byte) error {
	if part.Checksum(0, b) == t.index.chunks[i].sum {
		return nil
	}
	return &part.Corrupt{
		File: t.path, Offset: t.index.chunks[i].offset,
		What: fmt.Sprintf("the checksum of the chunk of %d bytes does not match it", len(b)),
	}
}

func (t *table) damaged(i, at int, err error) error {
	return &part.Corrupt{File: t.path, Offset: t.index.chunks[i].offset + int64(at), What: err.Error()}
}

// unread words a read that failed: a file that ends early is damage, the rest
// is the system's.
func (t *table) unread(err error, offset int64) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &part.Corrupt{File: t.path, Offset: offset, What: "the file ends within this chunk"}
	}
	return fmt.Errorf("%s: at byte %d: %w", t.path, offset, err)
}

// Len is the number of entries, deleted ones included.
func (t *table) Len() int { return t.index.entries }

// Close closes the file.
func (t *table) Close() error { return t.file.Close() }
