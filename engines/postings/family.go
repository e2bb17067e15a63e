package postings

import (
	"assay/encodings/posting"
	"assay/runner/lab"
	"assay/workloads"
)

// The workloads of the family: a frequent term, ids that are offsets of
// documents of some 400 bytes, a rare term, runs far from each other, and ids
// that lie just too far apart for ten bits less.
const (
	dense     = "gaps:1/7.5"
	tagged400 = "gaps:64/400,values=uniform:0-15"
	rare      = "gaps:1/4194304,values=uniform:0-15,count=4096" // a page each of them in one layout: more would fill the memory
	clustered = "clustered:104/1.25/8589934592"
	apart     = "gaps:2097152/4194304,count=4096" // never two within 2^21, without tags
)

// listed is the default number of ids of a list, and of one batch of building.
const listed = 1 << 16

// A transaction and the list it changes: one page, with room for ten more.
const (
	transaction = 1 << 10
	onePage     = 1 << 12
)

// Family compares the lists.
var Family = lab.Family[List]{
	Name: "postings",
	Doc:  "posting lists in 8 KiB pages: bytes and time per id, and how often a page is packed",
	Lesson: "The authors kept the low ten bits of a 32-bit number for frequency and tag and trusted the packing to make a page full. " +
		"Ten bits less shrank its reach to 2^21 ids, so that a rare term took a page per entry where 64-bit numbers take five bytes; and merging each page once per transaction packs once where inserting at once packs for every id, and counts right besides.",
	Base:      "raw",
	Model:     newModel,
	Units:     []lab.Unit{bytesPerEntry, compressions, countError},
	Workloads: []string{dense, tagged400, rare, clustered, apart},
	Ops: []lab.Op[List]{
		{Name: "build", Doc: "pack sorted ids into a list, per id", Draws: workloads.Present, Shape: lab.Shape{Length: listed, Batches: 1}, Count: listed, Census: listed, Variants: layouts(), Run: build},
		{Name: "scan", Doc: "read a list from end to end and add up its ids, per id", Draws: workloads.Present, Shape: lab.Shape{Length: 1024}, Count: listed, Variants: layouts(), Run: scan},
		{Name: "seek", Doc: "find the first id at or above a number, anywhere in a list", Draws: workloads.Present, Count: listed, Variants: layouts(), Run: seek},
		{Name: "intersect", Doc: "find a sixteenth as many sorted ids in a list, half of which are there, per id of the shorter", Draws: workloads.Present, Count: listed, Variants: layouts(), Run: intersect},
		{Name: "insert", Doc: "add 1024 new ids in one transaction, per id", Draws: workloads.Present, Shape: lab.Shape{Length: transaction, Batches: 1}, Count: onePage, Run: insert},
		{Name: "churn", Doc: "half new ids, a quarter that are there, a quarter of removals, 1024 in one transaction, per change", Draws: workloads.Present, Shape: lab.Shape{Length: transaction, Batches: 1}, Count: onePage, Run: churn},
	},
	Variants: append([]lab.Variant[List]{
		{Name: "null", Doc: "the harness's own cost", New: func(*lab.Env) (List, error) { return &null{}, nil }, Null: true},
		{Name: "raw", Doc: "8 bytes an id", New: pages(posting.Raw(), perTransaction)},
		{Name: "uvarint", Doc: "differences in seven bits a byte", New: pages(posting.Uvarint(), perTransaction)},
		{Name: "pfor32", Doc: "patched differences, a page within one aligned window of 2^31 numbers", New: pages(posting.PFOR32(0), perTransaction)},
		{Name: "pfor32-anchored", Doc: "the same, the window from the page's first id", New: pages(posting.PFOR32Anchored(0), perTransaction)},
		{Name: "pfor32-reserved", Doc: "pfor32 that reserves ten bits whether ids have tags or not: 2^21 ids a page", New: newReserved},
		{Name: "pfor64", Doc: "patched differences of any length; changes merged once per transaction", New: pages(posting.PFOR64(), perTransaction)},
		{Name: "pfor64-at-once", Doc: "the same, each change packed by itself", New: pages(posting.PFOR64(), atOnce)},
		{Name: "pfor64-section", Doc: "the same, changes kept raw, 256 a page, and then packed", New: pages(posting.PFOR64(), bySection)},
		{Name: "columns", Doc: "pfor64 of ids without tags, tags in a column of their own", New: newColumns},
	}, peers()...),
	Standard: []lab.Row{
		{Op: "scan", Workload: dense, Variants: withPeers("uvarint", "pfor32-anchored", "pfor64", "columns")},
		{Op: "scan", Workload: rare, Variants: withPeers("uvarint", "pfor32-anchored", "pfor64", "columns")},
	},
	Claims: claims(),
}

var (
	bytesPerEntry = lab.Unit{Name: "bytes/entry", Better: lab.Lower, Exact: true, Doc: "bytes of full pages over the ids in them"}
	compressions  = lab.Unit{Name: "compressions/op", Better: lab.Lower, Exact: true, Doc: "pages packed per change"}
	countError    = lab.Unit{Name: "count-error", Better: lab.Lower, Exact: true, Doc: "ids that the list believes to hold over those it holds, less 1"}
)

// layouts are the variants that differ in more than when they pack.
func layouts() []string {
	return withPeers("null", "raw", "uvarint", "pfor32", "pfor32-anchored", "pfor32-reserved", "pfor64", "columns")
}

func withPeers(names ...string) []string {
	for _, p := range peers() {
		names = append(names, p.Name)
	}
	return names
}

func pages(f posting.Format, p policy) func(*lab.Env) (List, error) {
	return func(*lab.Env) (List, error) { return newPaged(f, p), nil }
}

// newReserved leaves ids that have tags as they are: the ten bits are in use.
func newReserved(env *lab.Env) (List, error) {
	if tagged(env) {
		return newPaged(posting.PFOR32(0), perTransaction), nil
	}
	return newPaged(posting.PFOR32(tagBits), perTransaction), nil
}

// newColumns has one column where there are no tags.
func newColumns(env *lab.Env) (List, error) {
	if !tagged(env) {
		return newPaged(posting.PFOR64(), perTransaction), nil
	}
	return newPaged(posting.Columns(tagBits), perTransaction), nil
}
