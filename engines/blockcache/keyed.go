package blockcache

import (
	"math/bits"

	"assay/runner/lab"
)

// keyed writes the key down when it reserves a way. A way that is locked has a
// key and no block yet: it is no hit, and no reason to read again.
type keyed struct {
	geometry
	sets      []set
	addresses []uint64
	blocks    []byte
}

func newKeyed(env *lab.Env) (Cache, error) { return makeKeyed(geometryOf(env)), nil }

func makeKeyed(g geometry) *keyed {
	n := g.sets * ways
	return &keyed{g, make([]set, g.sets), make([]uint64, n), make([]byte, n*g.size)}
}

func (c *keyed) block(slot int) []byte { return c.blocks[slot*c.size:][:c.size:c.size] }

// find returns the way of an address, complete or being read.
func find(sets []set, addresses []uint64, g geometry, address uint64) (s *set, slot int, ok bool) {
	at, tag := g.home(address)
	s = &sets[at]
	for m := s.match(tag); m != 0; m &= m - 1 {
		slot = at*ways + bits.TrailingZeros16(m)
		if addresses[slot] == address {
			return s, slot, true
		}
	}
	return s, at * ways, false
}

// take finds a way for an address that has none, and writes the key down.
func take(sets []set, addresses []uint64, g geometry, address uint64) (slot int, ok bool) {
	at, tag := g.home(address)
	way, ok := sets[at].victim()
	if !ok {
		return 0, false
	}
	sets[at].occupy(way, tag)
	addresses[at*ways+way] = address
	return at*ways + way, true
}

// Get is as [Cache] says.
func (c *keyed) Get(address uint64) ([]byte, bool) {
	s, slot, ok := find(c.sets, c.addresses, c.geometry, address)
	if !ok || s.locked>>(slot%ways)&1 == 1 {
		return nil, false
	}
	s.touch(slot % ways)
	return c.block(slot), true
}

// Begin is as [Cache] says.
func (c *keyed) Begin(address uint64) (Read, bool) {
	s, _, ok := find(c.sets, c.addresses, c.geometry, address)
	if ok {
		return Read{}, false
	}
	slot, ok := take(c.sets, c.addresses, c.geometry, address)
	if !ok {
		return Read{}, false
	}
	s.locked |= 1 << (slot % ways)
	return Read{address, c.block(slot), slot}, true
}

// End is as [Cache] says. A way that was written meanwhile is no longer used,
// only locked, and is free now.
func (c *keyed) End(r Read) { c.sets[r.slot/ways].locked &^= 1 << (r.slot % ways) }

// Write copies the block. A way into which the same address is being read
// cannot take it, since the read would overwrite it: the way is given up, stays
// locked until the read ends, and the block goes to another.
func (c *keyed) Write(address uint64, block []byte) []byte {
	s, slot, ok := find(c.sets, c.addresses, c.geometry, address)
	if ok && s.locked>>(slot%ways)&1 == 1 {
		s.used &^= 1 << (slot % ways)
		ok = false
	}
	if !ok {
		if slot, ok = take(c.sets, c.addresses, c.geometry, address); !ok {
			return block // all sixteen are being read into: it is not kept
		}
	}
	copy(c.block(slot), block)
	return block
}

func (c *keyed) reset() { clear(c.sets) }
