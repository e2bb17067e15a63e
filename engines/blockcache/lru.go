package blockcache

import "assay/runner/lab"

// lru is what a Go programmer writes first: a map to the entries of a list in
// the order of their use. It evicts better than a clock in sets of sixteen, and
// every hit moves an entry, in memory that no two hits share.
type lru struct {
	capacity int
	entries  map[uint64]int32
	list     []link // 0 is the ring's own: next is the newest, last the oldest
	free     int32  // first place never used
	reads    reads
}

type link struct {
	address    uint64
	block      []byte
	next, last int32
}

func newLRU(env *lab.Env) (Cache, error) { return makeLRU(geometryOf(env)), nil }

func makeLRU(g geometry) *lru {
	n := g.sets * ways
	c := &lru{capacity: n, entries: make(map[uint64]int32, n), list: make([]link, n+1), free: 1, reads: newReads(g.size)}
	for i, b := range blocksOf(n, g.size) {
		c.list[i+1].block = b
	}
	return c
}

func (c *lru) unlink(i int32) {
	l := &c.list[i]
	c.list[l.last].next, c.list[l.next].last = l.next, l.last
}

func (c *lru) front(i int32) {
	first := c.list[0].next
	c.list[i].next, c.list[i].last = first, 0
	c.list[first].last, c.list[0].next = i, i
}

// Get is as [Cache] says.
func (c *lru) Get(address uint64) ([]byte, bool) {
	i, ok := c.entries[address]
	if !ok {
		return nil, false
	}
	if c.list[0].next != i {
		c.unlink(i)
		c.front(i)
	}
	return c.list[i].block, true
}

// Begin is as [Cache] says.
func (c *lru) Begin(address uint64) (Read, bool) {
	if _, ok := c.entries[address]; ok {
		return Read{}, false
	}
	return c.reads.begin(address)
}

// End is as [Cache] says.
func (c *lru) End(r Read) {
	if c.reads.end(r) {
		c.reads.give(c.put(r.Address, r.Block))
	}
}

// put exchanges a block for the one it replaces, the oldest where it is new.
func (c *lru) put(address uint64, block []byte) (old []byte) {
	i, ok := c.entries[address]
	switch {
	case ok:
		c.unlink(i)
	case int(c.free) <= c.capacity:
		i = c.free
		c.free++
	default:
		i = c.list[0].last
		c.unlink(i)
		delete(c.entries, c.list[i].address)
	}
	if !ok {
		c.entries[address] = i
	}
	c.front(i)
	c.list[i].address = address
	old, c.list[i].block = c.list[i].block, block
	return old
}

// Write takes the block and returns another.
func (c *lru) Write(address uint64, block []byte) []byte {
	c.reads.overtake(address)
	return c.put(address, block)
}

func (c *lru) reset() {
	clear(c.entries)
	c.list[0].next, c.list[0].last, c.free = 0, 0, 1
}
