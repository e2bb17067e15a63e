package lab

import "assay/workloads"

// Family is a set of interchangeable variants behind one contract C.
type Family[C any] struct {
	Name   string // as on the command line: "page"
	Doc    string // one line
	Lesson string // two sentences: what the authors believed, what was so
	Units  []Unit // what operations may report beyond time and allocations
	Ops    []Op[C]

	Variants []Variant[C] // in the order they are shown; the list is the registry
	Base     string       // the variant others are compared with unless the user says otherwise

	// Model builds the obviously right implementation of the contract (a map, a
	// sorted slice). Every variant's answers are checked against it before
	// anything is timed. Nil only while a family has no answers to give.
	Model func(*Env) (C, error)

	Workloads []string // specs; the first is the default of `assay run FAMILY`
	Standard  []Row    // the headline rows of `make bench`
	Claims    []Claim  // published figures, to be shown beside the measured ones

	// Isolated asks for one worker process per variant, run in lock-step: for
	// work that allocates, blocks or touches files, where variants in one
	// process would pay each other's garbage collection.
	Isolated bool

	// Text says that operations take string keys (t.Records) as well.
	Text bool
}

// Op is one measured operation of a family: the loop is written once and serves every variant.
type Op[C any] struct {
	Name   string
	Doc    string
	Draws  workloads.Population // what the batches hold
	Shape  Shape
	Count  int // entries loaded where the workload does not say; 0 means 1024
	Census int // operations of the pass that counts exact units; 0 means 16 batches
	// Run loads (untimed), then ranges over t.Batches or t.Records and runs the
	// operation on each. It returns an error only where measuring is impossible.
	Run func(t *T, contract C) error
}

// Variant is one algorithm under its family's contract.
type Variant[C any] struct {
	Name string
	Doc  string // one line
	New  func(*Env) (C, error)
	Peer bool // somebody else's library, measured by the same loop
	Null bool // does nothing: the harness's own cost, never a contender
}

// Shape says how operations are grouped: throughput is many batches of 256
// (the zero value), a one-shot such as a flush is 1 batch of N, ingest is many
// batches of as many records as a request holds.
type Shape struct {
	Length  int // operations per batch, a power of two; 0 means 256
	Batches int // batches per slice; 0 means calibrated to the slice's time
}

// Row is one headline comparison: an operation under a workload, for some variants.
type Row struct {
	Op       string
	Workload string
	Variants []string // nil means all
}

// Claim is a figure somebody published, or a trial measured, about one case.
type Claim struct {
	Op, Variant, Workload, Unit string

	Base      string  // when set, the figure is the ratio of Variant to Base
	Source    string  // who says so
	Published float64 // 0 where only Bound is known
	Lo, Hi    float64 // measured within [Lo, Hi] counts as reproduced
	Bound     float64 // physical limit on the same scale; 0 = unknown
	Note      string  // why it may differ, in words
}

// Env is what a variant is built from.
type Env struct {
	Workload workloads.Spec
	Data     *workloads.Data // the loaded population, shared read-only by all variants
	Seed     uint64
	Twin     uint64 // tells apart arms of one variant in one process: each draws inputs of its own
	Dir      string // an empty folder of the trial's own, removed afterwards
}
