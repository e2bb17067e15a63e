package trial

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Antagonist loads one resource of the machine until in closes, which it does
// when the process that started it dies. Kind is cpu (spin), memory (stream
// over more than a cache holds) or disk (write and sync in dir).
func Antagonist(kind, dir string, in io.Reader) error {
	done := make(chan struct{})
	go func() {
		io.Copy(io.Discard, in) //nolint:errcheck // any end will do
		close(done)
	}()
	step := map[string]func() error{"cpu": spin(), "memory": stream(), "disk": rewrite(dir)}[kind]
	if step == nil {
		return fmt.Errorf("antagonist %q is not cpu, memory or disk", kind)
	}
	for {
		select {
		case <-done:
			return nil
		default:
			if err := step(); err != nil {
				return err
			}
		}
	}
}

func spin() func() error {
	x := uint64(1)
	return func() error {
		for range 1 << 20 {
			x = x*6364136223846793005 + 1442695040888963407
		}
		return nil
	}
}

const streamBytes = 64 << 20

func stream() func() error {
	var from, to []byte
	return func() error {
		if from == nil {
			from, to = make([]byte, streamBytes), make([]byte, streamBytes)
		}
		copy(to, from)
		from, to = to, from
		return nil
	}
}

func rewrite(dir string) func() error {
	block := make([]byte, 1<<20)
	n := 0
	return func() error {
		f, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf("disk-%d-%d", os.Getpid(), n%4)), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
		if err != nil {
			return err
		}
		n++
		defer f.Close()
		for range 8 {
			if _, err := f.Write(block); err != nil {
				return err
			}
		}
		return f.Sync()
	}
}
