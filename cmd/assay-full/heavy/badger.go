package heavy

import (
	"errors"
	"fmt"

	"github.com/dgraph-io/badger/v4"
)

const (
	// leastMemory is the smallest memtable of badger's that still takes
	// transactions of a hundred entries: they are held to 15 % of it.
	leastMemory = 1 << 20
	// apart is the length from which values go to the value log: with memtables
	// as small as these the library's own megabyte would not fit a transaction.
	apart = 64 << 10
	// compactors is as many as the library runs itself.
	compactors = 4
)

// Badger is a badger folder. It logs every write, keeps versions, and compacts
// on goroutines of its own. Puts share transactions as large as it allows, as
// its documentation advises; Get sees those of the open one.
type Badger struct {
	dir    string
	memory int
	db     *badger.DB
	txn    *badger.Txn // open where something was written since the last commit
	given  []byte      // keys and values of the open transaction, which keeps references
}

// OpenBadger opens the store in a folder, with memtables of so many bytes, or
// of a megabyte where that is more.
func OpenBadger(dir string, memory int) (*Badger, error) {
	s := &Badger{dir: dir, memory: max(memory, leastMemory)}
	if err := s.open(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Badger) open() error {
	o := badger.DefaultOptions(s.dir).WithLogger(nil).WithMetricsEnabled(false).WithDetectConflicts(false).
		WithMemTableSize(int64(s.memory)).WithValueThreshold(apart)
	db, err := badger.Open(o)
	if err != nil {
		return fmt.Errorf("%s: badger: %w", s.dir, err)
	}
	s.db = db
	return nil
}

// keep copies bytes into memory that lasts as long as the transaction.
func (s *Badger) keep(b []byte) []byte {
	const page = 64 << 10
	if cap(s.given)-len(s.given) < len(b) {
		s.given = make([]byte, 0, max(page, len(b)))
	}
	from := len(s.given)
	s.given = append(s.given, b...)
	return s.given[from:len(s.given):len(s.given)]
}

// write does something in the open transaction; where that is full, it commits
// and does it in the next.
func (s *Badger) write(do func(*badger.Txn) error) error {
	for again := false; ; again = true {
		if s.txn == nil {
			s.txn = s.db.NewTransaction(true)
		}
		err := do(s.txn)
		if !errors.Is(err, badger.ErrTxnTooBig) || again {
			return err
		}
		if err := s.commit(); err != nil {
			return err
		}
	}
}

func (s *Badger) commit() error {
	if s.txn == nil {
		return nil
	}
	txn := s.txn
	s.txn, s.given = nil, nil
	return txn.Commit()
}

// Put sets the value of a key.
func (s *Badger) Put(key, value []byte) error {
	return s.write(func(t *badger.Txn) error { return t.Set(s.keep(key), s.keep(value)) })
}

// Delete takes a key away.
func (s *Badger) Delete(key []byte) error {
	return s.write(func(t *badger.Txn) error { return t.Delete(s.keep(key)) })
}

// Get appends the value of a key, through the open transaction or one of its own.
func (s *Badger) Get(dst, key []byte) (value []byte, ok bool, err error) {
	txn := s.txn
	if txn == nil {
		txn = s.db.NewTransaction(false)
		defer txn.Discard()
	}
	item, err := txn.Get(key)
	if errors.Is(err, badger.ErrKeyNotFound) {
		return dst, false, nil
	}
	if err != nil {
		return dst, false, err
	}
	err = item.Value(func(v []byte) error {
		value = append(dst, v...)
		return nil
	})
	return value, err == nil, err
}

// Flush opens the store anew, which writes the memtable as a table: the library
// has no other way to ask for it.
func (s *Badger) Flush() error {
	if err := s.Close(); err != nil {
		return err
	}
	return s.open()
}

// Compact brings all tables down to one level.
func (s *Badger) Compact() error {
	if err := s.commit(); err != nil {
		return err
	}
	return s.db.Flatten(compactors)
}

// Scan visits all entries in key order.
func (s *Badger) Scan(yield func(key, value []byte) bool) error {
	if err := s.commit(); err != nil {
		return err
	}
	return s.db.View(func(t *badger.Txn) error {
		it := t.NewIterator(badger.DefaultIteratorOptions)
		defer it.Close()
		for it.Rewind(); it.Valid(); it.Next() {
			item := it.Item()
			more := false
			if err := item.Value(func(v []byte) error { more = yield(item.Key(), v); return nil }); err != nil {
				return err
			}
			if !more {
				break
			}
		}
		return nil
	})
}

// Close commits and closes the store, which writes its memtable.
func (s *Badger) Close() error { return errors.Join(s.commit(), s.db.Close()) }
