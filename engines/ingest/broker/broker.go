// Package broker gathers the batches of many requests into segments: it closes
// one when it has been open for so long or holds so many bytes, writes it, and
// only then tells those whose records are in it.
//
// A segment is there whole or not at all: it is written under another name and
// renamed when it is complete. Nothing is synced, as published, so that this
// holds for programs that end and not for power that fails.
package broker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"assay/engines/ingest/segment"
	"assay/runner/clock"
)

// The published limits of a batch.
const (
	Wait  = 5 * time.Millisecond
	Bytes = 10 << 20
)

// ErrClosed answers whoever comes after Close.
var ErrClosed = errors.New("broker: it is closed")

// Config is what a broker needs. All fields are.
type Config struct {
	Dir   string // of the segments
	Clock clock.Clock
	Wait  time.Duration // how long a segment stays open after its first batch
	Bytes int           // a segment that has so many is closed at once; the batch that reaches it is still in it
	// Write writes the batches as one segment to an empty file. Batches belong
	// to their requests again when it returns.
	Write func(f *segment.File, batches []*segment.Batch, nanos int64) error
}

// Place is where the first record of a batch is.
type Place struct {
	Segment uint64 // number of the file, from 0
	First   uint32 // record in it, from 0
}

// Broker is safe for concurrent use.
type Broker struct {
	config Config
	in     chan ticket
	quit   chan struct{}
	once   sync.Once
	ended  chan struct{}

	segments atomic.Uint64 // written
	records  atomic.Uint64 // in them

	batches []*segment.Batch // of the open segment
	waiting []ticket
}

// ticket is a batch and who waits for it.
type ticket struct {
	batch *segment.Batch
	done  chan answer
}

type answer struct {
	place Place
	err   error
}

// New starts a broker.
func New(c Config) *Broker {
	b := &Broker{config: c, in: make(chan ticket), quit: make(chan struct{}), ended: make(chan struct{})}
	go b.serve()
	return b
}

// Append has the batch written and returns where it is. It waits for that; a
// context that ends before the batch is taken ends the wait, one that ends
// later does not, because the batch may be under the writer's hands. After an
// error nothing of the batch is in any segment.
func (b *Broker) Append(ctx context.Context, batch *segment.Batch) (Place, error) {
	t := ticket{batch, make(chan answer, 1)}
	select {
	case b.in <- t:
	case <-b.quit:
		return Place{}, ErrClosed
	case <-ctx.Done():
		return Place{}, context.Cause(ctx)
	}
	a := <-t.done
	return a.place, a.err
}

// Close writes what is waiting and ends the broker.
func (b *Broker) Close() {
	b.once.Do(func() { close(b.quit) })
	<-b.ended
}

// Path is the file of a segment.
func (b *Broker) Path(n uint64) string { return Path(b.config.Dir, n) }

// Path is the file of a segment in a folder.
func Path(dir string, n uint64) string { return filepath.Join(dir, fmt.Sprintf("%012d.segment", n)) }

// Counts returns the segments written so far and the records in them.
func (b *Broker) Counts() (segments, records uint64) {
	return b.segments.Load(), b.records.Load()
}

// serve is the only goroutine that touches the open segment. While it writes,
// those who come wait: that is all the back pressure there is, and enough.
func (b *Broker) serve() {
	defer close(b.ended)
	for {
		select {
		case t := <-b.in:
			more := b.gather(t)
			b.flush()
			if !more {
				return
			}
		case <-b.quit:
			return
		}
	}
}

// gather fills a segment, beginning with a first batch; false says that the
// broker is to end.
func (b *Broker) gather(t ticket) (more bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	due := make(chan struct{})
	go func() {
		if b.config.Clock.Sleep(ctx, b.config.Wait) == nil {
			close(due)
		}
	}()
	bytes := b.add(t)
	for bytes < b.config.Bytes {
		select {
		case t := <-b.in:
			bytes += b.add(t)
		case <-due:
			return true
		case <-b.quit:
			return false
		}
	}
	return true
}

func (b *Broker) add(t ticket) (bytes int) {
	b.batches, b.waiting = append(b.batches, t.batch), append(b.waiting, t)
	return t.batch.Bytes()
}

// flush writes the open segment and answers those who wait, whose batches are
// theirs again from then on.
func (b *Broker) flush() {
	n := b.segments.Load()
	err := b.write(n)
	if err == nil {
		b.segments.Add(1)
		for _, batch := range b.batches {
			b.records.Add(uint64(len(batch.Sizes)))
		}
	}
	first := uint32(0)
	for _, t := range b.waiting {
		count := uint32(len(t.batch.Sizes))
		t.done <- answer{Place{n, first}, err}
		first += count
	}
	clear(b.batches)
	clear(b.waiting)
	b.batches, b.waiting = b.batches[:0], b.waiting[:0]
}

// write makes the file of segment n.
func (b *Broker) write(n uint64) error {
	path := b.Path(n)
	f, err := segment.Create(path + ".part")
	if err != nil {
		return err
	}
	err = b.config.Write(f, b.batches, b.config.Clock.Now().UnixNano())
	if err == nil {
		err = f.Close()
	}
	if err == nil {
		err = os.Rename(path+".part", path)
	}
	if err != nil {
		f.Remove() //nolint:errcheck // the first error is the one to tell
		return fmt.Errorf("broker: segment %d: %w", n, err)
	}
	return nil
}
