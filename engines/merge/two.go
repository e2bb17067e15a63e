package merge

import "assay/runner/lab"

// pair merges two runs into out, which has room for both, the first being the
// newer; it returns how many entries it wrote.
type pair func(out, newer, older []Entry) int

// pairs makes a merge for any number of runs of one for two: neighbours are
// merged until one run is left, which keeps them in order of age. Each entry is
// moved once a round, log2(k) times, where heap and tree move it once.
type pairs struct {
	merge pair
	rooms [2][]Entry
	runs  [][]Entry
}

func of(p pair) func(*lab.Env) (Merger, error) {
	return func(*lab.Env) (Merger, error) { return &pairs{merge: p}, nil }
}

// Merge is as [Merger] says.
func (m *pairs) Merge(dst []Entry, runs [][]Entry) []Entry {
	if len(runs) == 0 {
		return dst
	}
	n := total(runs)
	m.runs = append(m.runs[:0], runs...)
	for side := 0; len(m.runs) > 2; side = 1 - side {
		if cap(m.rooms[side]) < n {
			m.rooms[side] = make([]Entry, n)
		}
		m.round(m.rooms[side][:n])
	}
	dst, out := room(dst, n)
	written := 0
	if len(m.runs) == 2 {
		written = m.merge(out, m.runs[0], m.runs[1])
	} else {
		written = copy(out, m.runs[0])
	}
	return dst[:len(dst)-n+written]
}

// round merges neighbours into the room.
func (m *pairs) round(free []Entry) {
	kept := 0
	for i := 0; i < len(m.runs); i += 2 {
		n := 0
		if i+1 < len(m.runs) {
			n = m.merge(free, m.runs[i], m.runs[i+1])
		} else {
			n = copy(free, m.runs[i]) // or the next round would write over it
		}
		m.runs[kept] = free[:n]
		kept++
		free = free[n:]
	}
	m.runs = m.runs[:kept]
}

// direct compares the two heads and takes the smaller: a branch for each entry,
// which nobody can predict where the runs alternate at random.
func direct(out, newer, older []Entry) int {
	i, j, n := 0, 0, 0
	for i < len(newer) && j < len(older) {
		a, b := newer[i], older[j]
		switch {
		case a.Key < b.Key:
			out[n] = a
			i++
		case a.Key > b.Key:
			out[n] = b
			j++
		default:
			out[n] = a
			i, j = i+1, j+1
		}
		n++
	}
	n += copy(out[n:], newer[i:])
	return n + copy(out[n:], older[j:])
}

// branchless chooses by conditional moves: the same work whatever the pattern,
// and each step waits for the comparison before it.
func branchless(out, newer, older []Entry) int {
	i, j, n := 0, 0, 0
	for i < len(newer) && j < len(older) {
		a, b := newer[i], older[j]
		takeNewer, takeOlder := 0, 0
		if a.Key <= b.Key {
			takeNewer = 1
		}
		if b.Key <= a.Key {
			takeOlder = 1
		}
		key, value := b.Key, b.Value
		if a.Key <= b.Key {
			key = a.Key
		}
		if a.Key <= b.Key {
			value = a.Value
		}
		out[n] = Entry{key, value}
		i, j, n = i+takeNewer, j+takeOlder, n+1
	}
	n += copy(out[n:], newer[i:])
	return n + copy(out[n:], older[j:])
}
