package block

import (
	"bytes"

	"assay/engines/lsm/part"
)

// readAhead is how much a cursor reads at a time, at least one block.
const readAhead = 128 << 10

// cursor reads a table from end to end, many blocks with one call.
type cursor struct {
	table   *table
	buf     []byte
	offset  int64  // of buf[0] in the file
	block   int    // the next
	entries []byte // what is left of the block before it
	size    int    // what that block had
	last    []byte
}

// Cursor starts at the first entry. It checks every block, and that keys ascend.
func (t *table) Cursor() part.Cursor { return &cursor{table: t} }

func (c *cursor) Next(e *part.Entry) (bool, error) {
	if len(c.entries) == 0 {
		if c.block == len(c.table.index.keys) {
			return false, nil
		}
		if err := c.load(); err != nil {
			return false, err
		}
	}
	n := parseEntry(c.entries, e)
	if n == 0 || bytes.Compare(c.last, e.Key) >= 0 {
		return false, c.table.unparsed(c.block-1, c.size-len(c.entries))
	}
	c.entries = c.entries[n:]
	c.last = e.Key
	return true, nil
}

// load checks the next block, after reading on where it is not read yet.
func (c *cursor) load() error {
	x := c.table.index
	offset, length := x.bounds(c.block)
	if offset+int64(length) > c.offset+int64(len(c.buf)) {
		if err := c.fill(offset, length); err != nil {
			return err
		}
	}
	from := int(offset - c.offset)
	entries, err := open(c.buf[from : from+length])
	if err != nil {
		return c.table.corrupt(offset, err.Error())
	}
	c.entries, c.size = entries, len(entries)
	c.block++
	return nil
}

// fill reads from offset on. The last key moves out of the way first: it lies in
// the buffer.
func (c *cursor) fill(offset int64, length int) error {
	c.last = bytes.Clone(c.last)
	x := c.table.index
	size := int(min(max(readAhead, int64(length)), x.offsets[len(x.keys)]-offset))
	if cap(c.buf) < size {
		c.buf = make([]byte, size)
	}
	c.buf, c.offset = c.buf[:size], offset
	if _, err := c.table.file.ReadAt(c.buf, offset); err != nil {
		c.buf = c.buf[:0]
		return c.table.unread(err, offset)
	}
	return nil
}
