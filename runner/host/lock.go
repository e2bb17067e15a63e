package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"assay/runner/clock"
)

// LockOptions says how to take the lock of [Acquire].
type LockOptions struct {
	// Dir holds the lock file; "" is the system's temporary directory.
	Dir string
	// Command is what this run was called with, for the message of another.
	Command string
	// Mend ends the error of a held lock: what the user may do, in the
	// caller's own words for its flags.
	Mend string
	// Waiting, when not nil, is called once with the error of the held lock,
	// and Acquire then waits for it. When nil, a held lock is an error at once.
	Waiting func(held error)
	// Clock dates the lock and paces the waiting; nil is the system's.
	Clock clock.Clock
}

// retry is how often a waiting run looks again. The kernel could wake it, but
// a blocked flock cannot be cancelled by a context.
const retry = 100 * time.Millisecond

// errHeld is what tryLock returns when another open file has the lock.
var errHeld = errors.New("lock is held")

// holder is what the lock file says of the run that holds it, as JSON.
type holder struct {
	PID     int       `json:"pid"`
	Command string    `json:"command"`
	Start   time.Time `json:"start"`
}

// Acquire takes the lock that keeps two assay runs of one user from measuring
// at the same time: an flock on assay-<uid>.lock. The kernel drops it when the
// process ends, however it ends, so that there are no stale locks; the file
// itself stays, since removing it would let two runs lock two files of one
// name. Release may be called more than once. Errors: the lock is held (the
// message names the pid, command and start of the other run), the file cannot
// be made or locked, or ctx ended while waiting.
func Acquire(ctx context.Context, o LockOptions) (release func(), err error) {
	if o.Dir == "" {
		o.Dir = os.TempDir()
	}
	if o.Clock == nil {
		o.Clock = clock.System()
	}
	path := filepath.Join(o.Dir, fmt.Sprintf("assay-%d.lock", os.Getuid()))
	f, err := openLock(path)
	if err != nil {
		return nil, fmt.Errorf("host: cannot open the lock file: %w: make the directory writable or choose another with TMPDIR", err)
	}
	if err := await(ctx, f, path, o); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := describe(f, holder{os.Getpid(), o.Command, o.Clock.Now()}); err != nil {
		return nil, errors.Join(fmt.Errorf("host: cannot write the lock file %s: %w: free some space there", path, err), f.Close())
	}
	var once sync.Once
	return func() { once.Do(func() { unlock(f) }) }, nil
}

// await returns once the lock of f is ours.
func await(ctx context.Context, f *os.File, path string, o LockOptions) error {
	for told := false; ; told = true {
		err := tryLock(f)
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, errHeld):
			return fmt.Errorf("host: cannot lock %s: %w: choose a local directory with TMPDIR", path, err)
		case o.Waiting == nil:
			return held(path, o.Mend)
		case !told:
			o.Waiting(held(path, o.Mend))
		}
		if err := o.Clock.Sleep(ctx, retry); err != nil {
			return fmt.Errorf("host: stopped waiting for another run: %w: %w", err, held(path, o.Mend))
		}
	}
}

// held describes the run that has the lock. Between its flock and its write
// there is a moment when the file is empty.
func held(path, mend string) error {
	h, err := readHolder(path)
	if err != nil {
		return fmt.Errorf("another assay run is measuring (%s says nothing about it yet): %s", path, mend)
	}
	return fmt.Errorf("another assay run is measuring: pid %d, %q, since %s (lock %s): %s",
		h.PID, h.Command, h.Start.Format("2006-01-02 15:04:05 -07:00"), path, mend)
}

func readHolder(path string) (holder, error) {
	f, err := os.Open(path)
	if err != nil {
		return holder{}, err
	}
	text, err := io.ReadAll(io.LimitReader(f, 64<<10))
	if err := errors.Join(err, f.Close()); err != nil {
		return holder{}, err
	}
	return parseHolder(text)
}

func parseHolder(text []byte) (holder, error) {
	var h holder
	if err := json.Unmarshal(text, &h); err != nil {
		return holder{}, fmt.Errorf("host: lock file is not the JSON of a run: %w", err)
	}
	if h.PID <= 0 {
		return holder{}, fmt.Errorf("host: lock file names pid %d", h.PID)
	}
	return h, nil
}

func describe(f *os.File, h holder) error {
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err = f.WriteAt(text, 0)
	return err
}
