// Package heavy opens the stores that bring many modules along, behind the
// contracts of the families lsm and flush.
package heavy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"

	"assay/engines/lsm/part"
	"assay/runner/clock"
)

// filterBits is what each key has in the filters of the peers: a rate of about 1 %.
const filterBits = 10

// Pebble is a pebble folder. It flushes and compacts on its own as it sees fit,
// on goroutines of its own. Beyond what the stores of this project do, it keeps
// versions for snapshots and iterators, takes writers from many goroutines and
// gathers their commits, keeps levels so that no compaction rewrites
// everything, deletes ranges, and holds a block cache of 8 MiB.
type Pebble struct {
	db    *pebble.DB
	clock clock.Clock
}

// OpenPebble opens the store in a folder, with memtables of so many bytes. With
// a log, every write goes there first, unsynced.
func OpenPebble(dir string, memory int, log bool) (*Pebble, error) {
	o := &pebble.Options{
		MemTableSize: uint64(memory), DisableWAL: !log, Logger: quiet{}, FormatMajorVersion: pebble.FormatNewest,
	}
	for i := range o.Levels {
		o.Levels[i].FilterPolicy = bloom.FilterPolicy(filterBits)
	}
	db, err := pebble.Open(dir, o)
	if err != nil {
		return nil, fmt.Errorf("%s: pebble: %w", dir, err)
	}
	return &Pebble{db, clock.System()}, nil
}

// quiet keeps the library's reports off standard error; what is fatal to it
// still ends the process.
type quiet struct{}

func (quiet) Infof(string, ...any)              {}
func (quiet) Errorf(string, ...any)             {}
func (quiet) Fatalf(format string, args ...any) { panic(fmt.Sprintf("pebble: "+format, args...)) }

// Put sets the value of a key.
func (s *Pebble) Put(key, value []byte) error { return s.db.Set(key, value, pebble.NoSync) }

// Delete takes a key away.
func (s *Pebble) Delete(key []byte) error { return s.db.Delete(key, pebble.NoSync) }

// Get appends the value of a key.
func (s *Pebble) Get(dst, key []byte) (value []byte, ok bool, err error) {
	v, closer, err := s.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return dst, false, nil
	}
	if err != nil {
		return dst, false, err
	}
	return append(dst, v...), true, closer.Close()
}

// Flush writes the memtable as a table.
func (s *Pebble) Flush() error { return s.db.Flush() }

// beyond sorts behind every key.
var beyond = bytes.Repeat([]byte{0xff}, part.MaxKey+1)

// Compact compacts the whole range.
func (s *Pebble) Compact() error { return s.db.Compact(context.Background(), nil, beyond, true) }

// Settle waits until no compaction has run for a few looks in a row: one that
// ends may call for the next.
func (s *Pebble) Settle() error {
	const enough, pause = 5, 2 * time.Millisecond
	for idle := 0; idle < enough; idle++ {
		if err := s.clock.Sleep(context.Background(), pause); err != nil {
			return err
		}
		if m := s.db.Metrics(); m.Compact.NumInProgress > 0 || m.Flush.NumInProgress > 0 {
			idle = 0
		}
	}
	return nil
}

// Scan visits all entries in key order.
func (s *Pebble) Scan(yield func(key, value []byte) bool) error {
	it, err := s.db.NewIter(nil)
	if err != nil {
		return err
	}
	for ok := it.First(); ok && yield(it.Key(), it.Value()); ok = it.Next() {
	}
	return errors.Join(it.Error(), it.Close())
}

// Close flushes and closes the store: without a log, what pebble's own Close
// finds in the memtable it drops.
func (s *Pebble) Close() error { return errors.Join(s.db.Flush(), s.db.Close()) }

// Abandon closes the store without the flush.
func (s *Pebble) Abandon() error { return s.db.Close() }
