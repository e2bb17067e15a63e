// Package memtable has the two memtables: the published kind, a skip list kept
// in order by every put, and a hash table over one arena that is put in order
// once, when it is flushed.
package memtable

import (
	"bytes"
	"math/bits"
	"math/rand/v2"

	"assay/engines/lsm/part"
)

// perEntry is what the published store counts for each entry beside its bytes.
const perEntry = 64

const maxHeight = 16

// skipList is Pugh's ("Skip lists: a probabilistic alternative to balanced
// trees", 1990), with one promotion in four.
type skipList struct {
	head  node
	rng   *rand.PCG
	size  int
	count int
}

type node struct {
	entry part.Entry
	next  []*node
}

// SkipList returns an empty skip list; the seed decides the heights of its nodes.
func SkipList(seed uint64) part.Memtable {
	return &skipList{head: node{next: make([]*node, maxHeight)}, rng: rand.NewPCG(seed, 0x736b6970)}
}

// seek fills before with the last node of each level whose key is below key and
// returns the first that is not.
func (s *skipList) seek(key []byte, before *[maxHeight]*node) *node {
	at := &s.head
	for level := maxHeight - 1; level >= 0; level-- {
		for n := at.next[level]; n != nil && bytes.Compare(n.entry.Key, key) < 0; n = at.next[level] {
			at = n
		}
		before[level] = at
	}
	return at.next[0]
}

func (s *skipList) Set(e part.Entry, _ uint64) {
	var before [maxHeight]*node
	value := append([]byte(nil), e.Value...)
	if n := s.seek(e.Key, &before); n != nil && bytes.Equal(n.entry.Key, e.Key) {
		s.size += len(value) - len(n.entry.Value)
		n.entry.Value, n.entry.Deleted = value, e.Deleted
		return
	}
	height := min(maxHeight, 1+bits.TrailingZeros64(s.rng.Uint64())/2)
	n := &node{
		entry: part.Entry{Key: append([]byte(nil), e.Key...), Value: value, Deleted: e.Deleted},
		next:  make([]*node, height),
	}
	for level := range n.next {
		n.next[level], before[level].next[level] = before[level].next[level], n
	}
	s.size += len(e.Key) + len(value) + perEntry
	s.count++
}

func (s *skipList) Get(key []byte, _ uint64) ([]byte, part.State) {
	var before [maxHeight]*node
	n := s.seek(key, &before)
	if n == nil || !bytes.Equal(n.entry.Key, key) {
		return nil, part.Unknown
	}
	return n.entry.Value, state(n.entry.Deleted)
}

func state(deleted bool) part.State {
	if deleted {
		return part.Dead
	}
	return part.Live
}

func (s *skipList) Size() int           { return s.size }
func (s *skipList) Len() int            { return s.count }
func (s *skipList) Cursor() part.Cursor { return &walk{s.head.next[0]} }

type walk struct{ at *node }

func (w *walk) Next(e *part.Entry) (bool, error) {
	if w.at == nil {
		return false, nil
	}
	*e, w.at = w.at.entry, w.at.next[0]
	return true, nil
}
