package blockcache

import (
	"math/rand/v2"

	"assay/runner/lab"
)

// depth is how many reads are in flight.
const depth = 8

// flight looks blocks up and writes some, while reads take their time.
type flight struct {
	*disk
	queue   []inFlight // oldest first
	scratch []byte
	faults  faults
	found   int
}

type inFlight struct {
	Read
	version uint64 // when it began
}

func newFlight(d *disk, blockBytes int) *flight {
	return &flight{disk: d, queue: make([]inFlight, 0, depth), scratch: make([]byte, blockBytes)}
}

// land ends the oldest read: its other half arrives.
func (f *flight) land() {
	r := f.queue[0]
	stampHead(r.Block, r.Address, r.version)
	f.cache.End(r.Read)
	f.queue = append(f.queue[:0], f.queue[1:]...)
}

// look asks for a block and begins its read if it is not there. It returns the
// version that the caller gets, now or when the read ends.
func (f *flight) look(address, truth uint64) uint64 {
	if block, ok := f.cache.Get(address); ok {
		f.found++
		at, version, whole := intact(block)
		switch {
		case !whole || at != address:
			f.faults.torn++
			return ^truth
		case version != truth:
			f.faults.old++
		}
		return version
	}
	r, ok := f.cache.Begin(address)
	if !ok {
		return truth // it waits for the read in flight, or for room
	}
	for i := range f.queue {
		if f.queue[i].Address == address && f.queue[i].version == truth {
			f.faults.double++
		}
	}
	stampTail(r.Block, address, truth)
	f.queue = append(f.queue, inFlight{r, truth})
	if len(f.queue) == depth {
		f.land()
	}
	return truth
}

// write makes a new version.
func (f *flight) write(address uint64, version uint64) {
	stamp(f.scratch, address, version)
	f.scratch = f.cache.Write(address, f.scratch)
}

// inflight runs lookups with a write among sixteen.
func inflight(t *lab.T, c Cache) error {
	f := newFlight(newDisk(t, c), blockBytes)
	t.Prepare(f.place)
	g := rand.NewPCG(t.Seed, 0x666c79)
	for batch := range t.Batches {
		f.faults, f.found = faults{}, 0
		dice := g.Uint64()
		sum, lookups := uint64(0), 0
		for i := range batch {
			e := &batch[i]
			if i%16 == int(dice&15) {
				f.versions[e.Place]++
				f.write(e.Key, f.versions[e.Place])
				dice = dice>>4 | dice<<60
				continue
			}
			lookups++
			truth := f.versions[e.Place]
			got := f.look(e.Key, truth)
			if f.mistaken { // what is wrong on purpose is counted, not compared
				got = truth
			}
			sum = sum*31 + got
		}
		t.Fold(sum)
		f.reportFaults(f.faults, len(batch))
		f.reportHits(f.found, lookups)
	}
	for len(f.queue) > 0 {
		f.land()
	}
	return nil
}
