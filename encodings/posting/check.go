package posting

import (
	"encoding/binary"
	"fmt"
)

// Check unpacks every block, so that what it lets pass cannot mislead the
// other methods: each block lies where the one before ends, and begins above
// the last id of that one, which is its floor.
func (f blocked) Check(p *Page) error {
	if err := checkSeal(p, f.kind, f.reserved); err != nil {
		return err
	}
	blocks, wide := shape(p)
	if blocks == 0 {
		return fmt.Errorf("posting page: byte %d: %d ids and floors of %d bytes: the directory does not fit", wideAt, countOf(p), p[wideAt])
	}
	c := checker{format: f, page: p, wide: wide, end: blockAt, first: binary.LittleEndian.Uint64(p[firstAt:])}
	c.last = c.first - 1
	for k := range blocks {
		if err := c.block(k, min(BlockLen, countOf(p)-k*BlockLen)); err != nil {
			return err
		}
	}
	if end := int(binary.LittleEndian.Uint16(p[endAt:])); end != c.end {
		return fmt.Errorf("posting page: byte %d: the blocks are said to end at %d, they end at %d", endAt, end, c.end)
	}
	if top := Size - blocks*(wide+4); c.end > min(top, Size-slack) {
		return fmt.Errorf("posting page: the blocks end at byte %d, in the directory, which begins at %d", c.end, top)
	}
	return nil
}

type checker struct {
	format      blocked
	page        *Page
	wide, end   int
	first, last uint64 // as written; last is that before the block
}

// block checks block k of n ids.
func (c *checker) block(k, n int) error {
	floor, at, e := readEntry(c.page, k, c.wide)
	entryAt := Size - (k+1)*(c.wide+4)
	if e.floor = c.first - 1 + floor; e.floor != c.last || at != c.end {
		return fmt.Errorf("posting page: byte %d: block %d begins at %d above id %d, where the one before ends at %d with id %d", entryAt, k, at, e.floor, c.end, c.last)
	}
	var ids [BlockLen]uint64
	size := -1
	if at <= Size-slack {
		size = c.format.get(c.page[at:], e, n, &ids)
	}
	if size < 0 {
		return fmt.Errorf("posting page: byte %d: block %d of width %d with %d exceptions cannot be unpacked", at, k, e.width, e.exceptions)
	}
	for i, id := range ids[:n] {
		if id <= c.last && !(k == 0 && i == 0) || id > c.format.top(c.first) || id>>c.format.shift()<<c.format.shift() != id {
			return fmt.Errorf("posting page: byte %d: block %d: id %d at place %d after %d, in a page that begins with %d", at, k, id, i, c.last, c.first)
		}
		c.last = id
	}
	if k == 0 && ids[0] != c.first {
		return fmt.Errorf("posting page: byte %d: the first id is said to be %d and is %d", firstAt, c.first, ids[0])
	}
	c.end += size
	return nil
}
