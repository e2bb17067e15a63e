// Package suffix is the family of answers to "which documents have a term that
// ends in ...": what the question costs in time and memory, and what an index
// that answers it at once costs in bytes.
//
// Terms are as a workflow engine writes them, Workflows/<guid>/Step-2|Final, one
// per document and each another, so that a sorted dictionary of terms has as
// many entries as there are documents and its order is of no use.
//
// # Limits
//
// Everything is in memory; the published store had 250 million such terms, here
// are as many as the workload loads. An index is built once.
package suffix

// Index finds documents by the end of their term.
type Index interface {
	// Build indexes terms[i] as the term of document i. It fails where two are
	// the same, or where all together take 4 GiB or more.
	Build(terms []string) error
	// EndsWith calls visit once for each document whose term ends in suffix, in
	// any order, and returns how many terms and postings it looked at.
	EndsWith(suffix string, visit func(doc uint32)) (visited int)
	// ExtraBytes is what the index keeps beyond the dictionary of terms.
	ExtraBytes() int
}
