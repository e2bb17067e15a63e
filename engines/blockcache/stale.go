package blockcache

import (
	"math/bits"

	"assay/runner/lab"
)

// stale is the cache as found. It keeps no keys: the key of a way is read from
// the block in it, which costs no memory and cannot disagree with the block. But
// a way that is reserved for a read holds the old block until the new one has
// come, and so the old key, under the new tag. The block asked for is not found
// there, and is read a second time into a second way; and where the tags are
// equal, the old block is found that is being overwritten.
//
// It is wrong on purpose, with reads in flight. Without any it is right, and its
// time is that of a correct cache.
type stale struct {
	geometry
	sets   []set
	blocks []byte
}

func newStale(env *lab.Env) (Cache, error) { return makeStale(geometryOf(env)), nil }

func makeStale(g geometry) *stale {
	return &stale{g, make([]set, g.sets), make([]byte, g.sets*ways*g.size)}
}

func (c *stale) block(slot int) []byte { return c.blocks[slot*c.size:][:c.size:c.size] }

// find returns the way whose block says that it is the one.
func (c *stale) find(address uint64) (s *set, slot int, ok bool) {
	at, tag := c.home(address)
	s = &c.sets[at]
	for m := s.match(tag); m != 0; m &= m - 1 {
		slot = at*ways + bits.TrailingZeros16(m)
		if addressOf(c.block(slot)) == address {
			return s, slot, true
		}
	}
	return s, at * ways, false
}

// Get is as [Cache] says.
func (c *stale) Get(address uint64) ([]byte, bool) {
	s, slot, ok := c.find(address)
	if !ok {
		return nil, false
	}
	s.touch(slot % ways)
	return c.block(slot), true
}

// take finds a way for an address.
func (c *stale) take(address uint64) (s *set, slot int, ok bool) {
	at, tag := c.home(address)
	s = &c.sets[at]
	way, ok := s.victim()
	if !ok {
		return nil, 0, false
	}
	s.occupy(way, tag)
	return s, at*ways + way, true
}

// Begin is as [Cache] says, except that it cannot see reads in flight.
func (c *stale) Begin(address uint64) (Read, bool) {
	s, slot, ok := c.take(address)
	if !ok {
		return Read{}, false
	}
	s.locked |= 1 << (slot % ways)
	return Read{address, c.block(slot), slot}, true
}

// End is as [Cache] says.
func (c *stale) End(r Read) { c.sets[r.slot/ways].locked &^= 1 << (r.slot % ways) }

// Write copies the block.
func (c *stale) Write(address uint64, block []byte) []byte {
	_, slot, ok := c.find(address)
	if !ok {
		if _, slot, ok = c.take(address); !ok {
			return block // all sixteen are being read into: it is not kept
		}
	}
	copy(c.block(slot), block)
	return block
}

// mistaken says that answers are wrong on purpose while reads are in flight.
func (*stale) mistaken() bool { return true }

func (c *stale) reset() { clear(c.sets) }
