package merge

import (
	"cmp"
	"slices"

	"assay/runner/lab"
)

// newModel is the obviously right merge: sort everything, keep the first of a key.
func newModel(*lab.Env) (Merger, error) {
	return MergerFunc(func(dst []Entry, runs [][]Entry) []Entry {
		all := slices.Concat(runs...)
		slices.SortStableFunc(all, func(a, b Entry) int { return cmp.Compare(a.Key, b.Key) })
		return append(dst, slices.CompactFunc(all, func(a, b Entry) bool { return a.Key == b.Key })...)
	}), nil
}

// newCopy writes what a merge writes and compares nothing: the memory traffic
// below which no merge can go.
func newCopy(*lab.Env) (Merger, error) {
	return MergerFunc(func(dst []Entry, runs [][]Entry) []Entry {
		for _, r := range runs {
			dst = append(dst, r...)
		}
		return dst
	}), nil
}
