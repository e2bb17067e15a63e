package flush

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/cespare/xxhash/v2"

	"assay/runner/lab"
	"assay/workloads"
)

// pair is an entry to flush.
type pair struct{ key, value []byte }

// memtable returns the loaded records in key order, each key once.
func memtable(d *workloads.Data) []pair {
	pairs := make([]pair, 0, len(d.Entries))
	var arena []byte
	for _, e := range d.Entries {
		start := len(arena)
		arena = d.AppendKey(arena, e)
		middle := len(arena)
		arena = d.AppendValue(arena, e)
		pairs = append(pairs, pair{arena[start:middle:middle], arena[middle:len(arena):len(arena)]})
	}
	return sorted(pairs)
}

// sorted puts pairs in key order and drops all but the first of a key.
func sorted(pairs []pair) []pair {
	slices.SortStableFunc(pairs, func(a, b pair) int { return bytes.Compare(a.key, b.key) })
	return slices.CompactFunc(pairs, func(a, b pair) bool { return bytes.Equal(a.key, b.key) })
}

// shift flushes tables into one folder.
type shift struct {
	dir    string
	writer Writer
	pairs  []pair
	at     int // next pair

	tables int // made so far; table n is in file n
	kept   int // the oldest not yet removed
}

func newShift(t *lab.T, w Writer) *shift {
	return &shift{dir: t.Dir, writer: w, pairs: memtable(t.Data)}
}

// next returns up to n consecutive pairs, from the start again where the end is near.
func (s *shift) next(n int) []pair {
	n = min(n, len(s.pairs))
	if s.at+n > len(s.pairs) {
		s.at = 0
	}
	s.at += n
	return s.pairs[s.at-n : s.at]
}

func (s *shift) path(table int) string { return filepath.Join(s.dir, fmt.Sprintf("table%d", table)) }

// flush writes one table and leaves the file open.
func (s *shift) flush(pairs []pair) (*File, error) {
	f, err := Create(s.path(s.tables))
	if err != nil {
		return nil, err
	}
	s.tables++
	err = s.writer.Begin(f)
	for i := 0; err == nil && i < len(pairs); i++ {
		err = s.writer.Append(pairs[i].key, pairs[i].value)
	}
	if err == nil {
		err = s.writer.Finish()
	}
	if err != nil {
		f.Close() //nolint:errcheck // the first error is the one to tell
		return nil, fmt.Errorf("table %s: %w", f.file.Name(), err)
	}
	return f, nil
}

// clean removes all tables, outside the clock: the next slice finds the folder,
// and the page cache, as the first one did.
func (s *shift) clean([]workloads.Entry) {
	for ; s.kept < s.tables; s.kept++ {
		os.Remove(s.path(s.kept)) //nolint:errcheck // what stays goes with the folder
	}
}

// answer folds what the last table holds, in the plain format.
func (s *shift) answer(t *lab.T) error {
	b, err := os.ReadFile(s.path(s.tables - 1))
	if err != nil {
		return err
	}
	if d, ok := s.writer.(Decoder); ok {
		if b, err = d.Plain(b); err != nil {
			return err
		}
	}
	t.Fold(xxhash.Sum64(b))
	return nil
}

// run flushes as many entries as a batch has, in tables of as many as are
// loaded. The batch itself is not used: a memtable is sorted, draws are not.
func run(t *lab.T, w Writer) error {
	s := newShift(t, w)
	t.Prepare(s.clean)
	for batch := range t.Batches {
		for left := len(batch); left > 0; {
			pairs := s.next(left)
			left -= len(pairs)
			f, err := s.flush(pairs)
			if err != nil {
				return err
			}
			if err := f.Close(); err != nil {
				return err
			}
			s.report(t, f, len(pairs))
			if t.Answering() {
				if err := s.answer(t); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// runSync writes a table outside the clock and times what is left to do until
// it is on the disk. A file system that keeps nothing back, or memory, makes
// this so short that several batches fit in a slice: those after the first find
// nothing to do, as they should.
func runSync(t *lab.T, w Writer) error {
	s := newShift(t, w)
	var f *File
	var failed error
	written := 0
	t.Prepare(func(pool []workloads.Entry) {
		if f != nil {
			failed = f.Close()
		}
		s.clean(nil)
		pairs := s.next(t.Length())
		written = len(pairs)
		if failed == nil {
			f, failed = s.flush(pairs)
		}
	})
	for range t.Batches {
		if failed != nil {
			return failed
		}
		if err := f.Sync(); err != nil {
			return err
		}
		s.report(t, f, written)
		if t.Answering() {
			if err := s.answer(t); err != nil {
				return err
			}
		}
	}
	if f == nil {
		return failed
	}
	return f.Close()
}

// report gives the exact units of one table.
func (s *shift) report(t *lab.T, f *File, entries int) {
	if !t.Counting() || f.Bytes() == 0 {
		return
	}
	t.Report(writesPerEntry, float64(f.Calls())/float64(entries))
	t.Report(bytesPerEntry, float64(f.Bytes())/float64(entries))
}
