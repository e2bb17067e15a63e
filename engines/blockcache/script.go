package blockcache

import "errors"

// collision is the smallest run of events that a reserved way with an old key
// answers wrongly. All its addresses fall on one set; A and B have one tag too.
type collision struct {
	loaded [ways]uint64 // in the order in which they are read in; the last is A
	b      uint64
}

// findCollision searches the addresses from 0 up.
func findCollision(g geometry) collision {
	var c collision
	first, paired, n := map[uint8]uint64{}, false, 0
	for address := uint64(0); !paired || n < ways-1; address++ {
		at, tag := g.home(address)
		if at != 0 {
			continue
		}
		switch a, seen := first[tag]; {
		case seen && !paired:
			c.loaded[ways-1], c.b, paired = a, address, true
		case !seen:
			first[tag] = address
			n = len(first) - 1 // without A
		}
	}
	i := 0
	for tag := 0; i < ways-1; tag++ {
		if address, seen := first[uint8(tag)]; seen && address != c.loaded[ways-1] {
			c.loaded[i] = address
			i++
		}
	}
	return c
}

// What the script finds wrong, and how often.
type faults struct {
	torn   int // a lookup gave halves of two blocks
	double int // a block was read a second time while its read was in flight
	old    int // a lookup gave a version that had been overwritten
}

var errRefused = errors.New("the cache refuses a read though none is in flight")

// play is the script, on an empty cache; scratch is a block to write from, and
// the one returned takes its place.
//
//  1. A is in the cache, the next to be evicted: it takes the last way, and all
//     others have been asked for.
//  2. The read of B begins. It takes A's way, and half of the block arrives.
//  3. A is looked up: it is found whole, or not at all.
//  4. B is looked up and, not being found, asked for by a second reader: it
//     waits for the first.
//  5. B's read ends; B is written; a second read of B, had there been one, ends
//     behind the write. A lookup gives what was written.
func (s collision) play(c Cache, scratch []byte) ([]byte, faults, error) {
	var f faults
	a := s.loaded[ways-1]
	for _, address := range s.loaded {
		r, ok := c.Begin(address)
		if !ok {
			return scratch, f, errRefused
		}
		stamp(r.Block, address, 1)
		c.End(r)
		if address != a {
			c.Get(address)
		}
	}
	first, ok := c.Begin(s.b)
	if !ok {
		return scratch, f, errRefused
	}
	stampTail(first.Block, s.b, 1)
	if block, ok := c.Get(a); ok {
		if address, _, whole := intact(block); !whole || address != a {
			f.torn++
		}
	}
	var second Read
	twice := false
	if _, ok := c.Get(s.b); !ok {
		second, twice = c.Begin(s.b)
	}
	stampHead(first.Block, s.b, 1)
	c.End(first)
	stamp(scratch, s.b, 2)
	scratch = c.Write(s.b, scratch)
	if twice {
		f.double++
		stamp(second.Block, s.b, 1)
		c.End(second)
	}
	if block, ok := c.Get(s.b); ok {
		if address, version, whole := intact(block); !whole || address != s.b {
			f.torn++
		} else if version != 2 {
			f.old++
		}
	}
	return scratch, f, nil
}
