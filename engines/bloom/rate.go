package bloom

import (
	"assay/runner/lab"
	"assay/workloads"
)

const (
	// missProbes is how many absent keys the miss operation asks for: at 1 % the
	// count of lies is then good to 1 %. The other operations show the rate beside
	// their times, and fewProbes are enough to see that it is the same.
	missProbes = 1 << 20
	fewProbes  = 1 << 16
	// parts is how many observations of the rate that makes.
	parts = 16
	// manyKeys is where one filter stands for all of its size: below, the share
	// of slots set varies from filter to filter, and each is asked for perKey
	// times as many keys as it holds before another is made.
	manyKeys = 1 << 14
	perKey   = 4
)

// survey counts the false-positive rate before the operation itself is counted,
// so that the rate stands beside every time and its cost beside none.
type survey struct {
	rates       []float64
	ideal, bits float64
	turn        int
}

// report gives one observation per batch, in turn; it allocates nothing.
func (s *survey) report(t *lab.T) {
	if s == nil {
		return
	}
	rate := s.rates[s.turn%len(s.rates)]
	s.turn++
	t.Report(falsePositiveRate, rate)
	t.Report(rateOverIdeal, rate/s.ideal)
	t.Report(bitsPerKey, s.bits)
}

// examine surveys a loaded filter and leaves it loaded. The harness's own null
// has no size and no rate: it returns nil.
func examine(t *lab.T, f Filter, probes int) (*survey, error) {
	if f.SizeBytes() == 0 {
		return nil, nil
	}
	stream, err := t.Data.Records(workloads.Absent, t.Seed)
	if err != nil {
		return nil, err
	}
	x := examiner{data: t.Data, filter: f, ask: prober(f), stream: stream, batch: make([]workloads.Record, 256), held: map[string]struct{}{}}
	slots := uint64(f.SizeBytes()) * 8
	if s, ok := f.(slotted); ok {
		slots = s.slots()
	}
	keys := distinct(t.Data)
	s := &survey{ideal: idealRate(slots, keys), bits: 8 * float64(f.SizeBytes()) / float64(keys)}
	for range parts {
		rate, err := x.rate(probes / parts)
		if err != nil {
			return nil, err
		}
		s.rates = append(s.rates, rate)
	}
	return s, x.fill(0)
}

func distinct(d *workloads.Data) int {
	n := 0
	for i, e := range d.Entries {
		if last, _ := d.Position(e.Key); last == uint32(i) {
			n++
		}
	}
	return n
}

// examiner asks filters of one size for absent keys.
type examiner struct {
	data   *workloads.Data
	filter Filter
	ask    probe
	stream *workloads.RecordStream
	batch  []workloads.Record
	held   map[string]struct{} // the keys of the filter in hand, where they are not the data's
	round  uint64
}

// rate asks for so many absent keys and returns the share that was claimed.
func (x *examiner) rate(probes int) (float64, error) {
	each := probes
	_, renew := x.filter.(Resetter)
	if renew = renew && len(x.data.Entries) <= manyKeys; renew {
		each = min(probes, max(len(x.batch), perKey*len(x.data.Entries)))
	}
	lies, asked := 0, 0
	for asked < probes {
		if renew {
			x.round++
			if err := x.fill(x.round); err != nil {
				return 0, err
			}
		}
		for n := 0; n < each; n += len(x.batch) {
			x.stream.Next(x.batch)
			asked += len(x.batch)
			if x.ask(x.batch) > 0 {
				lies += x.lies()
			}
		}
	}
	return float64(lies) / float64(asked), nil
}

// lies goes through a batch again, key by key. A key that the altered ones
// happen to contain is no lie.
func (x *examiner) lies() int {
	lies := 0
	for _, r := range x.batch {
		if _, held := x.held[string(r.Key)]; !held && x.filter.Contains(r.Key) {
			lies++
		}
	}
	return lies
}

// fill empties the filter and loads the data's keys, altered by the round: 0
// are the keys themselves.
func (x *examiner) fill(round uint64) error {
	r, ok := x.filter.(Resetter)
	if !ok {
		return nil
	}
	r.Reset()
	clear(x.held)
	var key []byte
	for _, e := range x.data.Entries {
		key = x.data.AppendKey(key[:0], e)
		if round > 0 {
			alter(key, round)
			x.held[string(key)] = struct{}{}
		}
		x.filter.Add(key)
	}
	return build(x.filter)
}

// alter makes another key of the same length: two bits of the round change the
// two high bits of each byte. It is a bijection, so as many keys stay distinct.
func alter(key []byte, round uint64) {
	for i := range key {
		key[i] ^= byte(round) << 6
		round >>= 2
	}
}

func build(f Filter) error {
	if s, ok := f.(Static); ok {
		return s.Build()
	}
	return nil
}
