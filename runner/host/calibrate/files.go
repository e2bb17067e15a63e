package calibrate

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"

	"assay/runner/clock"
	"assay/runner/sketch"
)

// pieceBytes is what one write hands to the kernel: large enough that the call
// itself does not count. tableBytes is a table of a store, written in order.
const (
	pieceBytes = 1 << 18
	tableBytes = 4 << 20
	pageBytes  = 4 << 10
)

// files are the probes that reach into the kernel: a disk and the loopback interface.
func files(dir string) []probe {
	return []probe{
		opened("write", onCPU, func() (work, func() error, error) { return writer(filepath.Join(dir, "write")) }),
		{sketch.Constant{Resource: "disk", Clock: onWall}, func(ctx context.Context, c clock.Clock) ([]float64, error) {
			return synced(ctx, c, filepath.Join(dir, "disk"), onDisk)
		}},
		{sketch.Constant{Resource: "fsync", Clock: onWall}, func(ctx context.Context, c clock.Clock) ([]float64, error) {
			return synced(ctx, c, filepath.Join(dir, "fsync"), one)
		}},
		opened("loopback", onWall, loopback),
	}
}

// writer writes tables, each new: the kernel finds pages for it as it does for
// a store's. Throwing the last one away is in the time too.
func writer(path string) (work, func() error, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, nil, err
	}
	piece, at := make([]byte, pieceBytes), 0
	return func(n int) (ops int, err error) {
		for ; ops < n; ops += len(piece) {
			if at >= tableBytes {
				if at, err = 0, f.Truncate(0); err != nil {
					return ops, err
				}
			}
			if _, err := f.WriteAt(piece, int64(at)); err != nil {
				return ops, err
			}
			at += len(piece)
		}
		return ops, nil
	}, f.Close, nil
}

// syncing is the time of one kind of fsync per what it is counted in.
type syncing func(c clock.Clock, f *os.File) (ns float64, err error)

func synced(ctx context.Context, c clock.Clock, path string, kind syncing) ([]float64, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if _, err := f.Write(make([]byte, tableBytes)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	ns, err := series(ctx, c, func() (float64, error) { return kind(c, f) })
	return ns, errors.Join(err, f.Close())
}

// one times an fsync of one dirty page.
func one(c clock.Clock, f *os.File) (float64, error) {
	if _, err := f.WriteAt(make([]byte, pageBytes), 0); err != nil {
		return 0, err
	}
	start := c.Wall()
	err := f.Sync()
	return float64(c.Wall() - start), err
}

// onDisk times what an fsync of a whole table takes longer than that of a page,
// per byte.
func onDisk(c clock.Clock, f *os.File) (float64, error) {
	if err := f.Truncate(0); err != nil {
		return 0, err
	}
	if _, err := f.WriteAt(make([]byte, tableBytes), 0); err != nil {
		return 0, err
	}
	start := c.Wall()
	if err := f.Sync(); err != nil {
		return 0, err
	}
	table := float64(c.Wall() - start)
	page, err := one(c, f)
	return (table - page) / (tableBytes - pageBytes), err
}

// loopback sends a byte to a goroutine that sends it back.
func loopback() (work, func() error, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	echoed := make(chan error, 1)
	go func() { echoed <- echo(l) }()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		return nil, nil, errors.Join(err, l.Close(), <-echoed)
	}
	b := make([]byte, 1)
	trips := func(n int) (int, error) {
		for range n {
			if _, err := c.Write(b); err != nil {
				return 0, err
			}
			if _, err := io.ReadFull(c, b); err != nil {
				return 0, err
			}
		}
		return n, nil
	}
	return trips, func() error { return errors.Join(c.Close(), <-echoed, l.Close()) }, nil
}

// echo answers one connection until it is closed.
func echo(l net.Listener) error {
	c, err := l.Accept()
	if err != nil {
		return err
	}
	b := make([]byte, 1)
	for {
		if _, err := io.ReadFull(c, b); err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return errors.Join(err, c.Close())
		}
		if _, err := c.Write(b); err != nil {
			return errors.Join(err, c.Close())
		}
	}
}
