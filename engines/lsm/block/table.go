package block

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/cespare/xxhash/v2"

	"assay/engines/lsm/part"
)

// Hash is the hash that the filters take: one of each key, for all tables.
func Hash(key []byte) uint64 { return xxhash.Sum64(key) }

// table is an open table; index and filter are in memory.
type table struct {
	format  *format
	path    string
	file    source
	index   *index
	filter  filter
	entries int
}

// source is what a table is read from: a file, or bytes in a fuzz test.
type source interface {
	io.ReaderAt
	io.Closer
}

// Open opens a table and checks all but its blocks, which are checked whenever
// they are read.
func (f *format) Open(path string) (part.Table, error) {
	file, err := os.Open(path + extension)
	if err != nil {
		return nil, err
	}
	stat, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, err
	}
	t := &table{format: f, path: file.Name(), file: file}
	if err := t.load(stat.Size()); err != nil {
		file.Close()
		return nil, err
	}
	return t, nil
}

// load reads foot, index and filter.
func (t *table) load(size int64) error {
	if size < int64(footBytes) {
		return t.corrupt(size, "the file ends before a foot of a table fits")
	}
	var b [footBytes]byte
	at := size - int64(footBytes)
	if _, err := t.file.ReadAt(b[:], at); err != nil {
		return t.unread(err, at)
	}
	foot, what := parseFoot(b[:], size)
	if what != "" {
		return t.corrupt(at, what)
	}
	t.entries = int(foot.entries)
	section, err := t.section(foot.index, foot.filter)
	if err != nil {
		return err
	}
	x, wrong, ok := parseIndex(section, int(foot.blocks), foot.index)
	if !ok {
		return t.corrupt(foot.index+int64(wrong), "an entry of the index does not follow from the one before it")
	}
	t.index = x
	if section, err = t.section(foot.filter, at); err != nil {
		return err
	}
	if t.filter, ok = parseFilter(section); !ok {
		return t.corrupt(foot.filter, "a filter of this length is none")
	}
	return nil
}

// section reads and checks what lies between two offsets.
func (t *table) section(from, to int64) ([]byte, error) {
	b := make([]byte, to-from)
	if _, err := t.file.ReadAt(b, from); err != nil {
		return nil, t.unread(err, from)
	}
	b, err := open(b)
	if err != nil {
		return nil, t.corrupt(from, err.Error())
	}
	return b, nil
}

// Get asks the filter, then reads the one block that may hold the key.
func (t *table) Get(dst, key []byte, hash uint64) ([]byte, part.State, error) {
	f := t.format
	f.counts.FilterAsked++
	if !t.filter.has(hash) {
		return dst, part.Unknown, nil
	}
	f.counts.FilterMaybe++
	i := t.index.find(key)
	if i < 0 {
		return dst, part.Unknown, nil
	}
	entries, err := t.read(i, &f.buf)
	if err != nil {
		return dst, part.Unknown, err
	}
	f.counts.TablesRead++
	f.counts.Reads++
	var e part.Entry
	for at := 0; at < len(entries); {
		n := parseEntry(entries[at:], &e)
		if n == 0 {
			return dst, part.Unknown, t.unparsed(i, at)
		}
		if at += n; !bytes.Equal(e.Key, key) {
			continue
		}
		if e.Deleted {
			return dst, part.Dead, nil
		}
		return append(dst, e.Value...), part.Live, nil
	}
	return dst, part.Unknown, nil
}

// read reads a block into a buffer that is made as large as it must be.
func (t *table) read(i int, buf *[]byte) ([]byte, error) {
	offset, length := t.index.bounds(i)
	if cap(*buf) < length {
		*buf = make([]byte, length+length/2)
	}
	b := (*buf)[:length]
	if _, err := t.file.ReadAt(b, offset); err != nil {
		return nil, t.unread(err, offset)
	}
	entries, err := open(b)
	if err != nil {
		return nil, t.corrupt(offset, err.Error())
	}
	return entries, nil
}

func (t *table) corrupt(offset int64, what string) error {
	return &part.Corrupt{File: t.path, Offset: offset, What: what}
}

func (t *table) unparsed(block, at int) error {
	offset, _ := t.index.bounds(block)
	return t.corrupt(offset+int64(at), "these bytes of a block are no entry behind the one before them")
}

// unread words a read that failed: a file that ends early is damage, the rest
// is the system's.
func (t *table) unread(err error, offset int64) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return t.corrupt(offset, "the file ends within the part that begins here")
	}
	return fmt.Errorf("%s: at byte %d: %w", t.path, offset, err)
}

// Len is the number of entries, deleted ones included.
func (t *table) Len() int { return t.entries }

// Close closes the file.
func (t *table) Close() error { return t.file.Close() }
