package merge

// Entry is one record of a run.
type Entry struct{ Key, Value uint64 }

// Merger is the contract: what the compaction of a log-structured store does
// with its tables.
type Merger interface {
	// Merge appends to dst what the runs hold, in key order, each key once. The
	// runs are sorted, without a key twice; the first is the newest, and of
	// equal keys the newest entry stays. Runs that are not sorted give entries
	// in no particular order, never more than there are.
	//
	// dst must not overlap the runs. Nothing is allocated where it has room.
	Merge(dst []Entry, runs [][]Entry) []Entry
}

// MergerFunc is a Merger made of a function.
type MergerFunc func(dst []Entry, runs [][]Entry) []Entry

// Merge calls the function.
func (f MergerFunc) Merge(dst []Entry, runs [][]Entry) []Entry { return f(dst, runs) }

// room makes place for n entries behind dst and returns it.
func room(dst []Entry, n int) (grown, free []Entry) {
	if cap(dst)-len(dst) < n {
		dst = append(make([]Entry, 0, len(dst)+n), dst...)
	}
	grown = dst[:len(dst)+n]
	return grown, grown[len(dst):]
}

func total(runs [][]Entry) int {
	n := 0
	for _, r := range runs {
		n += len(r)
	}
	return n
}
