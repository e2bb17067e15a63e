package suffix

import (
	"assay/runner/lab"
	"assay/workloads"
)

// The workloads of the family: the same terms in several numbers, so that what
// grows with them shows.
const (
	few  = "uniform:0-18446744073709551615,values=uniform:0-31,count=4096"
	some = "uniform:0-18446744073709551615,values=uniform:0-31,count=16384"
	many = "uniform:0-18446744073709551615,values=uniform:0-31,count=65536"
)

// indexed is how many terms one batch of building indexes.
const indexed = 1 << 14

// Family compares the indexes.
var Family = lab.Family[Index]{
	Name: "suffix",
	Doc:  "documents by the end of a unique term: time, heap and postings visited per question",
	Lesson: "The authors gathered the terms of a query before looking at them, which is harmless where a field has few; with 250 million of them, each another, memory ran out for a few hits. " +
		"Streaming them takes no memory and a fraction of the time, though still all of them; a field made when documents are indexed visits only what matches, for a few bytes each.",
	Base:      "materialise",
	Model:     newModel,
	Units:     []lab.Unit{visitedPerOp, visitedPerHit, peakBytes, extraBytes},
	Workloads: []string{some, few, many},
	Isolated:  true,
	Ops: []lab.Op[Index]{
		{Name: "known", Doc: "which terms end in " + known + ", a question known when the index was built", Draws: workloads.Present, Shape: lab.Shape{Length: 1}, Count: indexed, Answers: 2, Run: ask(known)},
		{Name: "ad-hoc", Doc: "which terms end in " + adHoc + ", a question nobody foresaw", Draws: workloads.Present, Shape: lab.Shape{Length: 1}, Count: indexed, Answers: 2, Run: ask(adHoc)},
		{Name: "build", Doc: "index 16,384 terms, per term", Draws: workloads.Present, Shape: lab.Shape{Length: indexed, Batches: 1}, Count: indexed, Census: indexed, Run: build},
	},
	Variants: []lab.Variant[Index]{
		{Name: "null", Doc: "the harness's own cost", New: func(*lab.Env) (Index, error) { return null{}, nil }, Null: true},
		{Name: "materialise", Doc: "as found: gather all terms, then filter", New: newMaterialised},
		{Name: "stream", Doc: "look at one term after the other", New: newStreamed},
		{Name: "boolean", Doc: "the answer to the known question kept at index time, others streamed", New: newFlagged},
		{Name: "postfix", Doc: "a field of what is behind the last slash, made at index time", New: newPostfixed},
		{Name: "reversed", Doc: "a second dictionary of the terms read backwards", New: newReversed},
	},
	Standard: []lab.Row{
		{Op: "known", Workload: few, Variants: []string{"materialise", "stream", "boolean", "postfix", "reversed"}},
	},
	Claims: claims(),
}

var (
	visitedPerOp  = lab.Unit{Name: "visited/op", Better: lab.Lower, Exact: true, Doc: "terms and postings looked at per question"}
	visitedPerHit = lab.Unit{Name: "visited/hit", Better: lab.Lower, Exact: true, Doc: "the same over the documents found"}
	peakBytes     = lab.Unit{Name: "peak-heap-bytes", Better: lab.Lower, Doc: "bytes alive at the first hit beyond those before the question"}
	extraBytes    = lab.Unit{Name: "extra-bytes/entry", Better: lab.Lower, Exact: true, Doc: "bytes of the index beyond the dictionary, per term"}
)
