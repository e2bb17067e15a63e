package clock_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	"assay/runner/clock"
)

func TestSystemClocksNeverRunBackwards(t *testing.T) {
	t.Parallel()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	c := clock.System()
	last := c.Read()
	for range 10_000 {
		now := c.Read()
		d := now.Sub(last)
		if d.Wall < 0 || d.Thread < 0 || d.Process < 0 || d.Involuntary < 0 {
			t.Fatalf("a clock ran backwards: %+v then %+v", last, now)
		}
		last = now
	}
}

func TestSystemCountsWorkOnThreadAndProcessClocks(t *testing.T) {
	t.Parallel()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	c := clock.System()
	start := c.Read()
	for c.Read().Thread == start.Thread { // ends only if the clock moves
	}
	d := c.Read().Sub(start)
	if s := clock.Supports(); s.Thread && s.Process && d.Process < d.Thread {
		t.Errorf("process CPU time %v is less than that of one of its threads, %v", d.Process, d.Thread)
	}
}

func TestThreadClockIgnoresOtherThreads(t *testing.T) {
	t.Parallel()
	if !clock.Supports().Thread {
		t.Skip("no thread clock: " + clock.Supports().Note)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	c := clock.System()
	start := c.Read()
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		for from := c.Read().Thread; c.Read().Thread-from < 2*time.Millisecond; {
		}
	}()
	<-done
	d := c.Read().Sub(start)
	if d.Process-d.Thread < 2*time.Millisecond {
		t.Errorf("another thread worked 2 ms, yet process time grew by %v and thread time by %v", d.Process, d.Thread)
	}
}

func TestSystemSleepStopsWhenContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(time.Millisecond, cancel)
	if err := clock.System().Sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("Sleep returned %v, want context.Canceled", err)
	}
}

func TestSleepOfNothingReturnsAtOnceOnBothClocks(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []clock.Clock{clock.System(), &clock.Fake{}} {
		if err := c.Sleep(t.Context(), -time.Second); err != nil {
			t.Errorf("%T: negative sleep: %v", c, err)
		}
		if err := c.Sleep(ended, time.Second); !errors.Is(err, context.Canceled) {
			t.Errorf("%T: sleep in an ended context: %v, want context.Canceled", c, err)
		}
	}
}

func TestFakeMovesOnlyAsTold(t *testing.T) {
	t.Parallel()
	var f clock.Fake
	f.Advance(10*time.Millisecond, 8*time.Millisecond)
	f.AdvanceProcess(3 * time.Millisecond)
	f.Preempt(2)
	if err := f.Sleep(t.Context(), time.Second); err != nil {
		t.Fatal(err)
	}
	want := clock.Reading{
		Wall: 1010 * time.Millisecond, Thread: 8 * time.Millisecond,
		Process: 11 * time.Millisecond, Involuntary: 2,
	}
	if got := f.Read(); got != want || f.Wall() != want.Wall {
		t.Errorf("got %+v (Wall %v), want %+v", got, f.Wall(), want)
	}
	if got := f.Now().Format(time.RFC3339Nano); got != "2026-01-01T12:00:01.01Z" {
		t.Errorf("Now is %s", got)
	}
}

func TestFakeAddsUpUnderConcurrency(t *testing.T) {
	t.Parallel()
	var f clock.Fake
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				f.Advance(2, 1)
			}
		})
	}
	wg.Wait()
	if got, want := f.Read(), (clock.Reading{Wall: 1600, Thread: 800, Process: 800}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestReadAllocatesNothing(t *testing.T) { // not parallel: AllocsPerRun counts the whole process
	var sink clock.Reading
	for _, c := range []clock.Clock{clock.System(), &clock.Fake{}} {
		if n := testing.AllocsPerRun(100, func() { sink = c.Read() }); n != 0 {
			t.Errorf("%T: Read allocates %v times", c, n)
		}
	}
	_ = sink
}

func BenchmarkRead(b *testing.B) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	c := clock.System()
	b.ReportAllocs()
	for b.Loop() {
		c.Read()
	}
}

func BenchmarkWall(b *testing.B) {
	c := clock.System()
	for b.Loop() {
		c.Wall()
	}
}
