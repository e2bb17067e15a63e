package tombstone

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// entryBytes is the size of an entry: balance, id, and row with the tombstone in
// its top bit. All are big-endian, so that bytes compare as the numbers do.
const entryBytes = 24

// table is a sorted run of entries, and a filter of its keys where the policy
// asks tables for keys.
type table struct {
	bytes  []byte
	filter []uint64 // a word for every four keys, four bits of it for each; nil without
}

func appendEntry(b []byte, k Key, row uint64) []byte {
	b = binary.BigEndian.AppendUint64(b, k.Balance)
	b = binary.BigEndian.AppendUint64(b, k.ID)
	return binary.BigEndian.AppendUint64(b, row)
}

func (t table) len() int { return len(t.bytes) / entryBytes }

func (t table) key(i int) Key {
	b := t.bytes[i*entryBytes:][:16]
	return Key{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}

func (t table) row(i int) uint64 { return binary.BigEndian.Uint64(t.bytes[i*entryBytes+16:]) }

// get looks a key up; row may be a tombstone.
func (t *table) get(k Key) (row uint64, ok bool) {
	low, high := 0, t.len()
	for low < high {
		middle := int(uint(low+high) / 2)
		switch c := t.key(middle).compare(k); {
		case c == 0:
			return t.row(middle), true
		case c < 0:
			low = middle + 1
		default:
			high = middle
		}
	}
	return 0, false
}

// withFilter adds a filter: four bits in one word, found by one hash.
func (t table) withFilter() table {
	t.filter = make([]uint64, t.len()/4+1)
	for i := range t.len() {
		p := probeOf(t.key(i))
		t.filter[t.word(p)] |= p.bits
	}
	return t
}

// probe is what filters need of a key, the same for all of them.
type probe struct{ half, bits uint64 }

// probeOf takes the word from one half of a key's hash, and four bits of the
// word from the other.
func probeOf(k Key) probe {
	h := hash(k)
	return probe{h >> 32, 1<<(h&63) | 1<<(h>>6&63) | 1<<(h>>12&63) | 1<<(h>>18&63)}
}

func (t *table) word(p probe) uint64 { return p.half * uint64(len(t.filter)) >> 32 }

// mayHold is wrong for one absent key in a hundred, and never for one that is there.
func (t *table) mayHold(p probe) bool { return t.filter[t.word(p)]&p.bits == p.bits }

// errDamaged is in the error of entries that no flush wrote.
var errDamaged = errors.New("damaged table")

// cursor walks a table and holds it to its order.
type cursor struct {
	table
	at   int
	k    Key
	row  uint64
	done bool
}

func newCursor(t table) (*cursor, error) {
	if len(t.bytes)%entryBytes != 0 {
		return nil, fmt.Errorf("%w: %d bytes are not a whole number of entries of %d", errDamaged, len(t.bytes), entryBytes)
	}
	c := &cursor{table: t, at: -1}
	return c, c.next()
}

func (c *cursor) next() error {
	c.at++
	if c.done = c.at >= c.len(); c.done {
		return nil
	}
	k := c.key(c.at)
	if c.at > 0 && c.k.compare(k) >= 0 {
		return fmt.Errorf("%w: entry %d, (%d, %d), does not come after (%d, %d)", errDamaged, c.at, k.Balance, k.ID, c.k.Balance, c.k.ID)
	}
	c.k, c.row = k, c.table.row(c.at)
	return nil
}

// compare orders two cursors, of which one at least has not ended.
func (c *cursor) compare(o *cursor) int {
	switch {
	case c.done:
		return 1
	case o.done:
		return -1
	}
	return c.k.compare(o.k)
}

// merge appends the entries of two neighbours in age to out; of one key the
// newer stays. At the bottom nothing is older, and tombstones are left out.
func merge(out []byte, newer, older table, bottom bool) ([]byte, error) {
	a, err := newCursor(newer)
	if err != nil {
		return out, err
	}
	b, err := newCursor(older)
	if err != nil {
		return out, err
	}
	for !a.done || !b.done {
		order := a.compare(b)
		from := b
		if order <= 0 {
			from = a
		}
		if !bottom || from.row&removedBit == 0 {
			out = appendEntry(out, from.k, from.row)
		}
		if order <= 0 {
			err = a.next()
		}
		if err == nil && order >= 0 {
			err = b.next()
		}
		if err != nil {
			return out, err
		}
	}
	return out, nil
}
