package broker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"assay/engines/ingest/segment"
	"assay/runner/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stopped is a clock on which waiting ends when the test says so.
type stopped struct {
	clock.Fake
	due chan struct{}
}

func (s *stopped) Sleep(ctx context.Context, d time.Duration) error {
	if d != Wait {
		return fmt.Errorf("slept for %v, want %v", d, Wait)
	}
	select {
	case <-s.due:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// plain writes a segment the plainest way.
func plain(f *segment.File, batches []*segment.Batch, nanos int64) error {
	file, err := segment.AppendHead(nil, batches, nanos)
	if err != nil {
		return err
	}
	for _, b := range batches {
		for _, c := range b.Chunks {
			file = append(file, c...)
		}
	}
	_, err = f.Write(file)
	return err
}

func batch(record string) *segment.Batch {
	return &segment.Batch{Sizes: []uint32{uint32(len(record))}, Chunks: [][]byte{[]byte(record)}}
}

// start gives a broker whose segments close at 10 bytes.
func start(t *testing.T, write func(*segment.File, []*segment.Batch, int64) error) (*Broker, *stopped) {
	t.Helper()
	clk := &stopped{due: make(chan struct{})}
	b := New(Config{Dir: t.TempDir(), Clock: clk, Wait: Wait, Bytes: 10, Write: write})
	t.Cleanup(b.Close)
	return b, clk
}

// appended is what an Append came to.
type appended struct {
	record string
	place  Place
	err    error
}

// add appends on a goroutine of its own.
func add(b *Broker, to chan<- appended, record string) {
	go func() {
		place, err := b.Append(context.Background(), batch(record))
		to <- appended{record, place, err}
	}()
}

// at reads one record back.
func at(t *testing.T, b *Broker, p Place) string {
	t.Helper()
	file, err := os.ReadFile(b.Path(p.Segment))
	if err != nil {
		t.Fatal(err)
	}
	s, err := segment.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	if want := (&clock.Fake{}).Now().UnixNano(); s.Nanos != want {
		t.Errorf("the segment is of %d, the clock says %d", s.Nanos, want)
	}
	return string(s.Record(int(p.First)))
}

func TestASegmentIsClosedByItsBytes(t *testing.T) {
	t.Parallel()
	b, _ := start(t, plain) // its time never comes
	done := make(chan appended)
	for _, r := range []string{"aaaa", "bbbb", "cccc"} { // 10 bytes are reached by the third
		add(b, done, r)
	}
	seen := map[Place]bool{}
	for range 3 {
		a := <-done
		if a.err != nil || at(t, b, a.place) != a.record || a.place.Segment != 0 || seen[a.place] {
			t.Errorf("%+v", a)
		}
		seen[a.place] = true
	}
	add(b, done, "one that is too long for a segment")
	if a := <-done; a.err != nil || a.place != (Place{Segment: 1}) {
		t.Errorf("%+v, want the first of segment 1", a)
	}
}

func TestASegmentIsClosedByItsTime(t *testing.T) {
	t.Parallel()
	b, clk := start(t, plain)
	done := make(chan appended)
	add(b, done, "a")
	clk.due <- struct{}{} // taken only when the segment is open
	if a := <-done; a.err != nil || at(t, b, a.place) != "a" {
		t.Errorf("%+v", a)
	}
	if segments, records := b.Counts(); segments != 1 || records != 1 {
		t.Errorf("%d segments, %d records", segments, records)
	}
}

func TestCloseWritesWhatWaits(t *testing.T) {
	t.Parallel()
	b, _ := start(t, plain)
	sent := make(chan appended, 1)
	ticket := ticket{batch("waits"), make(chan answer, 1)}
	b.in <- ticket // as Append does, but so that it is known to be taken
	b.Close()
	if a := <-ticket.done; a.err != nil || at(t, b, a.place) != "waits" {
		t.Errorf("%+v", a)
	}
	add(b, sent, "late")
	if a := <-sent; !errors.Is(a.err, ErrClosed) {
		t.Errorf("after Close: %v, want ErrClosed", a.err)
	}
	b.Close() // again does nothing
}

func TestAFailedWriteReachesAllAndLeavesNothing(t *testing.T) {
	t.Parallel()
	full := errors.New("no space left")
	healed := false
	b, _ := start(t, func(f *segment.File, batches []*segment.Batch, nanos int64) error {
		if healed {
			return plain(f, batches, nanos)
		}
		healed = true
		f.Write([]byte("half of it")) //nolint:errcheck // that is the point
		return full
	})
	done := make(chan appended)
	for range 2 {
		add(b, done, "12345")
	}
	for range 2 {
		if a := <-done; !errors.Is(a.err, full) || !strings.Contains(a.err.Error(), "segment 0") {
			t.Errorf("error %v", a.err)
		}
	}
	if left, err := os.ReadDir(b.config.Dir); err != nil || len(left) != 0 {
		t.Errorf("files are left: %v, %v", left, err)
	}
	add(b, done, "0123456789")
	if a := <-done; a.err != nil || a.place != (Place{}) || at(t, b, a.place) != "0123456789" {
		t.Errorf("after the failure: %+v, want the first place", a)
	}
}

func TestAFolderThatIsGoneIsAnErrorForTheAsker(t *testing.T) {
	t.Parallel()
	b := New(Config{Dir: filepath.Join(t.TempDir(), "gone"), Clock: &clock.Fake{}, Wait: Wait, Bytes: 1, Write: plain})
	defer b.Close()
	if _, err := b.Append(context.Background(), batch("x")); err == nil || !strings.Contains(err.Error(), "gone") {
		t.Errorf("error %v", err)
	}
}

func TestAContextEndsTheWaitForATurn(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	b, _ := start(t, func(f *segment.File, batches []*segment.Batch, nanos int64) error {
		<-hold
		return plain(f, batches, nanos)
	})
	done := make(chan appended, 1)
	ticket := ticket{batch("0123456789"), make(chan answer, 1)}
	b.in <- ticket // the writer is busy from here on
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, err := b.Append(ctx, batch("x"))
		done <- appended{err: err}
	}()
	cancel()
	if a := <-done; !errors.Is(a.err, context.Canceled) {
		t.Errorf("error %v", a.err)
	}
	close(hold)
	<-ticket.done
}

// TestManyAtOnceAllFindTheirRecords under the race detector, on the real clock.
func TestManyAtOnceAllFindTheirRecords(t *testing.T) {
	t.Parallel()
	b := New(Config{Dir: t.TempDir(), Clock: clock.System(), Wait: time.Millisecond, Bytes: 300, Write: plain})
	var all sync.WaitGroup
	places := make([]Place, 800)
	for c := range 16 {
		all.Go(func() {
			for i := c; i < len(places); i += 16 {
				p, err := b.Append(context.Background(), batch(fmt.Sprint("record ", i)))
				if err != nil {
					t.Error(err)
				}
				places[i] = p
			}
		})
	}
	all.Wait()
	b.Close()
	files := map[uint64]segment.Segment{}
	for i, p := range places {
		if _, ok := files[p.Segment]; !ok {
			file, err := os.ReadFile(b.Path(p.Segment))
			if err != nil {
				t.Fatal(err)
			}
			if files[p.Segment], err = segment.Parse(file); err != nil {
				t.Fatal(err)
			}
		}
		if got := string(files[p.Segment].Record(int(p.First))); got != fmt.Sprint("record ", i) {
			t.Fatalf("record %d is %q", i, got)
		}
	}
	if segments, records := b.Counts(); records != 800 || int(segments) != len(files) || segments == 800 {
		t.Errorf("%d segments of %d files, %d records", segments, len(files), records)
	}
}
