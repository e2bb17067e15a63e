package surround

import (
	"fmt"

	"go.etcd.io/bbolt"
)

// buckets keeps an entry for each source or each target, in one bucket or two
// for each validator.
type buckets struct {
	kinds []byte  // one or both of bySource and byTarget
	fill  float64 // of a page that is split; 0 leaves it to bbolt, which fills half
}

// put puts records into their buckets. A validator's last vote is looked up
// once where his records stand together.
func (l buckets) put(tx *bbolt.Tx, records []Record) error {
	values := make([]byte, 0, epochBytes*len(records)*len(l.kinds)) // bbolt refers to them until it commits
	var at shelf
	for i, r := range records {
		err := r.check()
		if err == nil && (i == 0 || r.Validator != records[i-1].Validator) {
			at, err = l.shelf(tx, r.Validator)
		}
		if err == nil && at.some {
			err = r.Vote.follows(at.last)
		}
		if err == nil {
			values, err = at.put(r.Vote, values)
		}
		if err != nil {
			return r.wrong(i, err)
		}
	}
	return nil
}

// verify reads every vote of the file.
func (buckets) verify(tx *bbolt.Tx) error {
	return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
		kind, validator, err := parseName(name)
		if err == nil {
			err = inOrder(kind, b)
		}
		if err != nil {
			return fmt.Errorf("validator %d: %w", validator, err)
		}
		return nil
	})
}

// inOrder holds that the votes of a bucket are a history.
func inOrder(kind byte, b *bbolt.Bucket) error {
	var list []Vote
	var last Vote
	first := true
	c := b.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		var err error
		if list, err = votes(list[:0], kind, k, v); err != nil {
			return err
		}
		for _, vote := range list {
			err := vote.check()
			if err == nil && !first {
				err = vote.follows(last)
			}
			if err != nil {
				return fmt.Errorf("%w: %w", errDamaged, err)
			}
			last, first = vote, false
		}
	}
	return nil
}

// shelf is the buckets of one validator in a transaction that writes.
type shelf struct {
	buckets []*bbolt.Bucket
	kinds   []byte
	last    Vote
	some    bool // last is one
}

// shelf opens a validator's buckets, or makes them, and reads his last vote.
func (l buckets) shelf(tx *bbolt.Tx, validator uint32) (shelf, error) {
	s := shelf{kinds: l.kinds}
	for _, kind := range l.kinds {
		name := bucketName(kind, validator)
		b, err := tx.CreateBucketIfNotExists(name[:])
		if err != nil {
			return s, err
		}
		if l.fill > 0 {
			b.FillPercent = l.fill
		}
		s.buckets = append(s.buckets, b)
	}
	k, v := s.buckets[0].Cursor().Last()
	if k == nil {
		return s, nil
	}
	list, err := votes(nil, s.kinds[0], k, v)
	if err != nil {
		return s, err
	}
	s.last, s.some = list[len(list)-1], true
	return s, nil
}

// put puts a vote into every bucket of the shelf. It returns values with what
// the buckets now refer to.
func (s *shelf) put(v Vote, values []byte) ([]byte, error) {
	for i, b := range s.buckets {
		key, value := epochKey(v.Source), epochKey(v.Target)
		if s.kinds[i] == byTarget {
			key, value = value, key
		}
		var list []byte
		if s.kinds[i] == bySource && s.some && s.last.Source == v.Source {
			old := b.Get(key[:])
			list = append(append(make([]byte, 0, len(old)+epochBytes), old...), value[:]...)
		} else {
			from := len(values)
			values = append(values, value[:]...)
			list = values[from:len(values):len(values)]
		}
		if err := b.Put(key[:], list); err != nil {
			return values, err
		}
	}
	s.last, s.some = v, true
	return values, nil
}
