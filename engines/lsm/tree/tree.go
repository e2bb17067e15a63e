// Package tree is the store itself: memtables in front of tables, the newest
// first, whose parts (memtable, table format, log) are chosen when it is opened.
//
// Limits first. A tree belongs to one goroutine. Nothing happens behind its
// back: a full memtable is frozen and waits for Flush, as the published store
// has it, unless [maxFrozen] of them wait already. Compact merges all tables
// into one. Nothing is synced: a tree survives the death of its process, not of
// its machine; without a log, what was not flushed dies with the process.
package tree

import (
	"errors"
	"fmt"

	"assay/engines/lsm/disk"
	"assay/engines/lsm/part"
	"assay/engines/lsm/wal"
)

// Parts are what a tree is made of.
type Parts struct {
	Memtable func() part.Memtable
	Format   func(*part.Counts) part.Format
	Hash     func(key []byte) uint64 // one hash of each key for all parts; nil where none wants it
	Limit    int                     // size at which a memtable is frozen, by part.Memtable.Size
	Log      bool                    // write ahead
}

// maxFrozen bounds the memory of a program that never flushes. The published
// run freezes 49.
const maxFrozen = 256

// Tree is an open store.
type Tree struct {
	dir      string
	parts    Parts
	format   part.Format
	counts   part.Counts
	lock     *disk.Lock
	manifest disk.Manifest
	active   part.Memtable
	log      *wal.Log // of the active memtable; nil before its first entry
	frozen   []part.Memtable
	tables   []part.Table // newest first
	closed   bool
}

var errClosed = errors.New("the store is closed")

// Open opens the store in a folder, or makes one in an empty folder. It refuses
// a folder that another handle has open, tables of another format, and files
// that do not hold what was written (*part.Corrupt).
func Open(dir string, parts Parts) (*Tree, error) {
	lock, err := disk.Acquire(dir)
	if err != nil {
		return nil, err
	}
	t := &Tree{dir: dir, parts: parts, lock: lock, active: parts.Memtable()}
	t.format = parts.Format(&t.counts)
	if err := t.recover(); err != nil {
		t.release()
		return nil, err
	}
	return t, nil
}

// Put sets the value of a key.
func (t *Tree) Put(key, value []byte) error {
	return t.set(part.Entry{Key: key, Value: value})
}

// Delete takes a key away; a key that is not there is no error.
func (t *Tree) Delete(key []byte) error {
	return t.set(part.Entry{Key: key, Deleted: true})
}

func (t *Tree) set(e part.Entry) error {
	if t.closed {
		return errClosed
	}
	if err := e.Check(); err != nil {
		return err
	}
	if t.parts.Log {
		if err := t.record(e); err != nil {
			return err
		}
	}
	t.active.Set(e, t.hash(e.Key))
	if t.active.Size() < t.parts.Limit {
		return nil
	}
	return t.freeze()
}

func (t *Tree) hash(key []byte) uint64 {
	if t.parts.Hash == nil {
		return 0
	}
	return t.parts.Hash(key)
}

// record logs an entry before it is taken. A log that failed is a closed store:
// what a later record would stand on is unknown.
func (t *Tree) record(e part.Entry) error {
	if t.log == nil {
		log, err := wal.Create(disk.Path(t.dir, t.manifest.Next) + logExtension)
		if err != nil {
			return err
		}
		t.log = log
		t.manifest.Next++
	}
	if err := t.log.Append(e); err != nil {
		return errors.Join(err, t.Abandon())
	}
	return nil
}

// freeze sets the active memtable aside.
func (t *Tree) freeze() error {
	if t.active.Len() == 0 {
		return nil
	}
	if t.log != nil {
		if err := t.log.Seal(); err != nil {
			return errors.Join(err, t.Abandon())
		}
		t.log = nil
	}
	t.frozen = append(t.frozen, t.active)
	t.active = t.parts.Memtable()
	if len(t.frozen) > maxFrozen {
		return t.Flush()
	}
	return nil
}

// Get appends the value of a key to dst; ok is false, and dst is returned as it
// was, where there is none.
func (t *Tree) Get(dst, key []byte) (value []byte, ok bool, err error) {
	if t.closed {
		return dst, false, errClosed
	}
	hash := t.hash(key)
	if value, state := t.active.Get(key, hash); state != part.Unknown {
		return append(dst, value...), state == part.Live, nil
	}
	for i := len(t.frozen) - 1; i >= 0; i-- {
		if value, state := t.frozen[i].Get(key, hash); state != part.Unknown {
			return append(dst, value...), state == part.Live, nil
		}
	}
	for _, table := range t.tables {
		value, state, err := table.Get(dst, key, hash)
		if err != nil {
			return dst, false, err
		}
		if state != part.Unknown {
			return value, state == part.Live, nil
		}
	}
	return dst, false, nil
}

// Counts returns what was counted since the tree was opened.
func (t *Tree) Counts() part.Counts { return t.counts }

// Close flushes what is in memory and gives the folder back.
func (t *Tree) Close() error {
	if t.closed {
		return errClosed
	}
	return errors.Join(t.Flush(), t.Abandon())
}

// Abandon gives the folder back as the death of the process would: what is in
// memory only is lost.
func (t *Tree) Abandon() error {
	if t.closed {
		return errClosed
	}
	var err error
	if t.log != nil {
		err = t.log.Abandon()
	}
	return errors.Join(err, t.release())
}

func (t *Tree) release() error {
	t.closed = true
	var failed error
	for _, table := range t.tables {
		failed = errors.Join(failed, table.Close())
	}
	if failed = errors.Join(failed, t.lock.Release()); failed != nil {
		return fmt.Errorf("%s: closing: %w", t.dir, failed)
	}
	return nil
}
