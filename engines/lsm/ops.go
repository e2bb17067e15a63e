package lsm

import (
	"errors"
	"fmt"
	"slices"

	"assay/engines/lsm/part"
	"assay/runner/lab"
	"assay/workloads"
)

const (
	present = workloads.Present
	fresh   = workloads.Fresh
)

var (
	whole = lab.Shape{Length: 1, Batches: 1} // a phase of the whole store is one operation
	few   = lab.Shape{Length: 64}            // a Get takes microseconds: 256 would outlast a slice
)

// put puts drawn entries into a store that is replaced, between slices, by an
// empty one whenever it has taken as many as the population has.
func put(t *lab.T, e Engine) error {
	b := &bench{t: t, engine: e}
	var f *folder
	taken := len(t.Data.Entries)
	t.Prepare(func(pool []workloads.Entry) {
		b.draw(pool, asDrawn)
		if taken < len(t.Data.Entries) || b.err != nil {
			return
		}
		if b.err = f.drop(); b.err == nil {
			f, b.err = b.open()
		}
		taken = 0
	})
	var buf []byte
	for batch := range t.Batches {
		if b.err != nil {
			return b.err
		}
		for i := range batch {
			r := &b.records[batch[i].Place]
			if err := f.store.Put(r.key, r.value); err != nil {
				return err
			}
		}
		taken += len(batch)
		if t.Answering() {
			value, _, err := f.store.Get(buf[:0], b.records[batch[len(batch)-1].Place].key)
			if err != nil {
				return err
			}
			buf = value
			t.Fold(weigh(value))
		}
	}
	return f.drop()
}

// The states in which a store is read.
const (
	loaded    = iota // flushed, not compacted
	compacted        // flushed and compacted
)

// get is the measured loop of all four read operations.
func get(state, keys int) func(*lab.T, Engine) error {
	return func(t *lab.T, e Engine) error {
		b := &bench{t: t, engine: e}
		f, err := b.open()
		if err != nil {
			return err
		}
		if err := b.ready(f, state); err != nil {
			return errors.Join(err, f.drop())
		}
		t.Prepare(func(pool []workloads.Entry) { b.draw(pool, keys) })
		var buf []byte
		for batch := range t.Batches {
			before, counted := f.counts()
			sum := uint64(0)
			for i := range batch {
				value, ok, err := f.store.Get(buf[:0], b.records[batch[i].Place].key)
				if err != nil {
					return errors.Join(err, f.drop())
				}
				if ok {
					sum += weigh(value) + 1
				}
				buf = value
			}
			t.Fold(sum)
			if counted && t.Counting() {
				after, _ := f.counts()
				reportReads(t, before, after, len(batch), keys)
			}
		}
		return f.drop()
	}
}

// ready loads a store up to the state.
func (b *bench) ready(f *folder, state int) error {
	if err := b.load(f); err != nil {
		return err
	}
	if err := f.store.Flush(); err != nil {
		return err
	}
	if err := settle(f.store); err != nil || state == loaded {
		return err
	}
	if err := squeeze(f.store); err != nil {
		return err
	}
	return settle(f.store)
}

// settle waits for a store that works on its own.
func settle(s Store) error {
	if w, ok := s.(Settler); ok {
		return w.Settle()
	}
	return nil
}

// squeeze compacts a store.
func squeeze(s Store) error {
	c, ok := s.(Compacter)
	if !ok {
		return fmt.Errorf("%T cannot compact: a variant of this family must", s)
	}
	return c.Compact()
}

func reportReads(t *lab.T, before, after part.Counts, n, keys int) {
	t.Report(readsPerOp, float64(after.Reads-before.Reads)/float64(n))
	t.Report(tablesReadPerOp, float64(after.TablesRead-before.TablesRead)/float64(n))
	if asked := after.FilterAsked - before.FilterAsked; keys == behind && asked > 0 {
		t.Report(falsePositiveRate, float64(after.FilterMaybe-before.FilterMaybe)/float64(asked))
	}
}

func flush(t *lab.T, e Engine) error {
	return phase(t, e, (*bench).load, func(_ *bench, f *folder) error { return f.store.Flush() })
}

// fill puts everything and flushes: the work of a store that flushes on its own
// while it is put to, and of one that waits to be told, in one figure.
func fill(t *lab.T, e Engine) error {
	drawn := func(b *bench, _ *folder) error {
		if len(b.records) == 0 {
			b.draw(slices.Clone(b.t.Data.Entries), asDrawn)
		}
		return nil
	}
	return phase(t, e, drawn, func(b *bench, f *folder) error {
		for i := range b.records {
			if err := f.store.Put(b.records[i].key, b.records[i].value); err != nil {
				return err
			}
		}
		return f.store.Flush()
	})
}

func compact(t *lab.T, e Engine) error {
	ready := func(b *bench, f *folder) error { return b.ready(f, loaded) }
	return phase(t, e, ready, func(_ *bench, f *folder) error { return squeeze(f.store) })
}

// phase times one call for each store that prepare made ready. A slice has as
// many stores as operations, so that a warm-up or a count finds a store of its own.
func phase(t *lab.T, e Engine, prepare, call func(*bench, *folder) error) error {
	b := &bench{t: t, engine: e}
	var stores []*folder
	drop := func() (err error) {
		for _, f := range stores {
			err = errors.Join(err, f.drop())
		}
		stores = stores[:0]
		return err
	}
	t.Prepare(func(pool []workloads.Entry) {
		for b.err = drop(); len(stores) < len(pool) && b.err == nil; {
			pool[len(stores)].Place = uint32(len(stores))
			f, err := b.open()
			if err == nil {
				stores = append(stores, f)
				err = prepare(b, f)
			}
			b.err = err
		}
	})
	for batch := range t.Batches {
		if b.err != nil {
			return errors.Join(b.err, drop())
		}
		for i := range batch {
			f := stores[batch[i].Place]
			before, _ := f.counts()
			if err := call(b, f); err != nil {
				return errors.Join(err, drop())
			}
			if err := f.report(t, before); err != nil {
				return errors.Join(err, drop())
			}
		}
	}
	return drop()
}

// report tells, in the passes that are not timed, what a phase left on disk.
func (f *folder) report(t *lab.T, before part.Counts) error {
	if after, ok := f.counts(); ok && t.Counting() && after.Entries > before.Entries {
		t.Report(writesPerEntry, float64(after.Writes-before.Writes)/float64(after.Entries-before.Entries))
	}
	if t.Counting() {
		size, err := f.bytesOnDisk()
		if err != nil {
			return err
		}
		if size > 0 {
			t.Report(bytesPerEntry, float64(size)/float64(distinct(t.Data)))
		}
	}
	if t.Answering() {
		return f.answer(t)
	}
	return nil
}

// answer folds the values of entries from all over the population.
func (f *folder) answer(t *lab.T) error {
	const asked = 1000
	var key, value []byte
	for i := 0; i < len(t.Data.Entries); i += max(1, len(t.Data.Entries)/asked) {
		key = t.Data.AppendKey(key[:0], t.Data.Entries[i])
		got, ok, err := f.store.Get(value[:0], key)
		if err != nil {
			return err
		}
		if value = got; ok {
			t.Fold(weigh(value))
		}
	}
	return nil
}
