package postings

import (
	"slices"

	"assay/runner/lab"
)

// model is the obviously right list: a sorted slice.
type model struct{ ids []uint64 }

func newModel(*lab.Env) (List, error) { return &model{}, nil }

func (m *model) Build(ids []uint64) error {
	m.ids = slices.Clone(ids)
	return nil
}

func (m *model) Apply(changes []Change) error {
	for _, c := range changes {
		at, have := slices.BinarySearch(m.ids, c.ID)
		switch {
		case c.Remove && have:
			m.ids = slices.Delete(m.ids, at, at+1)
		case !c.Remove && !have:
			m.ids = slices.Insert(m.ids, at, c.ID)
		}
	}
	return nil
}

func (m *model) Cursor() Cursor { return &slice{all: m.ids, rest: m.ids} }
func (m *model) Count() int     { return len(m.ids) }
func (m *model) Cost() Cost     { return Cost{} }

// slice is the model's cursor, one id at a time.
type slice struct{ all, rest []uint64 }

func (s *slice) Next() []uint64 {
	n := min(1, len(s.rest))
	next := s.rest[:n]
	s.rest = s.rest[n:]
	return next
}

func (s *slice) Seek(id uint64) (uint64, bool) {
	at, _ := slices.BinarySearch(s.all, id)
	if s.rest = s.all[at:]; len(s.rest) == 0 {
		return 0, false
	}
	return s.rest[0], true
}

// null keeps the ids it is built from and hands them out: what is left is the loop.
type null struct{ ids []uint64 }

func (n *null) Build(ids []uint64) error { n.ids = ids; return nil }
func (*null) Apply([]Change) error       { return nil }
func (n *null) Cursor() Cursor           { return &window{all: n.ids} }
func (*null) Count() int                 { return 0 }
func (*null) Cost() Cost                 { return Cost{} }

// window hands out 256 ids at a time and finds what it is asked for.
type window struct {
	all []uint64
	at  int
}

func (w *window) Next() []uint64 {
	from := w.at
	w.at = min(from+256, len(w.all))
	return w.all[from:w.at]
}

func (*window) Seek(id uint64) (uint64, bool) { return id, true }
