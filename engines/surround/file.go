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

// layout is how votes lie in a file.
type layout interface {
	// put puts records into their places. It fails, with a part of them put,
	// where one is no vote or does not follow the last of its validator.
	put(tx *bbolt.Tx, records []Record) error
	// verify reads every vote. It fails where they are no histories.
	verify(tx *bbolt.Tx) error
}

// file is a history in a bbolt file. Variants differ in its layout and in how
// they look for a contradiction.
type file struct {
	db      *bbolt.DB
	layout  layout
	look    look
	plain   bool // bbolt adds up no statistics, which nobody reads here
	writing sync.Mutex
	written atomic.Int64
}

// newFile makes a variant that keeps buckets of these kinds.
func newFile(kinds string, fill float64, look look) func(*lab.Env) (History, error) {
	return func(env *lab.Env) (History, error) {
		return openIn(env.Dir, &file{layout: buckets{[]byte(kinds), fill}, look: look})
	}
}

// newBlocks is the variant that keeps blocks.
func newBlocks(env *lab.Env) (History, error) {
	return openIn(env.Dir, &file{layout: blocks{}, look: seekBlock, plain: true})
}

func openIn(dir string, f *file) (History, error) {
	if err := f.open(filepath.Join(dir, fileName)); err != nil {
		return nil, err
	}
	return f, nil
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
	f.db, err = bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Nanosecond, NoSync: true, NoGrowSync: true, InitialMmapSize: reserve, NoStatistics: f.plain})
	if err != nil {
		return fmt.Errorf("%s: bbolt: %w", path, err)
	}
	if err := f.db.View(f.layout.verify); err != nil {
		return fmt.Errorf("%s: %w", path, errors.Join(err, f.db.Close()))
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
	return found, visited, f.named(err)
}

// named has the error of a damaged file say which.
func (f *file) named(err error) error {
	if errors.Is(err, errDamaged) {
		return fmt.Errorf("%s: %w", f.db.Path(), err)
	}
	return err
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
	if err := f.layout.put(tx, records); err != nil {
		return errors.Join(f.named(err), tx.Rollback())
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

// Bytes is how much of the file has ever been used. The file itself may be
// longer: bbolt makes room ahead.
func (f *file) Bytes() (n int64, err error) {
	err = f.db.View(func(tx *bbolt.Tx) error { n = tx.Size(); return nil })
	return n, err
}

func (f *file) Written() int64 { return f.written.Load() }

func (f *file) Close() error { return f.db.Close() }
