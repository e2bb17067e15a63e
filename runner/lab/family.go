package lab

import (
	"time"

	"assay/runner/ladder"
	"assay/runner/sketch"
	"assay/workloads"
)

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

	Ladder *ladder.Ladder // a story told in steps, where somebody published one

	// Beside are the family's own neighbours: work that goes on beside an
	// operation, in its process and on its contract, when a run asks for the
	// scenario of their name. One is an Op whose Run ranges over t.Batches of
	// Shape.Length; a batch comes when it is due (Op.Every), not when it is
	// measured, and nothing of it is. It must neither load nor close, and the
	// contract must bear both at once.
	Beside []Op[C]

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
	// Answers is how many answers are compared one by one; 0 means 4096. An
	// operation that always asks the same needs few.
	Answers int

	// Variants are those the operation is about, by name; nil means all. Where
	// the family's base is not among them, the first contender is the base.
	Variants []string
	// Rate asks for a latency pass in every run: so many operations a second,
	// open loop; batches a second where Shape.Batches is set. 0 leaves both to
	// the user.
	Rate float64
	// Every is how far apart a neighbour's batches begin (see Family.Beside). One
	// that is late begins at once, and none is made up for. 0 means no pause.
	Every time.Duration

	// Sketch is what one operation should cost, as counts of the machine's
	// resources; reports set it beside the measured time. Nil means none.
	Sketch []sketch.Cost

	// Run loads (untimed), then ranges over t.Batches or t.Records, or hands
	// t.Clients a function, and runs the operation on each. It returns an error
	// only where measuring is impossible.
	Run func(t *T, contract C) error
}

// Variant is one algorithm under its family's contract.
type Variant[C any] struct {
	Name string
	Doc  string // one line
	New  func(*Env) (C, error)
	Peer bool // somebody else's library, measured by the same loop
	Null bool // does nothing: the harness's own cost, never a contender

	// Functions are those whose machine code makes the variant what it is, by
	// name with import path; without any the hot ones of a profile are looked at.
	Functions []string
	Told      string // what was published of their machine code
}

// Shape says how operations are grouped: throughput is many batches of 256
// (the zero value), a one-shot such as a flush is 1 batch of N, ingest is many
// batches of as many records as a request holds. A workload with a batch of its
// own, batch=64, overrides Length.
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

	Base string // when set, the figure is the ratio of Variant to Base
	// BaseWorkload makes the figure a ratio to another workload, such as a
	// smaller one: of Base there, or of Variant itself where Base is empty.
	BaseWorkload string
	Source       string  // who says so
	Published    float64 // 0 where only Bound is known
	Lo, Hi       float64 // measured within [Lo, Hi] counts as reproduced
	Bound        float64 // physical limit on the same scale; 0 = unknown
	Note         string  // why it may differ, in words
}

// Env is what a variant is built from.
type Env struct {
	Workload workloads.Spec
	Data     *workloads.Data // the loaded population, shared read-only by all variants
	Seed     uint64
	Twin     uint64 // tells apart arms of one variant in one process: each draws inputs of its own
	Dir      string // an empty folder of the trial's own, removed afterwards
}
