package blockcache

import "assay/runner/lab"

// swap takes the blocks out of the entries. A read goes to a spare block, and
// nothing is evicted for it until it is complete; then the two blocks change
// places. A written block changes places as well, and is not copied.
type swap struct {
	geometry
	sets      []set
	addresses []uint64
	blocks    [][]byte // of each way
	reads     reads
}

func newSwap(env *lab.Env) (Cache, error) { return makeSwap(geometryOf(env)), nil }

func makeSwap(g geometry) *swap {
	n := g.sets * ways
	return &swap{g, make([]set, g.sets), make([]uint64, n), blocksOf(n, g.size), newReads(g.size)}
}

// blocksOf cuts one piece of memory into blocks.
func blocksOf(n, size int) [][]byte {
	slab, blocks := make([]byte, n*size), make([][]byte, n)
	for i := range blocks {
		blocks[i] = slab[i*size:][:size:size]
	}
	return blocks
}

// Get is as [Cache] says.
func (c *swap) Get(address uint64) ([]byte, bool) {
	s, slot, ok := find(c.sets, c.addresses, c.geometry, address)
	if !ok {
		return nil, false
	}
	s.touch(slot % ways)
	return c.blocks[slot], true
}

// Begin is as [Cache] says.
func (c *swap) Begin(address uint64) (Read, bool) {
	if _, _, ok := find(c.sets, c.addresses, c.geometry, address); ok {
		return Read{}, false
	}
	return c.reads.begin(address)
}

// End is as [Cache] says. The address has no way yet: Begin saw to that, and a
// write since would have overtaken the read.
func (c *swap) End(r Read) {
	if c.reads.end(r) {
		slot, _ := take(c.sets, c.addresses, c.geometry, r.Address) // nothing is ever locked
		c.reads.give(c.blocks[slot])
		c.blocks[slot] = r.Block
	}
}

// Write takes the block and returns the one it replaces.
func (c *swap) Write(address uint64, block []byte) (old []byte) {
	c.reads.overtake(address)
	_, slot, ok := find(c.sets, c.addresses, c.geometry, address)
	if !ok {
		slot, _ = take(c.sets, c.addresses, c.geometry, address)
	}
	old, c.blocks[slot] = c.blocks[slot], block
	return old
}

func (c *swap) reset() { clear(c.sets) }
