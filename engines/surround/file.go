package surround

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"

	"assay/runner/lab"
)

const fileName = "votes.db"

// look searches a validator's buckets for what a vote contradicts.
type look func(tx *bbolt.Tx, validator uint32, v Vote) (found Verdict, visited int, err error)

// file is a history in a bbolt file. Variants differ in the buckets they keep
// and in how they look for a contradiction.
type file struct {
	db      *bbolt.DB
	kinds   []byte  // buckets of each validator, one or both of bySource and byTarget
	fill    float64 // of a page that is split; 0 leaves it to bbolt, which fills half
	look    look
	writing sync.Mutex
	written atomic.Int64
}

// newFile makes a variant that keeps buckets of these kinds.
func newFile(kinds string, fill float64, look look) func(*lab.Env) (History, error) {
	return func(env *lab.Env) (History, error) {
		f := &file{kinds: []byte(kinds), fill: fill, look: look}
		if err := f.open(filepath.Join(env.Dir, fileName)); err != nil {
			return nil, err
		}
		return f, nil
	}
}

// open opens the file, or makes it, and reads all of a history that is there:
// one that is out of order would make every search answer wrongly, without a
// sign of it. Reading 54,000 votes takes some milliseconds, once.
func (f *file) open(path string) (err error) {
	// A file cut short is mapped beyond its end: reading there is a fault of
	// memory, and pages full of nonsense make bbolt panic. Both become errors.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s: %w: bbolt: %v", path, errDamaged, p)
			if f.db != nil { // it panicked while we read; one that panics while it opens keeps its lock until the process ends
				err = errors.Join(err, f.db.Close())
			}
		}
	}()
	const reserve = 64 << 20 // of addresses: while the file is smaller, growing it moves nothing, and no reader waits
	f.db, err = bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Nanosecond, NoSync: true, NoGrowSync: true, InitialMmapSize: reserve})
	if err != nil {
		return fmt.Errorf("%s: bbolt: %w", path, err)
	}
	if err := f.verify(); err != nil {
		return fmt.Errorf("%s: %w", path, errors.Join(err, f.db.Close()))
	}
	return nil
}

// verify reads every vote of the file.
func (f *file) verify() error {
	return f.db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			kind, validator, err := parseName(name)
			if err == nil {
				err = inOrder(kind, b)
			}
			if err != nil {
				return fmt.Errorf("validator %d: %w", validator, err)
			}
			return nil
		})
	})
}

// inOrder holds that the votes of a bucket are a history.
func inOrder(kind byte, b *bbolt.Bucket) error {
	var list []Vote
	var last Vote
	first := true
	c := b.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		var err error
		if list, err = votes(list[:0], kind, k, v); err != nil {
			return err
		}
		for _, vote := range list {
			err := vote.check()
			if err == nil && !first {
				err = vote.follows(last)
			}
			if err != nil {
				return fmt.Errorf("%w: %w", errDamaged, err)
			}
			last, first = vote, false
		}
	}
	return nil
}

// Check opens a read transaction for each vote, as the published client does.
// It sees the history as of the last Append that has returned.
func (f *file) Check(validator uint32, v Vote) (Verdict, int, error) {
	if err := (Record{validator, v}).check(); err != nil {
		return Safe, 0, err
	}
	tx, err := f.db.Begin(false)
	if err != nil {
		return Safe, 0, err
	}
	found, visited, err := f.look(tx, validator, v)
	if end := tx.Rollback(); err == nil {
		err = end
	}
	return found, visited, err
}

// Append writes the records in one transaction. A durable one waits for the
// disk twice, for its pages and for the page that names them.
func (f *file) Append(records []Record, durable bool) error {
	f.writing.Lock()
	defer f.writing.Unlock()
	f.db.NoSync, f.db.NoGrowSync = !durable, !durable // transactions that read do not look at these
	tx, err := f.db.Begin(true)
	if err != nil {
		return err
	}
	if err := f.put(tx, records); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	// What is allocated in a transaction is written at its end, and after it
	// the page that names the new root.
	stats := tx.Stats()
	f.written.Add(stats.GetPageAlloc() + int64(f.db.Info().PageSize))
	return nil
}

// put puts records into their buckets. A validator's last vote is looked up
// once where his records stand together.
func (f *file) put(tx *bbolt.Tx, records []Record) error {
	values := make([]byte, 0, epochBytes*len(records)*len(f.kinds)) // bbolt refers to them until it commits
	var at shelf
	for i, r := range records {
		err := r.check()
		if err == nil && (i == 0 || r.Validator != records[i-1].Validator) {
			at, err = f.shelf(tx, r.Validator)
		}
		if err == nil && at.some {
			err = r.Vote.follows(at.last)
		}
		if err == nil {
			values, err = at.put(r.Vote, values)
		}
		if err != nil {
			return r.wrong(i, err)
		}
	}
	return nil
}

// Bytes is how much of the file has ever been used. The file itself may be
// longer: bbolt makes room ahead.
func (f *file) Bytes() (n int64, err error) {
	err = f.db.View(func(tx *bbolt.Tx) error { n = tx.Size(); return nil })
	return n, err
}

func (f *file) Written() int64 { return f.written.Load() }

func (f *file) Close() error { return f.db.Close() }
