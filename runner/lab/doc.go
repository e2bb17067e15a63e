// Package lab holds the words of the laboratory: what a family of
// interchangeable variants is, what an operation is, and what an operation
// sees while it is measured.
//
// A family states a contract C (one to five methods), writes each measured loop
// once as an [Op], and lists its variants in a Go literal. [Family.Erase] turns
// the typed family into a [Room], plain data that the plan, the runner and the
// reports share, so that nothing outside this package is generic.
//
// Rejected designs, and why: a testing.B-style callback per variant took 33
// lines of harness per variant; a case struct holding `any` 42; this takes one.
// A registry filled by init functions hides the list of variants from the
// reader and from the compiler.
package lab
