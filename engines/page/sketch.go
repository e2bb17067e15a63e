package page

import "assay/runner/sketch"

// slotted lists the layouts that are searched through sorted offsets.
func slotted() []string {
	return []string{"varint", "nibble", "offset-nibble-switch", "offset-nibble-table", "offset-nibble", "offset-nibble-parity"}
}

// getSketch counts a binary search in one page of 511 or some 750 entries. It
// takes nine steps, each a load in raw and two in the others: the offset, then
// the entry. The last steps meet lines that earlier ones brought. raw halves
// without a branch; the others guess each step wrong half of the time.
// elias-fano searches otherwise and has no sketch.
func getSketch() []sketch.Cost {
	return []sketch.Cost{
		{Resource: "load", Count: 7, Set: 16, Variants: []string{"raw"}},
		{Resource: "load", Count: 3, Variants: []string{"raw"}},
		{Resource: "load", Count: 14, Set: 11, Variants: slotted()},
		{Resource: "load", Count: 5, Variants: slotted()},
		{Resource: "mispredict", Count: 4.5, Variants: slotted()},
	}
}

// fillSketch counts a search in a page that is half full on average, which is
// in the first cache, and the move that makes room: half of what is there, keys
// and values in raw and offsets alone in the others.
func fillSketch() []sketch.Cost {
	const rawEntry, offset = 16, 2
	return []sketch.Cost{
		{Resource: "load", Count: 8, Variants: []string{"raw"}},
		{Resource: "copy", Count: rawEntry * 511 / 4, Variants: []string{"raw"}},
		{Resource: "load", Count: 16, Variants: slotted()},
		{Resource: "mispredict", Count: 4, Variants: slotted()},
		{Resource: "copy", Count: offset * 750 / 4, Variants: slotted()},
	}
}
