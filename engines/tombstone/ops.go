package tombstone

import (
	"errors"
	"fmt"

	"assay/runner/lab"
	"assay/workloads"
)

// most is how many tables there may be before they are merged: the 12 that
// 200,000 updates fill.
const most = 12

// bank is the accounts whose balances are indexed. An account is a loaded entry.
type bank struct {
	t        *lab.T
	index    Index
	balances []uint64
	failed   error // outside the clock; the next batch tells it
}

// open puts every account into the index, and flushes: what follows begins with
// an empty memtable.
func open(t *lab.T, x Index) (*bank, error) {
	b := &bank{t: t, index: x, balances: make([]uint64, len(t.Data.Entries))}
	for i := range b.balances {
		if err := x.Put(Key{0, uint64(i)}, uint64(i)); err != nil {
			return nil, err
		}
	}
	return b, x.Flush()
}

// credit adds to the balance of an account: a remove and a put. Balances of
// credits only grow, so no key comes twice.
func (b *bank) credit(account int, amount uint64) error {
	old := b.balances[account]
	b.balances[account] = old + amount
	if err := b.index.Remove(Key{old, uint64(account)}); err != nil {
		return err
	}
	return b.index.Put(Key{old + amount, uint64(account)}, uint64(account))
}

// amount is what an entry transfers, at least 1.
func amount(e *workloads.Entry) uint64 { return 1 + e.Value&1023 }

func (b *bank) counts() Counts {
	if c, ok := b.index.(Counter); ok {
		return c.Counts()
	}
	return Counts{}
}

func (b *bank) compact() error {
	if c, ok := b.index.(Compacter); ok {
		return c.Compact()
	}
	return nil
}

// answer folds the whole index.
func (b *bank) answer() error {
	return b.index.Scan(func(k Key, row uint64) bool {
		b.t.Fold(k.Balance)
		b.t.Fold(k.ID ^ row<<32)
		return true
	})
}

// report tells of what was flushed and written since before.
func (b *bank) report(before Counts, updates int) {
	after := b.counts()
	if tables := after.Tables - before.Tables; b.t.Counting() && tables > 0 {
		b.t.Report(entriesPerTable, float64(after.Flushed-before.Flushed)/float64(tables))
		b.t.Report(writtenPerOp, float64(after.Written-before.Written)/float64(updates))
	}
}

// update changes balances; the batch is what fills a memtable, and its flush is
// in the clock. Tables are merged between slices.
func update(t *lab.T, x Index) error {
	b, err := open(t, x)
	if err != nil {
		return err
	}
	t.Prepare(func([]workloads.Entry) {
		if b.counts().Open >= most {
			b.failed = b.compact()
		}
	})
	for batch := range t.Batches {
		if b.failed != nil {
			return b.failed
		}
		before := b.counts()
		for i := range batch {
			if err := b.credit(int(batch[i].Index), amount(&batch[i])); err != nil {
				return err
			}
		}
		b.report(before, len(batch))
		if t.Answering() {
			if err := b.answer(); err != nil {
				return err
			}
		}
	}
	return nil
}

// transfer credits two accounts at a time, four tables a batch, and merges them
// into one at its end: all that the index does for a transfer.
func transfer(t *lab.T, x Index) error {
	b, err := open(t, x)
	if err != nil {
		return err
	}
	for batch := range t.Batches {
		before := b.counts()
		for i := range batch {
			account := int(batch[i].Index)
			if err := b.credit(account, amount(&batch[i])); err != nil {
				return err
			}
			if err := b.credit((account+1)%len(b.balances), amount(&batch[i])); err != nil {
				return err
			}
		}
		if err := b.compact(); err != nil {
			return err
		}
		b.report(before, len(batch))
		if t.Answering() {
			if err := b.answer(); err != nil {
				return err
			}
		}
	}
	return nil
}

// scan reads the accounts in order of balance out of the tables that 200,000
// updates filled.
func scan(t *lab.T, x Index) error {
	b, err := open(t, x)
	if err != nil {
		return err
	}
	stream, err := t.Data.Stream(workloads.Present, t.Seed)
	if err != nil {
		return err
	}
	batch := make([]workloads.Entry, beat/2)
	for range most {
		stream.Next(batch)
		for i := range batch {
			if err := b.credit(int(batch[i].Index), amount(&batch[i])); err != nil {
				return err
			}
		}
	}
	if err := x.Flush(); err != nil {
		return err
	}
	sum := uint64(0)
	visit := func(k Key, row uint64) bool { sum = sum*31 + k.Balance + row; return true }
	for batch := range t.Batches {
		for range batch {
			before := b.counts()
			if err := x.Scan(visit); err != nil {
				return err
			}
			if t.Counting() {
				t.Report(visitedPerOp, float64(b.counts().Visited-before.Visited))
			}
		}
		t.Fold(sum)
	}
	return nil
}

// promise breaks the promise for every key of a batch: put, flush, put again,
// remove, get. The get must find nothing.
func promise(t *lab.T, x Index) error {
	trusting := false
	if s, ok := x.(interface{ trusts() bool }); ok {
		trusting = s.trusts()
	}
	next := uint64(0)
	t.Prepare(func([]workloads.Entry) { // keys never come again, so all may be forgotten
		if r, ok := x.(interface{ reset() }); ok {
			r.reset()
		}
	})
	for batch := range t.Batches {
		first := next
		next += uint64(len(batch))
		for n := first; n < next; n++ {
			if err := x.Put(Key{n, 1}, 1); err != nil {
				return err
			}
		}
		if err := x.Flush(); err != nil {
			return err
		}
		stale, refused := 0, 0
		for n := first; n < next; n++ {
			if err := x.Put(Key{n, 1}, 2); errors.Is(err, ErrPromise) {
				refused++
			} else if err != nil {
				return err
			}
			if err := x.Remove(Key{n, 1}); err != nil {
				return fmt.Errorf("the remove after: %w", err)
			}
			row, ok, err := x.Get(Key{n, 1})
			if err != nil {
				return err
			}
			if ok {
				stale++
			}
			if !trusting { // what is wrong on purpose is counted, not compared
				t.Fold(row)
			} else {
				t.Fold(0)
			}
		}
		if t.Counting() {
			t.Report(staleReads, float64(stale)/float64(len(batch)))
			t.Report(refusedPerOp, float64(refused)/float64(len(batch)))
		}
	}
	return nil
}
