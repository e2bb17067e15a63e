package tombstone

import "fmt"

// beat is how many puts and removes a memtable takes. It counts what was asked
// and not what is left of it, as a store does that flushes on a beat: under a
// policy that cancels, two accounts would otherwise never fill a table.
const beat = 32_768

// store is what the policies share: a memtable in front of tables.
type store struct {
	mem     memtable
	taken   int     // puts and removes since the last flush
	tables  []table // newest first
	filters bool    // the policy asks tables for keys
	counts  Counts
}

// take counts a put or remove that was done.
func (s *store) take() error {
	if s.taken++; s.taken < beat {
		return nil
	}
	return s.Flush()
}

// Flush writes the memtable as a table of its own, if anything is left in it.
func (s *store) Flush() error {
	s.taken = 0
	all := s.mem.drain()
	if len(all) == 0 {
		return nil
	}
	b := make([]byte, 0, len(all)*entryBytes)
	for i := range all {
		row := all[i].row
		if all[i].state == removed {
			row = removedBit
		}
		b = appendEntry(b, all[i].Key, row)
	}
	s.tables = append([]table{s.table(b)}, s.tables...)
	s.counts.Tables++
	s.counts.Flushed += len(all)
	s.counts.Written += len(all)
	return nil
}

func (s *store) table(b []byte) table {
	t := table{bytes: b}
	if s.filters {
		return t.withFilter()
	}
	return t
}

// Get is as [Index] says.
func (s *store) Get(k Key) (row uint64, ok bool, err error) {
	switch found := s.mem.find(k); found.state {
	case put, putOver:
		return found.row, true, nil
	case removed:
		return 0, false, nil
	}
	row, ok = s.flushed(k)
	return row, ok, nil
}

// flushed looks a key up in the tables alone.
func (s *store) flushed(k Key) (row uint64, live bool) {
	p := probeOf(k)
	for i := range s.tables {
		t := &s.tables[i]
		if t.filter != nil && !t.mayHold(p) {
			continue
		}
		if row, ok := t.get(k); ok {
			if row&removedBit != 0 {
				return 0, false
			}
			return row, true
		}
	}
	return 0, false
}

// Scan is as [Index] says. It flushes first: what is in the memtable has no order.
func (s *store) Scan(yield func(Key, uint64) bool) error {
	if err := s.Flush(); err != nil {
		return err
	}
	t, err := s.merged()
	if err != nil {
		return fmt.Errorf("scan: %w", err)
	}
	for i := range t.len() {
		if row := t.row(i); row&removedBit == 0 && !yield(t.key(i), row) {
			break
		}
	}
	return nil
}

// Compact is as [Compacter] says. It leaves the memtable alone.
func (s *store) Compact() error {
	t, err := s.merged()
	if err != nil {
		return fmt.Errorf("compaction: %w", err)
	}
	s.counts.Written += t.len()
	s.tables = append(s.tables[:0], s.table(t.bytes))
	return nil
}

// merged is all tables in one, without tombstones: neighbours in age are merged
// until one is left.
func (s *store) merged() (table, error) {
	left := append([]table{}, s.tables...)
	if len(left) < 2 { // the bottom drops tombstones, so one table is merged as well
		left = append(left, make([]table, 2-len(left))...)
	}
	for len(left) > 1 {
		bottom := len(left) == 2
		kept := 0
		for i := 0; i < len(left); i += 2 {
			t := left[i]
			if i+1 < len(left) {
				newer, older := left[i], left[i+1]
				s.counts.Visited += newer.len() + older.len()
				out, err := merge(make([]byte, 0, len(newer.bytes)+len(older.bytes)), newer, older, bottom)
				if err != nil {
					return table{}, err
				}
				t = table{bytes: out}
			}
			left[kept] = t
			kept++
		}
		left = left[:kept]
	}
	return left[0], nil
}

// Counts is as [Counter] says.
func (s *store) Counts() Counts {
	c := s.counts
	c.Open = len(s.tables)
	return c
}

// reset forgets everything.
func (s *store) reset() { *s = store{filters: s.filters, mem: s.mem, counts: s.counts}; s.mem.drain() }
