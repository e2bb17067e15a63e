package ids

import (
	"encoding/binary"
	"slices"
	"sort"
)

const (
	entryBytes   = 128 // as large as a transfer: key, value, and what a record has besides
	tableEntries = 256
	blockEntries = 4096 / entryBytes
)

// entry is one record as it is stored: 8 bytes of key, the value big-endian, and
// the rest, which is carried along.
type entry []byte

func (e entry) order() uint64 { return order(e) }
func (e entry) value() uint64 { return binary.BigEndian.Uint64(e[keyBytes:]) }

// table is up to 256 entries in key order.
type table struct {
	number      uint64
	bytes       []byte
	first, last uint64 // keys, as they compare
}

func (t *table) len() int       { return len(t.bytes) / entryBytes }
func (t *table) at(i int) entry { return entry(t.bytes[i*entryBytes:][:entryBytes]) }
func (t *table) seal()          { t.first, t.last = t.at(0).order(), t.at(t.len()-1).order() }
func (t *table) full() bool     { return len(t.bytes) == tableEntries*entryBytes }
func (t *table) add(e entry)    { t.bytes = append(t.bytes, e...) }

// find returns the place of a key.
func (t *table) find(k uint64) (at int, ok bool) {
	low, high := 0, t.len()
	for low < high {
		middle := int(uint(low+high) / 2)
		if t.at(middle).order() < k {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, low < t.len() && t.at(low).order() == k
}

// level is tables without overlap, in key order.
type level []*table

// overlap returns which tables of the level share keys with a range.
func (l level) overlap(first, last uint64) (from, to int) {
	from = sort.Search(len(l), func(i int) bool { return l[i].last >= first })
	to = from
	for to < len(l) && l[to].first <= last {
		to++
	}
	return from, to
}

// replace puts tables in the place of those from one to another.
func (l *level) replace(from, to int, by []*table) { *l = slices.Replace(*l, from, to, by...) }
