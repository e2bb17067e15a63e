// Package postings is the family of posting lists: sorted sets of 64-bit ids,
// the documents in which a term occurs, in pages of 8 KiB.
//
// An id may carry a tag, say how often the term occurs, in its ten low bits. A
// workload has tags if it names a law of values: gaps:64/400,values=uniform:0-15
// is ids of its keys, tagged with its values.
//
// # Limits
//
// A list is in memory, its pages as they would be on a disk; what would be the
// inner nodes of a tree over them is a sorted array. Pages that became small
// are not joined, empty ones are dropped. A list is for one goroutine.
package postings

// List is a sorted set of ids.
type List interface {
	// Build replaces the set by ids, which must ascend strictly and are not
	// kept. It fails where they do not, or where one is too large for the layout.
	Build(ids []uint64) error
	// Apply makes the changes of one transaction, in their order. To add an id
	// that is there and to remove one that is not change nothing.
	Apply(changes []Change) error
	// Cursor starts before the first id. It is void after Build and Apply.
	Cursor() Cursor
	// Count returns the number of ids, or what the list believes that to be.
	Count() int
	// Cost returns what the list costs.
	Cost() Cost
}

// Cursor reads a list in ascending order.
type Cursor interface {
	// Next returns the next ids, at least one, or none at the end. They are
	// valid until the next call.
	Next() []uint64
	// Seek moves to the first id that is not less than id, so that Next goes on
	// with it, and returns it. It may move back.
	Seek(id uint64) (found uint64, ok bool)
}

// Change is an id added or removed.
type Change struct {
	ID     uint64
	Remove bool
}

// Cost is what a list takes up and has done.
type Cost struct {
	// Bytes and IDs are of the pages that are full: of all but the last, where
	// there are two. The last of many would be a matter of luck.
	Bytes, IDs int
	// Compressions counts the pages packed by Apply since Build.
	Compressions int
}
