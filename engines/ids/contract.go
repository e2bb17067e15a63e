package ids

// Store is the contract: records under ids, handed out as 0, 1, 2 and so on. How
// an id becomes the bytes of a key is the variant's business, and nobody else's:
// every variant answers alike.
type Store interface {
	// Insert stores the value of an id; of two, the later one stays.
	Insert(id, value uint64)
	// Get returns the value of an id; ok is false where there is none.
	Get(id uint64) (value uint64, ok bool)
	// Flush empties the memtable into the tables.
	Flush()
	// Reset forgets everything but what was counted.
	Reset()
}

// Counter counts what a store did since it was made, and what its last Get read.
type Counter interface {
	Counts() Counts
}

// Counts are a store's own, in entries where they do not say otherwise.
type Counts struct {
	Inserted  int
	Flushed   int
	Rewritten int // by compactions
	Moved     int // tables that went down a level as they were
	Searched  int // tables searched by Gets
	LastBlock Block
}

// Block is the 4 KiB of a table in which a Get found its entry.
type Block struct {
	Table  uint64 // its number
	Offset int    // in blocks
}
