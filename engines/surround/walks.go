package surround

import "go.etcd.io/bbolt"

// bucket opens a validator's bucket, nil where he has none.
func bucket(tx *bbolt.Tx, kind byte, validator uint32) *bbolt.Bucket {
	name := bucketName(kind, validator)
	return tx.Bucket(name[:])
}

// opened is a null variant's look: the transaction is opened and closed again.
// What a check takes beyond that is the search.
func opened(*bbolt.Tx, uint32, Vote) (Verdict, int, error) { return Safe, 0, nil }

// scan looks at every vote, from the first, until one contradicts: all of them
// where the answer is safe, which it nearly always is.
func scan(tx *bbolt.Tx, validator uint32, v Vote) (Verdict, int, error) {
	b := bucket(tx, bySource, validator)
	if b == nil {
		return Safe, 0, nil
	}
	visited := 0
	c := b.Cursor()
	for k, val := c.First(); k != nil; k, val = c.Next() {
		source, list, err := pair(bySource, k, val)
		if err != nil {
			return Safe, visited, err
		}
		for i := range list.len() {
			visited++
			if found := v.against(Vote{source, list.at(i)}); found != Safe {
				return found, visited, nil
			}
		}
	}
	return Safe, visited, nil
}

// twoBuckets walks each order from its end. By source, a vote that this one
// surrounds has a higher source: the first that is not higher ends the walk. By
// target, a vote around this one has a higher target, and the same holds. It
// needs no order but that of the keys, and is right for every set of votes.
func twoBuckets(tx *bbolt.Tx, validator uint32, v Vote) (Verdict, int, error) {
	found, inner, err := back(bucket(tx, bySource, validator), bySource, v, v.Source)
	if found != Safe || err != nil {
		return found, inner, err
	}
	found, outer, err := back(bucket(tx, byTarget, validator), byTarget, v, v.Target)
	return found, inner + outer, err
}

// back walks a bucket from its end while keys are beyond limit.
func back(b *bbolt.Bucket, kind byte, v Vote, limit uint64) (Verdict, int, error) {
	if b == nil {
		return Safe, 0, nil
	}
	visited := 0
	c := b.Cursor()
	for k, val := c.Last(); k != nil; k, val = c.Prev() {
		key, list, err := pair(kind, k, val)
		if err != nil {
			return Safe, visited, err
		}
		if key <= limit {
			return Safe, visited + 1, nil
		}
		for i := range list.len() {
			visited++
			old := Vote{key, list.at(i)}
			if kind == byTarget {
				old = Vote{list.at(i), key}
			}
			if found := v.against(old); found != Safe {
				return found, visited, nil
			}
		}
	}
	return Safe, visited, nil
}

// oneBucket walks the sources from the end, and past this vote's own by one.
// Because targets rise with sources, the least target of a source is its first,
// and of all votes with a lower source the last one has the highest target: if
// that one does not surround this vote, none does, and the second bucket has
// nothing to add.
func oneBucket(tx *bbolt.Tx, validator uint32, v Vote) (Verdict, int, error) {
	b := bucket(tx, bySource, validator)
	if b == nil {
		return Safe, 0, nil
	}
	visited := 0
	c := b.Cursor()
	for k, val := c.Last(); k != nil; k, val = c.Prev() {
		source, list, err := pair(bySource, k, val)
		if err != nil {
			return Safe, visited, err
		}
		visited++
		old := Vote{source, list.at(0)}
		if source < v.Source {
			old.Target = list.last()
		}
		if found := v.against(old); found != Safe || source < v.Source {
			return found, visited, nil
		}
	}
	return Safe, visited, nil
}
