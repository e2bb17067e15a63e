package postings

import (
	"slices"

	"assay/encodings/posting"
)

// Cursor reads block by block, and page by page where there is a raw section.
func (l *paged) Cursor() Cursor { return &cursor{list: l} }

type cursor struct {
	list        *paged
	page, block int      // what Next reads when rest is used up
	current     []uint64 // what was read last
	rest        []uint64 // of it, what Next has not returned
	room        [posting.BlockLen]uint64
	whole       []uint64 // a page with its raw section
	packed      []uint64
}

func (c *cursor) Next() []uint64 {
	if len(c.rest) == 0 && !c.read() {
		return nil
	}
	ids := c.rest
	c.rest = nil
	return ids
}

// read reads the next block into current and rest.
func (c *cursor) read() bool {
	l := c.list
	for c.page < len(l.pages) {
		if len(l.raw[c.page]) > 0 {
			c.packed = l.unpack(c.packed[:0], c.page)
			c.whole, _ = merge(c.whole[:0], c.packed, l.raw[c.page])
			c.current = c.whole
			c.page++
		} else {
			n := l.format.Block(l.pages[c.page], c.block, &c.room)
			c.current = c.room[:n]
			if c.block++; n < posting.BlockLen { // the last of its page
				c.page, c.block = c.page+1, 0
			}
		}
		if c.rest = c.current; len(c.rest) > 0 {
			return true
		}
	}
	c.current = nil
	return false
}

func (c *cursor) Seek(id uint64) (uint64, bool) {
	if n := len(c.current); n == 0 || id < c.current[0] || id > c.current[n-1] {
		c.locate(id)
	}
	at, _ := slices.BinarySearch(c.current, id)
	if c.rest = c.current[at:]; len(c.rest) == 0 && !c.read() { // above all of this block, below all of the next
		return 0, false
	}
	return c.rest[0], true
}

// locate reads the block in which to look for id.
func (c *cursor) locate(id uint64) {
	l := c.list
	c.current = nil
	if len(l.pages) == 0 {
		return
	}
	c.page, c.block = l.find(id), 0
	if len(l.raw[c.page]) == 0 {
		c.block = l.format.Find(l.pages[c.page], id)
	}
	c.read()
}
