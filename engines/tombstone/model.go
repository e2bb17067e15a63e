package tombstone

import (
	"maps"
	"slices"

	"assay/runner/lab"
)

// model is the obviously right index: a map.
type model map[Key]uint64

func newModel(*lab.Env) (Index, error) { return model{}, nil }

func (m model) Put(k Key, row uint64) error {
	if row >= removedBit {
		return errRow(row)
	}
	m[k] = row
	return nil
}

func (m model) Remove(k Key) error {
	delete(m, k)
	return nil
}

func (m model) Get(k Key) (row uint64, ok bool, err error) {
	row, ok = m[k]
	return row, ok, nil
}

func (m model) Scan(yield func(Key, uint64) bool) error {
	for _, k := range slices.SortedFunc(maps.Keys(m), Key.compare) {
		if !yield(k, m[k]) {
			break
		}
	}
	return nil
}

func (m model) Flush() error { return nil }
func (m model) reset()       { clear(m) }

// null keeps nothing.
type null struct{}

func newNull(*lab.Env) (Index, error) { return null{}, nil }

func (null) Put(Key, uint64) error             { return nil }
func (null) Remove(Key) error                  { return nil }
func (null) Get(Key) (uint64, bool, error)     { return 0, false, nil }
func (null) Scan(func(Key, uint64) bool) error { return nil }
func (null) Flush() error                      { return nil }
