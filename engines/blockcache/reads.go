package blockcache

// mostReads is how many reads may be in flight at a time.
const mostReads = 16

// reads are the reads in flight of a cache whose blocks are no part of its
// entries: each goes to a spare block, which becomes the cache's at its end in
// exchange for another.
type reads struct {
	spare   [][]byte
	pending [mostReads]pending
	running int
}

type pending struct {
	address uint64
	state   uint8
}

const (
	idle = iota
	wanted
	overtaken // written since it began
)

func newReads(size int) reads {
	r := reads{spare: make([][]byte, mostReads)}
	slab := make([]byte, mostReads*size)
	for i := range r.spare {
		r.spare[i] = slab[i*size:][:size:size]
	}
	return r
}

// find returns the read of an address that is still wanted.
func (r *reads) find(address uint64) (*pending, bool) {
	if r.running == 0 {
		return nil, false
	}
	for i := range r.pending {
		if p := &r.pending[i]; p.address == address && p.state == wanted {
			return p, true
		}
	}
	return nil, false
}

func (r *reads) begin(address uint64) (Read, bool) {
	if r.running == mostReads {
		return Read{}, false
	}
	if _, found := r.find(address); found {
		return Read{}, false
	}
	slot := 0
	for r.pending[slot].state != idle {
		slot++
	}
	r.pending[slot] = pending{address, wanted}
	r.running++
	last := len(r.spare) - 1
	block := r.spare[last]
	r.spare = r.spare[:last]
	return Read{address, block, slot}, true
}

// end says whether the block is still wanted. Where it is, the caller gives
// another for it; where not, it is a spare one again.
func (r *reads) end(done Read) bool {
	p := &r.pending[done.slot]
	keep := p.state == wanted
	*p = pending{}
	r.running--
	if !keep {
		r.give(done.Block)
	}
	return keep
}

func (r *reads) give(block []byte) { r.spare = append(r.spare, block) }

// overtake drops the read of an address that is written.
func (r *reads) overtake(address uint64) {
	if p, ok := r.find(address); ok {
		p.state = overtaken
	}
}
