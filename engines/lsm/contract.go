package lsm

import "assay/engines/lsm/part"

// Engine is the family's contract: how to open the store in a folder, or make
// one in an empty folder.
type Engine interface {
	Open(dir string) (Store, error)
}

// EngineFunc is an Engine made of a function.
type EngineFunc func(dir string) (Store, error)

// Open calls the function.
func (f EngineFunc) Open(dir string) (Store, error) { return f(dir) }

// Store is an open store. It belongs to one goroutine. Keys have 1 to 32768
// bytes and values up to 1 GiB. What else a store can do it says by
// [Compacter], which every variant is, and by [Scanner], [Counter], [Abandoner]
// and [Settler].
type Store interface {
	Put(key, value []byte) error
	// Get appends the value of key to dst; ok is false where there is none.
	Get(dst, key []byte) (value []byte, ok bool, err error)
	// Delete takes a key away; one that is not there is no error.
	Delete(key []byte) error
	// Flush moves what is in memory to where it survives the process.
	Flush() error
	// Close flushes and gives the folder back.
	Close() error
}

// Compacter drops what was replaced or deleted.
type Compacter interface {
	Compact() error
}

// Scanner visits all entries in key order until yield returns false. The slices
// are valid until yield returns.
type Scanner interface {
	Scan(yield func(key, value []byte) bool) error
}

// Counter counts what a store did since it was opened.
type Counter interface {
	Counts() part.Counts
}

// Abandoner gives the folder back as the death of the process would: what is in
// memory only is lost.
type Abandoner interface {
	Abandon() error
}

// Settler waits for what a store does behind its caller's back, such as a
// compaction of its own accord: what is measured next is not to pay for it.
type Settler interface {
	Settle() error
}
