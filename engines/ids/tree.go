package ids

import (
	"bytes"
	"slices"

	"assay/runner/lab"
)

const (
	growth = 8 // a level has eight times the tables of the one above, as in the studied store
	levels = 7
)

// tree is a small leveled store in memory: a memtable of one table, and levels
// whose tables do not overlap (O'Neil et al., "The log-structured merge-tree",
// 1996, in the form of LevelDB). A level that is too full gives the table that
// overlaps least below to the next level, where it is merged with those it
// overlaps; a table that overlaps none is moved as it is, and nothing is written.
//
// It is on nobody's side: keys are compared as bytes, and what they mean is not
// known here.
type tree struct {
	scheme
	memtable []byte // entries in the order of insertion
	sorted   []entry
	levels   [levels]level
	free     []*table // to be used again: compaction makes no garbage
	made     []*table
	next     uint64
	counts   Counts
	key      [keyBytes]byte
}

func newTree(s scheme) func(*lab.Env) (Store, error) {
	return func(*lab.Env) (Store, error) { return makeTree(s), nil }
}

func makeTree(s scheme) *tree {
	return &tree{scheme: s, memtable: make([]byte, 0, tableEntries*entryBytes)}
}

// Insert is as [Store] says.
func (t *tree) Insert(id, value uint64) {
	n := len(t.memtable)
	t.memtable = t.memtable[:n+entryBytes]
	e := t.memtable[n:]
	t.append(e[:0], id)
	fill(e, value)
	t.counts.Inserted++
	if len(t.memtable) == cap(t.memtable) {
		t.Flush()
	}
}

// Flush is as [Store] says.
func (t *tree) Flush() {
	if len(t.memtable) == 0 {
		return
	}
	t.sorted = t.sorted[:0]
	for from := 0; from < len(t.memtable); from += entryBytes {
		t.sorted = append(t.sorted, t.memtable[from:from+entryBytes])
	}
	slices.SortStableFunc(t.sorted, func(a, b entry) int { return bytes.Compare(a[:keyBytes], b[:keyBytes]) })
	flushed := t.table()
	for i, e := range t.sorted {
		if i+1 < len(t.sorted) && t.sorted[i+1].order() == e.order() {
			continue // a later value of the same key follows
		}
		flushed.add(e)
	}
	flushed.seal()
	t.counts.Flushed += flushed.len()
	t.memtable = t.memtable[:0]
	t.push(0, flushed)
	for at, room := 0, growth; at < levels-1; at, room = at+1, room*growth {
		for len(t.levels[at]) > room {
			t.sink(at)
		}
	}
}

// table returns an empty one.
func (t *tree) table() *table {
	t.next++
	if n := len(t.free); n > 0 {
		x := t.free[n-1]
		t.free = t.free[:n-1]
		*x = table{number: t.next, bytes: x.bytes[:0]}
		return x
	}
	return &table{number: t.next, bytes: make([]byte, 0, tableEntries*entryBytes)}
}

// sink gives one table of a level to the next: the one that overlaps least.
func (t *tree) sink(at int) {
	best, least := 0, len(t.levels[at+1])+1
	for i, x := range t.levels[at] {
		from, to := t.levels[at+1].overlap(x.first, x.last)
		if to-from < least {
			best, least = i, to-from
		}
	}
	x := t.levels[at][best]
	t.levels[at].replace(best, best+1, nil)
	t.push(at+1, x)
}

// push takes a table into a level.
func (t *tree) push(at int, x *table) {
	l := &t.levels[at]
	from, to := l.overlap(x.first, x.last)
	if from == to {
		t.counts.Moved++
		t.made = append(t.made[:0], x)
		l.replace(from, to, t.made)
		return
	}
	t.merge(x, (*l)[from:to])
	t.free = append(t.free, x)
	t.free = append(t.free, (*l)[from:to]...)
	l.replace(from, to, t.made)
}

// merge writes a table and the older ones that it overlaps to new tables.
func (t *tree) merge(newer *table, older []*table) {
	t.made = t.made[:0]
	i, j := 0, 0
	for i < newer.len() || len(older) > 0 {
		var e entry
		switch {
		case len(older) == 0:
			e, i = newer.at(i), i+1
		case i == newer.len():
			e, j = older[0].at(j), j+1
		default:
			a, b := newer.at(i).order(), older[0].at(j).order()
			if a <= b {
				e, i = newer.at(i), i+1
			} else {
				e, j = older[0].at(j), j+1
			}
			if a == b {
				j++ // replaced
			}
		}
		if len(older) > 0 && j == older[0].len() {
			older, j = older[1:], 0
		}
		if n := len(t.made); n == 0 || t.made[n-1].full() {
			t.made = append(t.made, t.table())
		}
		t.made[len(t.made)-1].add(e)
		t.counts.Rewritten++
	}
	for _, x := range t.made {
		x.seal()
	}
}

// Get is as [Store] says.
func (t *tree) Get(id uint64) (value uint64, ok bool) {
	k := order(t.append(t.key[:0], id))
	for from := len(t.memtable) - entryBytes; from >= 0; from -= entryBytes {
		if e := entry(t.memtable[from:]); e.order() == k {
			return e.value(), true
		}
	}
	for i := range t.levels {
		from, to := t.levels[i].overlap(k, k)
		if from == to {
			continue
		}
		x := t.levels[i][from]
		t.counts.Searched++
		if at, found := x.find(k); found {
			t.counts.LastBlock = Block{x.number, at / blockEntries}
			return x.at(at).value(), true
		}
	}
	return 0, false
}

// Reset is as [Store] says.
func (t *tree) Reset() {
	t.memtable = t.memtable[:0]
	for i := range t.levels {
		t.free = append(t.free, t.levels[i]...)
		t.levels[i] = t.levels[i][:0]
	}
}

// Counts is as [Counter] says.
func (t *tree) Counts() Counts { return t.counts }
