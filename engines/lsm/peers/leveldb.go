package peers

import (
	"errors"
	"fmt"

	"github.com/syndtr/goleveldb/leveldb"
	"github.com/syndtr/goleveldb/leveldb/filter"
	"github.com/syndtr/goleveldb/leveldb/opt"
	"github.com/syndtr/goleveldb/leveldb/util"
)

const levelDBFilterBits = 10 // for each key: a rate of about 1 %

// LevelDB is a goleveldb folder. It flushes and compacts on its own as it sees
// fit, so that what is "not compacted" is its own choice.
type LevelDB struct {
	dir    string
	memory int
	db     *leveldb.DB
}

// OpenLevelDB opens the store in a folder, with a write buffer of so many bytes.
func OpenLevelDB(dir string, memory int) (*LevelDB, error) {
	s := &LevelDB{dir: dir, memory: memory}
	if err := s.open(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *LevelDB) open() error {
	db, err := leveldb.OpenFile(s.dir, &opt.Options{Filter: filter.NewBloomFilter(levelDBFilterBits), WriteBuffer: s.memory, NoSync: true})
	if err != nil {
		return fmt.Errorf("%s: goleveldb: %w", s.dir, err)
	}
	s.db = db
	return nil
}

// Put sets the value of a key.
func (s *LevelDB) Put(key, value []byte) error { return s.db.Put(key, value, nil) }

// Delete takes a key away.
func (s *LevelDB) Delete(key []byte) error { return s.db.Delete(key, nil) }

// Get appends the value of a key.
func (s *LevelDB) Get(dst, key []byte) (value []byte, ok bool, err error) {
	v, err := s.db.Get(key, nil)
	if errors.Is(err, leveldb.ErrNotFound) {
		return dst, false, nil
	}
	return append(dst, v...), err == nil, err
}

// Flush opens the store anew, which writes the log's entries as a table: the
// library has no other way to ask for it.
func (s *LevelDB) Flush() error {
	if err := s.db.Close(); err != nil {
		return err
	}
	return s.open()
}

// Compact compacts the whole range.
func (s *LevelDB) Compact() error { return s.db.CompactRange(util.Range{}) }

// Scan visits all entries in key order.
func (s *LevelDB) Scan(yield func(key, value []byte) bool) error {
	it := s.db.NewIterator(nil, nil)
	defer it.Release()
	for it.Next() && yield(it.Key(), it.Value()) {
	}
	return it.Error()
}

// Close closes the store.
func (s *LevelDB) Close() error { return s.db.Close() }
