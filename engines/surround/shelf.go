package surround

import "go.etcd.io/bbolt"

// shelf is the buckets of one validator in a transaction that writes.
type shelf struct {
	buckets []*bbolt.Bucket
	kinds   []byte
	last    Vote
	some    bool // last is one
}

// shelf opens a validator's buckets, or makes them, and reads his last vote.
func (f *file) shelf(tx *bbolt.Tx, validator uint32) (shelf, error) {
	s := shelf{kinds: f.kinds}
	for _, kind := range f.kinds {
		name := bucketName(kind, validator)
		b, err := tx.CreateBucketIfNotExists(name[:])
		if err != nil {
			return s, err
		}
		if f.fill > 0 {
			b.FillPercent = f.fill
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
