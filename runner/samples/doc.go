// Package samples keeps a run on disk: plan.json, the journal of everything
// measured (slices.jsonl.gz), the same per restart in the Go benchmark format
// (samples.bench), and result.json.
//
// The journal is the truth; every other file can be rebuilt from it and the
// plan. It is appended to and flushed after each restart, so a crash loses one
// restart and a reader of a cut journal still gets the whole records before
// the cut. All other files appear by rename.
package samples
