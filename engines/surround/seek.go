package surround

import (
	"go.etcd.io/bbolt"
)

// Why two neighbours are enough. Sources and targets of a history rise together
// (see Vote.follows). Of the votes with a source above x, the one with the
// least source has the least target: if the vote x>y does not surround that
// one, it surrounds none. Of those with a source below x, the one with the
// highest source has the highest target: if that one does not surround the
// vote, none does. In a history out of order both sentences are false, and so
// such a history is refused, when it is appended and when it is opened.

// seekSource finds the place of the source, and looks at the next higher and
// the next lower one.
func seekSource(tx *bbolt.Tx, validator uint32, v Vote) (Verdict, int, error) {
	b := bucket(tx, bySource, validator)
	if b == nil {
		return Safe, 0, nil
	}
	visited := 0
	key := epochKey(v.Source)
	c := b.Cursor()
	k, val := c.Seek(key[:])
	same := k != nil && string(k) == string(key[:])
	if same {
		k, val = c.Next()
	}
	if k != nil {
		source, list, err := pair(bySource, k, val)
		if err != nil {
			return Safe, visited, err
		}
		visited++
		if v.Source < source && v.Target > list.at(0) {
			return Surrounds, visited, nil
		}
		if same {
			c.Prev()
		}
	}
	// Where there was no next, bbolt left the cursor on the last entry (same),
	// or behind it: one step back is the lower neighbour either way.
	k, val = c.Prev()
	if k == nil {
		return Safe, visited, nil
	}
	source, list, err := pair(bySource, k, val)
	if err != nil {
		return Safe, visited, err
	}
	visited++
	if v.Source > source && v.Target < list.last() {
		return Surrounded, visited, nil
	}
	return Safe, visited, nil
}

// seekTarget does the same in the order of targets, where every vote has an
// entry of its own: below y the last vote has the highest source, above y the
// first has the lowest. No list grows while finality stands still.
func seekTarget(tx *bbolt.Tx, validator uint32, v Vote) (Verdict, int, error) {
	b := bucket(tx, byTarget, validator)
	if b == nil {
		return Safe, 0, nil
	}
	visited := 0
	key := epochKey(v.Target)
	c := b.Cursor()
	k, val := c.Seek(key[:])
	same := k != nil && string(k) == string(key[:])
	if same {
		k, val = c.Next()
	}
	if k != nil {
		_, list, err := pair(byTarget, k, val)
		if err != nil {
			return Safe, visited, err
		}
		visited++
		if v.Source > list.at(0) {
			return Surrounded, visited, nil
		}
		if same {
			c.Prev()
		}
	}
	k, val = c.Prev()
	if k == nil {
		return Safe, visited, nil
	}
	_, list, err := pair(byTarget, k, val)
	if err != nil {
		return Safe, visited, err
	}
	visited++
	if v.Source < list.at(0) {
		return Surrounds, visited, nil
	}
	return Safe, visited, nil
}
