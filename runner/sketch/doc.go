// Package sketch holds estimates on the back of an envelope: what one operation
// must cost, as counts of a machine's resources, priced by what those resources
// cost on one machine, beside what was measured.
//
// Its limits first. A sketch adds its terms up, as if nothing happened at the
// same time: a CPU that overlaps them comes out below 1, and a ratio of 2 or 3
// is common for work that is well made. It counts what its author thought of,
// and no arithmetic: a filter whose time goes into its hash shows a large
// ratio. Prices are those of full caches: where other programs empty them, sets
// beyond the second cache cost several times as much. It says where to look,
// and decides nothing.
//
// A [Cost] is one line of a sketch, which a family declares; a [Machine] is what
// a calibration found; [Price] puts them together.
package sketch

import "slices"

// Resource is something that a machine charges for.
type Resource struct {
	Name string // as costs and constants name it
	Per  string // what one of it is: "load", "byte", "call"
	Doc  string // one line
}

// Resources lists what a [Cost] can count, and what a calibration measures for
// it. A load is priced by the size of the set it falls in.
func Resources() []Resource {
	return []Resource{
		{Load, "load", "a load whose address comes from the load before"},
		{Overlapped, "load", "a load that waits for no other: eight are under way at once"},
		{"copy", "byte", "copying memory within the second cache"},
		{"stream", "byte", "reading memory in order, beyond all caches"},
		{"mispredict", "branch", "a branch that was guessed wrong"},
		{"clock", "read", "reading the wall clock"},
		{"syscall", "call", "the cheapest system call"},
		{"page-fault", "page", "the first touch of a page of memory"},
		{"write", "byte", "handing bytes in order to the kernel, into its page cache"},
		{"disk", "byte", "getting bytes written in order from the page cache to the disk, beyond the cost of an fsync"},
		{"fsync", "call", "fsync of a file of which one page is dirty"},
		{"loopback", "trip", "a byte to another goroutine and back over TCP on 127.0.0.1"},
	}
}

// The resources that are priced by the size of a set; the others have one
// constant each.
const (
	Load       = "load"
	Overlapped = "overlapped"
)

// Known says that a cost may count the resource.
func Known(name string) bool {
	return slices.ContainsFunc(Resources(), func(r Resource) bool { return r.Name == name })
}

// Cost is one term of an operation's sketch: Count of Resource per operation.
type Cost struct {
	Resource string
	Count    float64
	// Unit names an exact unit that the operation reports, such as writes/entry,
	// to multiply Count by: what is counted need not be guessed. "" is 1.
	Unit string
	// Set is how many bytes for each loaded entry the loads fall in; with the
	// number of entries it decides which caches they meet.
	Set float64
	// Variants are those the term is about, by name; nil means all. A variant
	// with no term at all has no sketch.
	Variants []string
}

// About says that the term is about the variant.
func (c Cost) About(variant string) bool {
	return c.Variants == nil || slices.Contains(c.Variants, variant)
}
