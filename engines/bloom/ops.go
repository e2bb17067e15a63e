package bloom

import (
	"math/rand/v2"

	"assay/runner/lab"
	"assay/workloads"
)

// probe asks a filter for every key of a batch and returns how many it claims.
type probe func([]workloads.Record) uint64

// prober returns the measured loop: the batch contract where the variant has
// it, else key by key. It is called once per batch.
func prober(f Filter) probe {
	if b, ok := f.(Batch); ok {
		var room []bool
		return func(batch []workloads.Record) uint64 {
			if len(room) < len(batch) {
				room = make([]bool, len(batch))
			}
			found := room[:len(batch)]
			b.ContainsBatch(batch, found)
			return count(found)
		}
	}
	return func(batch []workloads.Record) uint64 {
		n := uint64(0)
		for i := range batch {
			if f.Contains(batch[i].Key) {
				n++
			}
		}
		return n
	}
}

func count(found []bool) uint64 {
	n := uint64(0)
	for _, yes := range found {
		one := uint64(0)
		if yes { // compiled to a move, not to a branch
			one = 1
		}
		n += one
	}
	return n
}

// load adds the whole population and, in the pass that counts, surveys the rate
// with so many absent keys.
func load(t *lab.T, f Filter, probes int) (*survey, error) {
	var key []byte
	for _, e := range t.Data.Entries {
		key = t.Data.AppendKey(key[:0], e)
		f.Add(key)
	}
	if err := build(f); err != nil {
		return nil, err
	}
	if !t.Counting() {
		return nil, nil
	}
	return examine(t, f, probes)
}

// add fills an empty filter with as many new keys as it was sized for, builds
// it where it must be built, and starts again.
func add(t *lab.T, f Filter) error {
	s, err := load(t, f, fewProbes)
	if err != nil {
		return err
	}
	full := len(t.Data.Entries)
	added := full
	for batch := range t.Records {
		if added >= full {
			if r, ok := f.(Resetter); ok {
				r.Reset()
			}
			added = 0
		}
		for i := range batch {
			f.Add(batch[i].Key)
		}
		if added += len(batch); added >= full {
			if err := build(f); err != nil {
				return err
			}
		}
		if t.Answering() {
			t.Fold(prober(f)(batch))
		}
		s.report(t)
	}
	return nil
}

// hit folds how many keys were found, all of them: a false negative differs
// from the model.
func hit(t *lab.T, f Filter) error {
	s, err := load(t, f, fewProbes)
	if err != nil {
		return err
	}
	ask := prober(f)
	for batch := range t.Records {
		t.Fold(ask(batch))
		s.report(t)
	}
	return nil
}

// miss folds nothing: filters may differ in which absent keys they claim, and
// how many they claim is an exact unit.
func miss(t *lab.T, f Filter) error {
	s, err := load(t, f, missProbes)
	if err != nil {
		return err
	}
	ask := prober(f)
	for batch := range t.Records {
		ask(batch)
		s.report(t)
	}
	return nil
}

// mixed asks for present and absent keys in random order, half and half.
func mixed(t *lab.T, f Filter) error {
	s, err := load(t, f, fewProbes)
	if err != nil {
		return err
	}
	x, err := newMixer(t)
	if err != nil {
		return err
	}
	ask := prober(f)
	for batch := range t.Records {
		n := ask(x.mix(batch))
		if t.Answering() {
			t.Fold(n - x.claimed(f))
		}
		s.report(t)
	}
	return nil
}

// absentDrawn is how many absent keys the mixed operation draws beforehand.
const absentDrawn = 1 << 15

// mixer replaces half of a batch of present keys by absent ones. The copy is
// inside the clock, a few nanoseconds per key for all variants alike; the null
// variant shows how many.
type mixer struct {
	absent []workloads.Record
	at     int
	coin   *rand.PCG
	mixed  []workloads.Record
}

func newMixer(t *lab.T) (*mixer, error) {
	stream, err := t.Data.Records(workloads.Absent, t.Seed)
	if err != nil {
		return nil, err
	}
	x := &mixer{absent: make([]workloads.Record, absentDrawn), coin: rand.NewPCG(t.Seed, 0x6d69786564)}
	stream.Next(x.absent)
	return x, nil
}

func (x *mixer) mix(batch []workloads.Record) []workloads.Record {
	if len(x.mixed) < len(batch) {
		x.mixed = make([]workloads.Record, len(batch))
	}
	mixed := x.mixed[:len(batch)]
	coins := uint64(0)
	for i := range batch {
		if i&63 == 0 {
			coins = x.coin.Uint64()
		}
		// Indexed and not chosen with if: half of those branches would miss.
		from := [2]*workloads.Record{&batch[i], &x.absent[x.at]}[coins&1]
		x.at = (x.at + int(coins&1)) & (absentDrawn - 1)
		mixed[i].Key, mixed[i].Index = from.Key, from.Index
		coins >>= 1
	}
	return mixed
}

// claimed is how many absent keys of the last batch the filter claims: that
// many positives are no answer to compare.
func (x *mixer) claimed(f Filter) uint64 {
	n := uint64(0)
	for _, r := range x.mixed {
		if r.Index == x.absent[0].Index && f.Contains(r.Key) {
			n++
		}
	}
	return n
}
