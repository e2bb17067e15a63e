// Package bloom is the family of set-membership filters: how long a key takes
// to add and to ask for, how many bits it costs, and, beside every time, how
// often a filter says yes to a key that it does not hold. A filter that is fast
// because its hash is poor is not fast: it sends its caller to the disk.
//
// # Small filters
//
// A sweep over sizes, of which the smallest is a filter of 128 bits at a rate of
// .01, shows where double hashing inflates the rate and that mixing again for
// each probe does not:
//
//	assay run bloom/miss/double-hash,double-hash-permille,remix,remix-permille --sweep count=13,53,213,427,4k
//
// # Limits
//
// A filter is sized once, for a number of keys and a rate. It is for one
// goroutine while keys are added; asking is safe from many. A filter of 2^32
// slots and more works where its arithmetic allows and is refused where not;
// beyond 8 GiB all are refused, before any memory is taken.
package bloom

// Filter answers whether a key may be in a set. It never says no to a key that
// was added. Neither method keeps the key.
type Filter interface {
	Add(key []byte)
	// Contains reports false if key was certainly not added.
	Contains(key []byte) bool
	// SizeBytes is the memory of the table, without the few words around it.
	SizeBytes() int
}
