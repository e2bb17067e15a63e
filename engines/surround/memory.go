package surround

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// memory is a history in memory: it is gone with the process, so a client keeps
// one of the others beneath it and fills it from there. S is what a validator's
// history is searched in. A reader takes the last S published and never waits;
// the writer makes the next one, which may share what it only appends to.
type memory[S state[S]] struct {
	writing sync.Mutex
	pages   [MaxValidators / pageOf]atomic.Pointer[page[S]] // by validator; made as they come
}

// page is the histories of 1,024 validators who are numbered in a row. Fixed in
// place and size, it is two loads from a validator to his history.
type page[S state[S]] [pageOf]atomic.Pointer[S]

const pageOf = 1 << 10

// state is one validator's history, a value that never changes once others can
// see it. The zero value is empty. How it is searched is not among its methods:
// a call through a type parameter is made by way of a table and takes a copy of
// the value, which is more than the search itself.
type state[S any] interface {
	// append returns the history with votes behind it, which are checked and in
	// order. It fails where S cannot hold them.
	append(votes []Vote) (S, error)
	// last is the latest vote, if there is one.
	last() (Vote, bool)
	bytes() int64
}

// of returns a validator's history, nil where he has none.
func (m *memory[S]) of(validator uint32) *S {
	if validator >= MaxValidators {
		return nil
	}
	if p := m.pages[validator/pageOf].Load(); p != nil {
		return p[validator%pageOf].Load()
	}
	return nil
}

// draft is the histories that a batch makes, not yet to be seen.
type draft[S state[S]] struct {
	index      map[uint32]int
	validators []uint32
	states     []S
}

// Append makes the new histories first and shows them afterwards, so that a
// batch that fails leaves nothing behind. Records of a validator that stand
// together are appended together.
func (m *memory[S]) Append(records []Record, _ bool) error {
	m.writing.Lock()
	defer m.writing.Unlock()
	d := draft[S]{index: make(map[uint32]int)}
	var votes []Vote
	for from := 0; from < len(records); {
		s := m.begin(&d, records[from].Validator)
		last, some := (*s).last()
		to := from
		for votes = votes[:0]; to < len(records) && records[to].Validator == records[from].Validator; to++ {
			r := records[to]
			err := r.check()
			if err == nil && some {
				err = r.Vote.follows(last)
			}
			if err != nil {
				return r.wrong(to, err)
			}
			votes = append(votes, r.Vote)
			last, some = r.Vote, true
		}
		next, err := (*s).append(votes)
		if err != nil {
			return records[from].wrong(from, err)
		}
		*s, from = next, to
	}
	m.publish(&d)
	return nil
}

// begin returns a validator's history in the draft, as it is so far. The
// pointer is valid until the next call.
func (m *memory[S]) begin(d *draft[S], validator uint32) *S {
	i, seen := d.index[validator]
	if !seen {
		i = len(d.states)
		d.index[validator] = i
		var s S
		if old := m.of(validator); old != nil {
			s = *old
		}
		d.validators, d.states = append(d.validators, validator), append(d.states, s)
	}
	return &d.states[i]
}

// publish shows the new histories to readers.
func (m *memory[S]) publish(d *draft[S]) {
	for i, validator := range d.validators {
		at := &m.pages[validator/pageOf]
		if at.Load() == nil {
			at.Store(new(page[S]))
		}
		s := d.states[i]
		at.Load()[validator%pageOf].Store(&s)
	}
}

func (m *memory[S]) Bytes() (n int64, err error) {
	for i := range m.pages {
		p := m.pages[i].Load()
		for j := 0; p != nil && j < pageOf; j++ {
			if s := p[j].Load(); s != nil {
				n += (*s).bytes()
			}
		}
	}
	return n, nil
}

func (m *memory[S]) Written() int64 { return 0 }
func (m *memory[S]) Close() error   { return nil }

// wide words a history that a variant cannot hold.
func wide(what string, n, most uint64) error {
	return fmt.Errorf("%w: %s of %d epochs, this variant holds %d; search holds any", errWide, what, n, most)
}
