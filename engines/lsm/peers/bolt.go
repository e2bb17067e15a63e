// Package peers opens other people's stores behind the contract of the family.
// Heavy ones (pebble, badger) belong to a nested module, which appends its
// variants to the family's list in a command of its own.
package peers

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
)

const (
	// boltBatch is how many writes share a transaction: one transaction for a
	// million puts costs 98 us for each, ten thousand 1.2.
	boltBatch = 10_000
	boltName  = "bolt.db"
)

var bucket = []byte("lsm")

// Bolt is a bbolt file. It is a B+tree: it has no flush but the end of the open
// transaction, and its compaction is bbolt's own copy into a new file.
type Bolt struct {
	path    string
	db      *bbolt.DB
	tx      *bbolt.Tx // open where something was written since the last commit
	b       *bbolt.Bucket
	pending int
	values  []byte // of the open transaction, to which bbolt keeps references
}

// OpenBolt opens the store in a folder. bbolt has no memtable: memory is ignored.
func OpenBolt(dir string, _ int) (*Bolt, error) {
	s := &Bolt{path: filepath.Join(dir, boltName)}
	if err := s.open(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Bolt) open() error {
	// The shortest wait for the file's lock that bbolt takes: a second handle
	// is refused, not kept waiting.
	db, err := bbolt.Open(s.path, 0o600, &bbolt.Options{Timeout: time.Nanosecond, NoSync: true, NoFreelistSync: true, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return fmt.Errorf("%s: bbolt: %w", s.path, err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(bucket)
		return err
	})
	if err != nil {
		return errors.Join(err, db.Close())
	}
	s.db = db
	return nil
}

// write returns the bucket of the open transaction, beginning one if need be.
func (s *Bolt) write() (*bbolt.Bucket, error) {
	if s.tx == nil {
		tx, err := s.db.Begin(true)
		if err != nil {
			return nil, err
		}
		s.tx, s.b = tx, tx.Bucket(bucket)
	}
	return s.b, nil
}

func (s *Bolt) written(err error) error {
	if s.pending++; err != nil || s.pending < boltBatch {
		return err
	}
	return s.Flush()
}

// Put sets the value of a key.
func (s *Bolt) Put(key, value []byte) error {
	b, err := s.write()
	if err != nil {
		return err
	}
	return s.written(b.Put(key, s.keep(value)))
}

// keep copies a value into memory that lasts as long as its transaction: bbolt
// copies keys, but takes values as they are until it commits.
func (s *Bolt) keep(value []byte) []byte {
	const page = 64 << 10
	if s.values == nil || cap(s.values)-len(s.values) < len(value) { // an empty value must not be nil: that is an absent one
		s.values = make([]byte, 0, max(page, len(value)))
	}
	from := len(s.values)
	s.values = append(s.values, value...)
	return s.values[from:len(s.values):len(s.values)]
}

// Delete takes a key away.
func (s *Bolt) Delete(key []byte) error {
	b, err := s.write()
	if err != nil {
		return err
	}
	return s.written(b.Delete(key))
}

// Get appends the value of a key, through the open transaction or one of its own.
func (s *Bolt) Get(dst, key []byte) (value []byte, ok bool, err error) {
	if s.tx != nil {
		v := s.b.Get(key)
		return append(dst, v...), v != nil, nil
	}
	tx, err := s.db.Begin(false)
	if err != nil {
		return dst, false, err
	}
	v := tx.Bucket(bucket).Get(key)
	dst = append(dst, v...)
	return dst, v != nil, tx.Rollback()
}

// Flush commits the open transaction.
func (s *Bolt) Flush() error {
	if s.tx == nil {
		return nil
	}
	tx := s.tx
	s.tx, s.b, s.pending, s.values = nil, nil, 0, nil
	return tx.Commit()
}

// Compact copies the live pages into a new file and takes that.
func (s *Bolt) Compact() error {
	if err := s.Flush(); err != nil {
		return err
	}
	temporary := s.path + ".new"
	to, err := bbolt.Open(temporary, 0o600, &bbolt.Options{NoSync: true, NoFreelistSync: true, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return err
	}
	const bytesPerTx = 1 << 20
	if err := errors.Join(bbolt.Compact(to, s.db, bytesPerTx), to.Close(), s.db.Close()); err != nil {
		return err
	}
	if err := os.Rename(temporary, s.path); err != nil {
		return err
	}
	return s.open()
}

// Scan visits all entries in key order.
func (s *Bolt) Scan(yield func(key, value []byte) bool) error {
	if err := s.Flush(); err != nil {
		return err
	}
	return s.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket(bucket).Cursor()
		for k, v := c.First(); k != nil && yield(k, v); k, v = c.Next() {
		}
		return nil
	})
}

// Close commits and closes the file.
func (s *Bolt) Close() error { return errors.Join(s.Flush(), s.db.Close()) }
