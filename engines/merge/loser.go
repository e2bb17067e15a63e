package merge

import (
	"math"

	"assay/runner/lab"
)

// losers is a tree of losers (Knuth, The Art of Computer Programming 3, 5.4.1):
// each node keeps the run that lost there, so that the next winner is found on
// the path of the last one alone, one comparison a level where the heap has two.
type losers struct {
	nodes []contender // nodes[0] is the winner; the others lost at their place
	rests [][]Entry
}

// contender is a run at a key. One that has ended is older than any other, at
// the largest key: no third case in the comparison.
type contender struct {
	key uint64
	age int
}

func newLosers(*lab.Env) (Merger, error) { return &losers{}, nil }

func (a contender) before(b contender) bool {
	return a.key < b.key || a.key == b.key && a.age < b.age
}

// Merge is as [Merger] says.
func (l *losers) Merge(dst []Entry, runs [][]Entry) []Entry {
	dst, out := room(dst, total(runs))
	if len(runs) == 0 {
		return dst
	}
	l.rests = append(l.rests[:0], runs...)
	k := len(runs)
	l.nodes = l.nodes[:0]
	for range k {
		l.nodes = append(l.nodes, contender{age: -1})
	}
	for i := range k {
		l.play(l.head(i, k), k)
	}
	n := 0
	for {
		winner := l.nodes[0]
		if winner.age >= k {
			return dst[:len(dst)-len(out)+n]
		}
		rest := l.rests[winner.age]
		if n == 0 || out[n-1].Key != winner.key {
			out[n] = rest[0]
			n++
		}
		l.rests[winner.age] = rest[1:]
		l.replay(l.head(winner.age, k), winner.age, k)
	}
}

// head is the run as a contender.
func (l *losers) head(run, k int) contender {
	if rest := l.rests[run]; len(rest) > 0 {
		return contender{rest[0].Key, run}
	}
	return contender{math.MaxUint64, k + run}
}

// play enters a run for the first time: it waits at the first empty node on its
// way up. The last to enter finds none, and the winner of all comes out on top.
func (l *losers) play(c contender, k int) {
	for at := (c.age%k + k) / 2; at > 0; at /= 2 {
		if l.nodes[at].age < 0 {
			l.nodes[at] = c
			return
		}
		if l.nodes[at].before(c) {
			l.nodes[at], c = c, l.nodes[at]
		}
	}
	l.nodes[0] = c
}

// replay moves the run that won up the tree again, at its next key.
func (l *losers) replay(c contender, run, k int) {
	for at := (run + k) / 2; at > 0; at /= 2 {
		if l.nodes[at].before(c) {
			l.nodes[at], c = c, l.nodes[at]
		}
	}
	l.nodes[0] = c
}
