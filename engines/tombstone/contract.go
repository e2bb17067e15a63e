package tombstone

import (
	"errors"
	"fmt"
)

// Key is an entry of the secondary index: accounts in the order of balance. An
// account whose balance changes leaves one key and gets another.
type Key struct{ Balance, ID uint64 }

// compare orders keys.
func (k Key) compare(o Key) int {
	switch {
	case k.Balance < o.Balance || k.Balance == o.Balance && k.ID < o.ID:
		return -1
	case k == o:
		return 0
	}
	return 1
}

// Index is the contract: a secondary index over a memtable and the tables
// flushed from it, for one goroutine. Flush empties the memtable; one that has
// taken 32,768 puts and removes is flushed by the call that fills it.
type Index interface {
	// Put makes row, below 2^63, the row of a key.
	Put(k Key, row uint64) error
	// Remove takes a key away.
	Remove(k Key) error
	// Get returns the row of a key; ok is false where there is none.
	Get(k Key) (row uint64, ok bool, err error)
	// Scan visits all keys in order until yield returns false.
	Scan(yield func(Key, uint64) bool) error
	Flush() error
}

// Compacter merges all tables into one, which holds no tombstones.
type Compacter interface {
	Compact() error
}

// Counter counts what an index did since it was made.
type Counter interface {
	Counts() Counts
}

// Counts are an index's own.
type Counts struct {
	Tables  int // flushed, however many are left
	Flushed int // entries in them
	Written int // entries written, by flushes and compactions
	Visited int // entries read by scans and compactions
	Open    int // tables there are
}

// ErrPromise is in the error of a call that breaks the promise a policy lives
// by: that puts and removes of a key take turns.
var ErrPromise = errors.New("puts and removes of a key must alternate")

// brokenPromise says which key broke it and how; nothing was changed.
func brokenPromise(k Key, what string) error {
	return fmt.Errorf("key (%d, %d) %s: %w; remove it first, or choose a policy that makes no promise", k.Balance, k.ID, what, ErrPromise)
}

// errRow tells of a row that the format of entries has no room for.
func errRow(row uint64) error {
	return fmt.Errorf("row %d does not fit in 63 bits", row)
}

// removedBit marks a tombstone in the row of an entry.
const removedBit = 1 << 63
