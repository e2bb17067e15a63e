package ids

import (
	"fmt"

	"assay/runner/lab"
	"assay/workloads"
)

// value is what is stored under an id.
func value(id uint64) uint64 { return id*odd ^ id>>7 }

func countsOf(s Store) Counts {
	if c, ok := s.(Counter); ok {
		return c.Counts()
	}
	return Counts{}
}

// insert puts new ids, one after the other, into an empty store, and flushes it
// and starts again whenever it has taken as many as are loaded.
func insert(t *lab.T, s Store) error {
	full := len(t.Data.Entries)
	taken, before := 0, countsOf(s)
	for batch := range t.Batches {
		for rest := batch; len(rest) > 0; {
			part := rest[:min(len(rest), full-taken)]
			rest = rest[len(part):]
			for i := range part {
				s.Insert(part[i].Key, value(part[i].Key))
			}
			if taken += len(part); taken < full {
				continue
			}
			s.Flush()
			report(t, before, countsOf(s))
			if t.Answering() {
				for i := range part {
					got, _ := s.Get(part[i].Key)
					t.Fold(got)
				}
			}
			s.Reset()
			taken, before = 0, countsOf(s)
		}
	}
	return nil
}

// report tells what the compactions of a full store wrote.
func report(t *lab.T, before, after Counts) {
	n := float64(after.Inserted - before.Inserted)
	if !t.Counting() || n == 0 {
		return
	}
	rewritten := float64(after.Rewritten - before.Rewritten)
	t.Report(rewrittenPerEntry, entryBytes*rewritten/n)
	t.Report(writeAmplification, (rewritten+float64(after.Flushed-before.Flushed))/n)
}

// get looks up ids that are there.
func get(t *lab.T, s Store) error {
	load(t, s)
	for batch := range t.Batches {
		before := countsOf(s)
		sum := uint64(0)
		for i := range batch {
			v, _ := s.Get(batch[i].Key)
			sum = sum*31 + v
		}
		t.Fold(sum)
		if searched := countsOf(s).Searched - before.Searched; t.Counting() && searched > 0 {
			t.Report(searchedPerOp, float64(searched)/float64(len(batch)))
		}
	}
	return nil
}

func load(t *lab.T, s Store) {
	for _, e := range t.Data.Entries {
		s.Insert(e.Key, value(e.Key))
	}
	s.Flush()
}

// together is how many ids in a row the operation recent reads.
const together = 64

// recent looks up ids that were handed out one after another, 64 at a time.
func recent(t *lab.T, s Store) error {
	if len(t.Data.Entries) < together {
		return fmt.Errorf("%d ids are loaded, and %d are read together: load more (count=N)", len(t.Data.Entries), together)
	}
	load(t, s)
	t.Prepare(func(pool []workloads.Entry) { // each stretch begins where its first draw fell
		for i := range pool {
			if i%together == 0 {
				pool[i].Index = min(pool[i].Index, uint32(len(t.Data.Entries)-together))
			} else {
				pool[i].Index = pool[i-1].Index + 1
			}
			pool[i].Key = t.Data.Entries[pool[i].Index].Key
		}
	})
	blocks := map[Block]bool{}
	for batch := range t.Batches {
		sum := uint64(0)
		for i := range batch {
			v, _ := s.Get(batch[i].Key)
			sum = sum*31 + v
		}
		t.Fold(sum)
		if _, counts := s.(Counter); !t.Counting() || !counts {
			continue
		}
		clear(blocks)
		for i := range batch {
			s.Get(batch[i].Key)
			blocks[countsOf(s).LastBlock] = true
		}
		t.Report(blocksPerOp, float64(len(blocks))/float64(len(batch)))
	}
	return nil
}
