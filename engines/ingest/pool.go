package ingest

import (
	"sync"

	"assay/engines/ingest/segment"
)

// pool keeps the batches of finished requests, with their buffers, for the next.
//
// It is a list under a lock and no sync.Pool, which a collection empties and
// which keeps a store per processor: what a request allocates would then
// depend on who asks when, and could not be counted exactly. A bound on what is
// kept does what the collection would have done.
type pool struct {
	mu   sync.Mutex
	free []*segment.Batch
}

const (
	mostKept    = 32      // batches: twice the clients
	largestKept = 2 << 20 // bytes of records
)

func (p *pool) get() *segment.Batch {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.free); n > 0 {
		b := p.free[n-1]
		p.free = p.free[:n-1]
		return b
	}
	return &segment.Batch{}
}

func (p *pool) put(b *segment.Batch) {
	if cap(b.Room) > largestKept {
		return
	}
	b.Sizes, b.Room = b.Sizes[:0], b.Room[:0]
	clear(b.Chunks)
	b.Chunks = b.Chunks[:0]
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.free) < mostKept {
		p.free = append(p.free, b)
	}
}
