package sparse

import (
	"bufio"
	"bytes"
	"io"

	"assay/engines/lsm/part"
)

// cursor reads a table from end to end, chunk by chunk through a buffer.
type cursor struct {
	table *table
	in    *bufio.Reader
	chunk int // the next
	buf   []byte
	read  fields
	last  []byte
}

// Cursor starts at the first entry. It checks every chunk, and that keys ascend.
func (t *table) Cursor() part.Cursor {
	return &cursor{table: t, in: bufio.NewReaderSize(io.NewSectionReader(t.file, 0, t.index.size), readAhead)}
}

func (c *cursor) Next(e *part.Entry) (bool, error) {
	if len(c.read.rest) == 0 {
		if c.chunk == len(c.table.index.chunks) {
			return false, nil
		}
		if err := c.load(); err != nil {
			return false, err
		}
	}
	at := len(c.buf) - len(c.read.rest)
	more, err := c.read.next(e)
	if err != nil {
		return false, c.table.damaged(c.chunk-1, at, err)
	}
	if more && bytes.Compare(c.last, e.Key) >= 0 {
		return false, c.table.damaged(c.chunk-1, at, errOrder)
	}
	c.last = e.Key
	return more, nil
}

// load reads and checks the next chunk.
func (c *cursor) load() error {
	offset, length := c.table.index.bounds(c.chunk)
	if cap(c.buf) < length {
		c.buf = make([]byte, length)
	}
	c.buf = c.buf[:length]
	if _, err := io.ReadFull(c.in, c.buf); err != nil {
		return c.table.unread(err, offset)
	}
	if err := c.table.verify(c.chunk, c.buf); err != nil {
		return err
	}
	c.read = fields{layout: c.table.format.Layout, rest: c.buf}
	c.chunk++
	return nil
}
