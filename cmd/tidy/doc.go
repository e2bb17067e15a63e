// Package tidy holds the rules of the house, as one test over the source tree:
// which package may import which, how long a file and a function may be, what
// must be documented, and what a package must not keep, do or name.
//
// It has no code outside its tests. Run it alone with
//
//	go test ./cmd/tidy
//
// A message names the place and the mend. The rules read source text and need
// no build, so they also work on a tree that does not compile.
//
// Limits, said first: the rule against mutable state sees assignments, taken
// addresses and calls of pointer methods, and not a slice or a map that a
// function receives and writes to; interfaces of other modules count as one
// method where they are embedded; and only files that the current system
// builds are looked at for mutable state.
package tidy
