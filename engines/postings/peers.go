package postings

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"assay/runner/lab"
)

// peers are other people's libraries.
func peers() []lab.Variant[List] {
	return []lab.Variant[List]{
		{Name: "roaring64", Doc: "github.com/RoaringBitmap/roaring/v2/roaring64, its bytes as written out", New: newBitmap, Peer: true},
	}
}

// bitmap is a roaring bitmap of 64-bit numbers. It has no pages: its bytes are
// those it is written in.
type bitmap struct{ ids *roaring64.Bitmap }

func newBitmap(*lab.Env) (List, error) { return &bitmap{roaring64.New()}, nil }

func (b *bitmap) Build(ids []uint64) error {
	for i, id := range ids {
		if i > 0 && id <= ids[i-1] { // a bitmap would take them
			return fmt.Errorf("id %d at place %d follows %d: sort the ids and drop duplicates", id, i, ids[i-1])
		}
	}
	b.ids = roaring64.New()
	b.ids.AddMany(ids)
	return nil
}

func (b *bitmap) Apply(changes []Change) error {
	for _, c := range changes {
		if c.Remove {
			b.ids.Remove(c.ID)
		} else {
			b.ids.Add(c.ID)
		}
	}
	return nil
}

func (b *bitmap) Count() int { return int(b.ids.GetCardinality()) }

func (b *bitmap) Cost() Cost {
	return Cost{Bytes: int(b.ids.GetSerializedSizeInBytes()), IDs: b.Count()}
}

func (b *bitmap) Cursor() Cursor { return &many{ids: b.ids, many: b.ids.ManyIterator()} }

// many reads with the iterator that fills slices and seeks with the one that
// can. Neither moves back: a seek that must starts another.
type many struct {
	ids  *roaring64.Bitmap
	many roaring64.ManyIntIterable64
	room [256]uint64

	seeker roaring64.IntPeekable64 // nil until the first Seek
	last   uint64
}

func (m *many) Next() []uint64 {
	if m.seeker == nil {
		return m.room[:m.many.NextMany(m.room[:])]
	}
	n := 0
	for ; n < len(m.room) && m.seeker.HasNext(); n++ {
		m.room[n] = m.seeker.Next()
	}
	if n > 0 {
		m.last = m.room[n-1]
	}
	return m.room[:n]
}

func (m *many) Seek(id uint64) (uint64, bool) {
	if m.seeker == nil || id <= m.last {
		m.seeker = m.ids.Iterator()
	}
	m.last = 0
	if id > 0 {
		m.last = id - 1
	}
	m.seeker.AdvanceIfNeeded(id)
	if !m.seeker.HasNext() {
		return 0, false
	}
	return m.seeker.PeekNext(), true
}
