package tree

import (
	"bytes"

	"assay/engines/lsm/internal/keys"
	"assay/engines/lsm/part"
)

// source is a cursor at an entry. Its age breaks ties: the newest table has 0.
type source struct {
	part.Entry
	from part.Cursor
	head uint64 // the key's first bytes: decides most comparisons without a memory access
	age  int
}

func (s *source) before(o *source) bool {
	if s.head != o.head {
		return s.head < o.head
	}
	if c := bytes.Compare(s.Key, o.Key); c != 0 {
		return c < 0
	}
	return s.age < o.age
}

// merge is a binary heap of cursors; it visits every key once, as the newest
// source has it. A heap, not a sorted list of all entries: the memory is one
// entry for each table, whatever their size.
type merge struct {
	heap []*source
	last []byte // the key visited last
}

// newMerge merges cursors, the newest first.
func newMerge(cursors []part.Cursor) (*merge, error) {
	m := &merge{}
	for age, c := range cursors {
		s := &source{from: c, age: age}
		more, err := s.advance()
		if err != nil {
			return nil, err
		}
		if more {
			m.heap = append(m.heap, s)
		}
	}
	for i := len(m.heap)/2 - 1; i >= 0; i-- {
		m.sink(i)
	}
	return m, nil
}

// advance moves a source on. Keys are not empty, so the head of a shorter key
// filled up with zeros still orders it right, up to a tie that whole keys break.
func (s *source) advance() (bool, error) {
	more, err := s.from.Next(&s.Entry)
	if more {
		s.head = keys.Head(s.Key)
	}
	return more, err
}

// Next visits the next key, deleted ones included.
func (m *merge) Next(e *part.Entry) (bool, error) {
	for started := m.last != nil; len(m.heap) > 0; {
		if started {
			if err := m.step(); err != nil {
				return false, err
			}
			if len(m.heap) == 0 {
				break
			}
		}
		top := m.heap[0]
		if started && bytes.Equal(top.Key, m.last) {
			continue // an older entry of the key just visited
		}
		m.last = append(m.last[:0], top.Key...)
		*e = top.Entry
		return true, nil
	}
	return false, nil
}

// step takes the entry at the top away.
func (m *merge) step() error {
	top := m.heap[0]
	more, err := top.advance()
	if err != nil {
		return err
	}
	if !more {
		last := len(m.heap) - 1
		m.heap[0], m.heap = m.heap[last], m.heap[:last]
	}
	m.sink(0)
	return nil
}

func (m *merge) sink(i int) {
	for {
		child := 2*i + 1
		if child >= len(m.heap) {
			return
		}
		if other := child + 1; other < len(m.heap) && m.heap[other].before(m.heap[child]) {
			child = other
		}
		if !m.heap[child].before(m.heap[i]) {
			return
		}
		m.heap[i], m.heap[child] = m.heap[child], m.heap[i]
		i = child
	}
}

// living leaves the deleted out.
type living struct{ from part.Cursor }

func (l *living) Next(e *part.Entry) (bool, error) {
	for {
		more, err := l.from.Next(e)
		if !more || err != nil || !e.Deleted {
			return more, err
		}
	}
}

// Scan visits all entries in key order until yield returns false. The slices
// are valid until yield returns. Nothing may be written while it runs.
func (t *Tree) Scan(yield func(key, value []byte) bool) error {
	if t.closed {
		return errClosed
	}
	cursors := []part.Cursor{t.active.Cursor()}
	for i := len(t.frozen) - 1; i >= 0; i-- {
		cursors = append(cursors, t.frozen[i].Cursor())
	}
	for _, table := range t.tables {
		cursors = append(cursors, table.Cursor())
	}
	m, err := newMerge(cursors)
	if err != nil {
		return err
	}
	all := living{m}
	var e part.Entry
	for {
		more, err := all.Next(&e)
		if err != nil || !more || !yield(e.Key, e.Value) {
			return err
		}
	}
}
