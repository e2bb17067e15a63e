// Package page is the family of page encodings: how many int64 pairs an 8 KiB
// page holds, and what each layout costs to fill, to look up and to scan.
package page

import (
	"iter"

	"assay/encodings/page"
	"assay/runner/lab"
	"assay/workloads"
)

// Family compares the layouts of package encodings/page.
var Family = lab.Family[page.Format]{
	Name: "page",
	Doc:  "8 KiB pages of integer pairs: density against lookup time",
	Lesson: "The author believed that each step from fixed slots to nibble sizes to a table of common sizes buys density for a little time. " +
		"The densities are so; the table's gain depends on which pairs it names, and a lookup in a packed page costs several lookups in a plain one.",
	Base:      "raw",
	Model:     newModel,
	Units:     []lab.Unit{entriesPerPage, bytesPerEntry},
	Workloads: []string{"realistic", "full", "zip-entries"},
	Ops: []lab.Op[page.Format]{
		{Name: "fill", Doc: "Set drawn pairs into an empty page until one is refused, then take a new page", Draws: workloads.Fresh, Census: 896 * 256, Sketch: fillSketch(), Run: fill},
		{Name: "get-hit", Doc: "Get a key that is in the page", Draws: workloads.Present, Count: 2000, Sketch: getSketch(), Run: getHit},
		{Name: "get-miss", Doc: "Get a key that is in no page", Draws: workloads.Absent, Count: 2000, Run: getMiss},
		{Name: "get-dependent", Doc: "Get where the next key depends on the last value: latency, not throughput", Draws: workloads.Present, Count: 2000, Sketch: getSketch(), Run: getDependent},
		{Name: "scan", Doc: "visit all loaded entries once, page by page, in key order", Draws: workloads.Present, Shape: lab.Shape{Length: 1}, Count: 2000, Census: 256, Run: scan},
	},
	Variants: []lab.Variant[page.Format]{
		{Name: "null", Doc: "the harness's own cost", New: plain(null{}), Null: true},
		{Name: "raw", Doc: "fixed 16-byte entries, sorted keys below, values above", New: plain(page.Raw())},
		{Name: "varint", Doc: "sorted offsets, entries of two uvarints", New: plain(page.Varint())},
		{Name: "nibble", Doc: "sorted offsets, one size byte per entry, bytes as needed", New: plain(page.Nibble())},
		{Name: "nibble-steady", Doc: "the same page, searched without branches on what is read", New: newNibbleSteady},
		{Name: "offset-nibble-switch", Doc: "sizes of the 15 most frequent pairs in the offset; encoder as a switch", New: trained(page.TopPairs, page.Switch), Functions: encoder("sizeBySwitch", "writeBySwitch", "writeFieldBySwitch"), Told: "more than 600 B and 24 branches"},
		{Name: "offset-nibble-table", Doc: "the same page; encoder by table", New: trained(page.TopPairs, page.TableDriven), Functions: encoder("sizeByTable", "writeByLoop"), Told: "340 B and 7 branches"},
		{Name: "offset-nibble", Doc: "the same page; encoder without branches", New: trained(page.TopPairs, page.BranchFree), Functions: encoder("sizeBranchFree", "writeBranchFree"), Told: "114 B and no branch"},
		{Name: "elias-fano", Doc: "blocks of deltas, Elias-Fano keys, values by size class", New: plain(page.EliasFano())},
		{Name: "offset-nibble-parity", Doc: "the 15 pairs that gain under 2-byte alignment; encoder without branches", New: trained(page.ParityPairs, page.BranchFree)},
	},
	Standard: []lab.Row{
		{Op: "fill", Workload: "realistic"},
		{Op: "fill", Workload: "full"},
		{Op: "fill", Workload: "zip-entries"},
		{Op: "get-hit", Workload: "realistic", Variants: readers()},                                            // 2,000 entries fit L1
		{Op: "get-hit", Workload: "realistic,count=6000", Variants: readers()},                                 // L2: the sets of all variants together, which take turns, fit 1 MiB
		{Op: "get-hit", Workload: "realistic,count=700000", Variants: []string{"raw", "nibble", "elias-fano"}}, // neither; loading it is slow
		{Op: "get-hit", Workload: "full", Variants: readers()},
		{Op: "get-dependent", Workload: "realistic", Variants: readers()},
		{Op: "scan", Workload: "realistic", Variants: readers()},
	},
	Claims: claims(),
}

// readers are the variants that differ in reading: the stages of the encoder
// write one and the same page.
func readers() []string {
	return []string{"raw", "varint", "nibble", "offset-nibble", "elias-fano", "offset-nibble-parity"}
}

var (
	entriesPerPage = lab.Unit{Name: "entries/page", Better: lab.Higher, Exact: true, Doc: "entries in a full 8 KiB page"}
	bytesPerEntry  = lab.Unit{Name: "bytes/entry", Better: lab.Lower, Exact: true, Doc: "8192 over the entries of a full page"}
)

// trainingDraws is how many pairs a table of common sizes is trained on: the
// fifteenth pair of the presets is told from the sixteenth by ten standard errors.
const trainingDraws = 1 << 17

// encoder names the functions that encode an entry, those that tell the stages
// of the offset-nibble encoder apart.
func encoder(functions ...string) []string {
	for i, f := range functions {
		functions[i] = "assay/encodings/page." + f
	}
	return functions
}

func plain(f page.Format) func(*lab.Env) (page.Format, error) {
	return func(*lab.Env) (page.Format, error) { return f, nil }
}

// trained builds an offset-nibble page whose table fits the workload's own
// distribution. It trains on a stream of its own seed, not on the data measured.
func trained(pairs func(iter.Seq2[uint64, uint64]) page.Table, enc page.Encoder) func(*lab.Env) (page.Format, error) {
	return func(env *lab.Env) (page.Format, error) {
		stream, err := env.Data.Stream(workloads.Fresh, env.Seed^0x747261696e)
		if err != nil {
			return nil, err
		}
		return page.OffsetNibble(pairs(drawn(stream)), enc), nil
	}
}

func drawn(stream *workloads.Stream) iter.Seq2[uint64, uint64] {
	return func(yield func(key, value uint64) bool) {
		batch := make([]workloads.Entry, 256)
		for range trainingDraws / len(batch) {
			stream.Next(batch)
			for _, e := range batch {
				if !yield(e.Key, e.Value) {
					return
				}
			}
		}
	}
}
