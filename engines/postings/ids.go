package postings

import (
	"fmt"
	"math/bits"
	"slices"

	"assay/runner/lab"
	"assay/workloads"
)

// tagBits is how many low bits of an id are its tag, where there are tags.
const tagBits = 10

// tagged reports whether ids of the workload carry tags.
func tagged(env *lab.Env) bool { return env.Workload.Values() != "" }

// idOf turns an entry into an id.
func idOf(env *lab.Env, e workloads.Entry) (uint64, error) {
	if !tagged(env) {
		return e.Key, nil
	}
	if e.Value>>tagBits > 0 {
		return 0, fmt.Errorf("a tag of %d: tags have %d bits, choose values=uniform:0-%d or below", e.Value, tagBits, 1<<tagBits-1)
	}
	if n := bits.Len64(e.Key); n > 64-tagBits {
		return 0, fmt.Errorf("key %d has %d bits: beside a tag there is room for %d; leave out values= or choose smaller keys", e.Key, n, 64-tagBits)
	}
	return e.Key<<tagBits | e.Value, nil
}

// idsOf returns the loaded ids, sorted, each once.
func idsOf(env *lab.Env) ([]uint64, error) {
	ids := make([]uint64, len(env.Data.Entries))
	for i, e := range env.Data.Entries {
		id, err := idOf(env, e)
		if err != nil {
			return nil, err
		}
		ids[i] = id
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// fresh finds ids that are not taken, near those it is asked about.
type fresh struct {
	after map[uint64]uint64 // where to look on, for each id that is taken
	step  uint64
}

func newFresh(env *lab.Env, ids []uint64) fresh {
	f := fresh{make(map[uint64]uint64, 2*len(ids)), 1}
	if tagged(env) {
		f.step = 1 << tagBits
	}
	for _, id := range ids {
		f.after[id] = id + f.step
	}
	return f
}

// next takes the first id above one that is not taken, going on from 0 past the
// largest number. What it passed over it will not pass over again: dense lists
// have long runs without a hole.
func (f fresh) next(id uint64) uint64 {
	free := id
	for on, taken := f.after[free]; taken; on, taken = f.after[free] {
		free = on
	}
	for on, taken := f.after[id]; taken; on, taken = f.after[id] {
		f.after[id] = free + f.step
		id = on
	}
	f.after[free] = free + f.step
	return free
}
