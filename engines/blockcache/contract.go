package blockcache

// Cache is the contract: blocks by address, read from somewhere slow. It
// belongs to one goroutine, which may have several reads in flight.
type Cache interface {
	// Get returns the block of an address, valid until the next call.
	Get(address uint64) (block []byte, ok bool)
	// Begin prepares the read of a block that Get did not find: the caller fills
	// Read.Block, at once or bit by bit, and then calls End. Not ok means that
	// the block is being read already, or that there is no room: wait for an End.
	Begin(address uint64) (r Read, ok bool)
	// End makes a block available whose read is complete. One that was written
	// since its read began is dropped: the read is older.
	End(r Read)
	// Write makes block the block of an address, evicting another if need be. It
	// is the cache's from then on, and what is returned is the caller's: the
	// same one where it was copied.
	Write(address uint64, block []byte) []byte
}

// Read is a read in flight.
type Read struct {
	Address uint64
	Block   []byte // where it goes
	slot    int    // the cache's own: which way, or which read
}
