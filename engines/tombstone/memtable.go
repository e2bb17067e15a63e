package tombstone

import "slices"

// The states of a key in the memtable.
const (
	none    = iota
	put     // put, and no older entry that it would have to hide is known
	removed // removed: a tombstone
	putOver // put after a remove that hides an older entry: a remove brings the tombstone back
)

// slot is a place of the hash table.
type slot struct {
	Key
	row   uint64
	state uint64
}

// memtable is a hash table with linear probing that grows with what it holds
// and closes the gaps of what it forgets (Knuth, The Art of Computer Programming
// 3, 6.4, algorithm R): where puts and removes cancel, it stays as small as what
// is left. A table of full size from the start was rejected: each new key would
// touch a cold line of it, and cancelling would save nothing but the flush.
type memtable struct {
	slots  []slot // a power of two
	used   int
	sorted []slot // the last flush, kept for its memory
}

const smallest = 16

// hash mixes both halves into all bits: two rounds of multiply and shift, as in
// the finalizer of MurmurHash3. The table uses the low ones, filters all.
func hash(k Key) uint64 {
	h := (k.Balance ^ k.ID*0x9e3779b97f4a7c15) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// find is the place of a key, or where it would go.
func (m *memtable) find(k Key) *slot {
	if len(m.slots) == 0 {
		m.slots = make([]slot, smallest)
	}
	mask := uint64(len(m.slots) - 1)
	for i := hash(k) & mask; ; i = (i + 1) & mask {
		if s := &m.slots[i]; s.state == none || s.Key == k {
			return s
		}
	}
}

// set stores a state in the place that find gave.
func (m *memtable) set(s *slot, k Key, row, state uint64) {
	if s.state == none {
		if m.used++; 2*m.used > len(m.slots) {
			m.grow()
			s = m.find(k)
		}
	}
	*s = slot{k, row, state}
}

func (m *memtable) grow() {
	old := m.slots
	m.slots = make([]slot, 2*len(old))
	for i := range old {
		if old[i].state != none {
			*m.find(old[i].Key) = old[i]
		}
	}
}

// forget empties the place that find gave, and moves what was pushed past it.
func (m *memtable) forget(s *slot) {
	mask := uint64(len(m.slots) - 1)
	hole := hash(s.Key) & mask
	for m.slots[hole].Key != s.Key || m.slots[hole].state == none {
		hole = (hole + 1) & mask
	}
	m.used--
	m.slots[hole] = slot{}
	for i := (hole + 1) & mask; m.slots[i].state != none; i = (i + 1) & mask {
		home := hash(m.slots[i].Key) & mask
		if (i-home)&mask >= (i-hole)&mask { // the hole lies between its home and where it is
			m.slots[hole], m.slots[i] = m.slots[i], slot{}
			hole = i
		}
	}
}

// drain returns everything in key order and empties the table. What it returns
// is valid until the next call.
func (m *memtable) drain() []slot {
	m.sorted = m.sorted[:0]
	for i := range m.slots {
		if m.slots[i].state != none {
			m.sorted = append(m.sorted, m.slots[i])
		}
	}
	clear(m.slots)
	m.used = 0
	slices.SortFunc(m.sorted, func(a, b slot) int { return a.compare(b.Key) })
	return m.sorted
}
