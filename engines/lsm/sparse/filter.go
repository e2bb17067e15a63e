package sparse

import "assay/engines/bloom"

// Filter is the kind of filter in front of a table. All are sized for 1 %.
type Filter uint8

// The filters. Naive is the published one, whose probes run in step: its rate
// is 15 %. SlowCorrect hashes as often, and right. DoubleHash is the published
// mend: the two halves of one hash, fast and right.
const (
	Naive Filter = iota
	SlowCorrect
	DoubleHash
)

// make returns an empty filter for so many keys.
func (f Filter) make(keys int) (bloom.Filter, error) {
	keys = max(keys, 1)
	switch f {
	case SlowCorrect:
		return bloom.NewIndependent(keys, filterRate)
	case DoubleHash:
		return bloom.NewDouble(keys, filterRate)
	}
	return bloom.NewNaive(keys, filterRate)
}
