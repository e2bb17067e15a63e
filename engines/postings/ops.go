package postings

import (
	"errors"
	"math/bits"

	"assay/runner/lab"
	"assay/workloads"
)

// load builds the list of the whole population and says how dense it is.
func load(t *lab.T, l List) ([]uint64, error) {
	ids, err := idsOf(&t.Env)
	if err != nil {
		return nil, err
	}
	if err := l.Build(ids); err != nil {
		return nil, err
	}
	density(t, l)
	return ids, nil
}

// density reports bytes per id.
func density(t *lab.T, l List) {
	if c := l.Cost(); t.Counting() && c.IDs > 0 {
		t.Report(bytesPerEntry, float64(c.Bytes)/float64(c.IDs))
	}
}

// reader hands out ids, as many as asked for, from the start again after the end.
type reader struct {
	list   List
	cursor Cursor
	rest   []uint64
}

// sum adds up the next n ids. The plain sum costs a third of a nanosecond each;
// it stands for whatever is done with an id.
func (r *reader) sum(n int) (uint64, error) {
	sum := uint64(0)
	for n > 0 {
		if len(r.rest) == 0 {
			if r.cursor != nil {
				r.rest = r.cursor.Next()
			}
			if len(r.rest) == 0 {
				r.cursor = r.list.Cursor()
				if r.rest = r.cursor.Next(); len(r.rest) == 0 {
					return 0, errors.New("an empty list cannot be scanned")
				}
			}
		}
		take := r.rest[:min(n, len(r.rest))]
		for _, id := range take {
			sum += id
		}
		r.rest, n = r.rest[len(take):], n-len(take)
	}
	return sum, nil
}

// build builds lists of what is loaded until a batch is used up; the entries of
// the batch themselves are not used: a list is sorted, draws are not.
func build(t *lab.T, l List) error {
	ids, err := load(t, l)
	if err != nil {
		return err
	}
	for batch := range t.Batches {
		for left := len(batch); left > 0; {
			n := min(left, len(ids))
			if err := l.Build(ids[:n]); err != nil {
				return err
			}
			left -= n
		}
		answer(t, l)
	}
	return nil
}

// answer folds the content, where answers are compared.
func answer(t *lab.T, l List) {
	if !t.Answering() {
		return
	}
	all, n := uint64(0), uint64(0)
	c := l.Cursor()
	for ids := c.Next(); len(ids) > 0; ids = c.Next() {
		for _, id := range ids {
			all = bits.RotateLeft64(all, 7) ^ id
			n++
		}
	}
	t.Fold(all)
	t.Fold(n)
}

// scan reads the list from end to end, an operation an id.
func scan(t *lab.T, l List) error {
	if _, err := load(t, l); err != nil {
		return err
	}
	r := &reader{list: l}
	for batch := range t.Batches {
		sum, err := r.sum(len(batch))
		if err != nil {
			return err
		}
		t.Fold(sum)
	}
	return nil
}

// aim turns drawn entries into what to look for: their ids, and in every other
// place the number above, which is mostly in no list.
func aim(t *lab.T) {
	env := &t.Env
	t.Prepare(func(pool []workloads.Entry) {
		for i := range pool {
			id, err := idOf(env, pool[i])
			if err != nil {
				panic(err) // load has been through all of them
			}
			pool[i].Key = id + uint64(i&1)
		}
	})
}

// seek finds the first id at or above one, anywhere.
func seek(t *lab.T, l List) error {
	if _, err := load(t, l); err != nil {
		return err
	}
	aim(t)
	c := l.Cursor()
	for batch := range t.Batches {
		sum := uint64(0)
		for i := range batch {
			if id, ok := c.Seek(batch[i].Key); ok {
				sum += id
			}
		}
		t.Fold(sum)
	}
	return nil
}

// shareOf is how many ids of the list fall on one of the shorter list.
const shareOf = 16

// intersect counts what a sixteenth as many ids have in common with the list:
// every other one is an id of the list, the others are the numbers above such.
func intersect(t *lab.T, l List) error {
	ids, err := load(t, l)
	if err != nil {
		return err
	}
	var short []uint64
	for i := 0; i < len(ids); i += shareOf {
		short = append(short, ids[i]+uint64(i/shareOf&1))
	}
	c, at := l.Cursor(), 0
	for batch := range t.Batches {
		common := uint64(0)
		for left := len(batch); left > 0; {
			take := short[at:min(at+left, len(short))]
			for _, want := range take {
				if id, ok := c.Seek(want); ok && id == want {
					common++
				}
			}
			left -= len(take)
			if at += len(take); at == len(short) {
				at = 0
			}
		}
		t.Fold(common)
	}
	return nil
}

// shift is the changes of one slice of an insert operation.
type shift struct {
	list    List
	changes []Change
	at      int
	done    int // compressions so far
}

// begin makes the list as it was loaded before each slice and turns the drawn
// entries into changes.
func begin(t *lab.T, l List, change func(f fresh, i int, id uint64) Change) (*shift, error) {
	ids, err := idsOf(&t.Env)
	if err != nil {
		return nil, err
	}
	if err := l.Build(ids); err != nil {
		return nil, err
	}
	s := &shift{list: l}
	env := &t.Env
	t.Prepare(func(pool []workloads.Entry) {
		if err := l.Build(ids); err != nil {
			panic(err) // it was built before
		}
		free := newFresh(env, ids)
		s.changes, s.at, s.done = s.changes[:0], 0, 0
		for i, e := range pool {
			id, err := idOf(env, e)
			if err != nil {
				panic(err) // load has been through all of them
			}
			s.changes = append(s.changes, change(free, i, id))
		}
	})
	return s, nil
}

// apply makes the next n changes in one transaction.
func (s *shift) apply(n int) error {
	if s.at+n > len(s.changes) {
		s.at = 0
	}
	s.at += n
	return s.list.Apply(s.changes[s.at-n : s.at])
}

// report counts compressions, and what the list believes to hold against what it does.
func (s *shift) report(t *lab.T, n int) {
	c := s.list.Cost()
	if !t.Counting() || c.IDs == 0 {
		return
	}
	t.Report(compressions, float64(c.Compressions-s.done)/float64(n))
	s.done = c.Compressions
	held := 0
	cursor := s.list.Cursor()
	for ids := cursor.Next(); len(ids) > 0; ids = cursor.Next() {
		held += len(ids)
	}
	t.Report(countError, float64(s.list.Count()-held)/float64(held))
}

// insert adds ids that are not in the list, a batch a transaction.
func insert(t *lab.T, l List) error {
	return transact(t, l, func(f fresh, _ int, id uint64) Change { return Change{ID: f.next(id)} })
}

// churn adds new ids, adds some that are there and removes some.
func churn(t *lab.T, l List) error {
	return transact(t, l, func(f fresh, i int, id uint64) Change {
		switch i % 4 {
		case 0:
			return Change{ID: id}
		case 1:
			return Change{ID: id, Remove: true}
		}
		return Change{ID: f.next(id)}
	})
}

func transact(t *lab.T, l List, change func(f fresh, i int, id uint64) Change) error {
	s, err := begin(t, l, change)
	if err != nil {
		return err
	}
	for batch := range t.Batches {
		if err := s.apply(len(batch)); err != nil {
			return err
		}
		answer(t, l)
		s.report(t, len(batch))
	}
	return nil
}
