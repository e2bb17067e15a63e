// Package part holds the contracts between the parts of an LSM store, so that a
// store is a choice of parts: a memtable, a table format, a log or none.
//
// Limits first: a store and all its parts belong to one goroutine at a time;
// keys have 1 to [MaxKey] bytes and values at most [MaxValue]; keys are ordered
// as bytes.Compare orders them.
package part

import "fmt"

// The limits of what a store takes, in bytes. MaxKey is what bbolt takes; a
// value of MaxValue keeps every length of every format below 2^32.
const (
	MaxKey   = 32768
	MaxValue = 1 << 30
)

// Entry is a key with its value, or with the news that it was deleted.
type Entry struct {
	Key, Value []byte
	Deleted    bool
}

// Check reports in one line why a store cannot take the entry; nil if it can.
func (e Entry) Check() error {
	if len(e.Key) == 0 || len(e.Key) > MaxKey {
		return fmt.Errorf("a key of %d bytes: keys have 1 to %d", len(e.Key), MaxKey)
	}
	if len(e.Value) > MaxValue {
		return fmt.Errorf("a value of %d bytes: values have at most %d", len(e.Value), MaxValue)
	}
	return nil
}

// State is what a part knows of a key.
type State uint8

// The states. Unknown sends the search on to older parts; Dead ends it.
const (
	Unknown State = iota
	Live
	Dead
)

// Cursor visits entries in key order.
type Cursor interface {
	// Next fills e and returns true, or returns false at the end. The slices
	// of e are valid until the next call.
	Next(e *Entry) (bool, error)
}

// Memtable collects what was put since the last one was frozen. hash is the
// store's hash of the key, 0 in a store that has none.
type Memtable interface {
	// Set copies the entry; a later entry of a key replaces the earlier.
	Set(e Entry, hash uint64)
	// Get returns a value that is valid until the next Set.
	Get(key []byte, hash uint64) ([]byte, State)
	// Size is the published measure: key, value and 64 bytes for each entry.
	Size() int
	Len() int
	Cursor() Cursor
}

// Table is a file of sorted entries that never changes.
type Table interface {
	// Get appends the value to dst where the key is Live.
	Get(dst, key []byte, hash uint64) ([]byte, State, error)
	Cursor() Cursor
	Len() int
	Close() error
}

// Builder writes one table.
type Builder interface {
	// Add takes entries in ascending order, each key once.
	Add(e Entry, hash uint64) error
	// Finish completes the files and returns the table, open.
	Finish() (Table, error)
	// Abort gives the table up; the files may stay, unnamed by any manifest.
	Abort()
}

// Format makes and opens tables. A table may be several files that share a
// path up to their extension.
type Format interface {
	// Name identifies the layout: a store refuses tables of another name.
	Name() string
	// Create begins a table of at most so many entries.
	Create(path string, entries int) (Builder, error)
	Open(path string) (Table, error)
}

// Counts are exact counts of what a store has done since it was opened.
type Counts struct {
	Entries     uint64 // entries written to tables
	Writes      uint64 // write calls on table files
	Reads       uint64 // read calls by Get: one per part of an entry read, or one per block read whole
	TablesRead  uint64 // tables that a Get read from: one pread(2) each
	FilterAsked uint64 // questions to filters
	FilterMaybe uint64 // of those, answered "maybe"
}
