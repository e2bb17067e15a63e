package flush

import (
	"fmt"
	"hash/crc32"
	"path/filepath"
	"unsafe"

	"assay/encodings/entry"
	"assay/runner/lab"
)

const (
	// slabBytes is what one call writes: small enough to stay in the second
	// cache until the kernel has copied it, large enough to make calls rare.
	slabBytes = 256 << 10
	// largeSlab gains more in the kernel, which takes larger pages for larger
	// writes, than it loses by leaving the second cache: 3 to 5 ns per entry
	// here, on ext4 of Linux 6.18.
	largeSlab = 1 << 20
	// blockBytes is what direct I/O counts in, the largest block in use.
	blockBytes = 4096
	// reserve is how far ahead a table's space is allocated.
	reserve = 16 << 20
)

// slab assembles entries in one buffer and writes it whenever it is full, cut
// at its size and not at an entry: all writes but the last are of whole pages.
type slab struct {
	options
	file      *File
	room      []byte // len is its capacity; starts on a block
	at        int    // bytes in room
	written   int64  // bytes given to the file
	allocated int64

	sum    uint32 // CRC-32C of what went through, where checked
	summed int    // bytes of room that sum covers
}

// options are the parts in which slab variants differ.
type options struct {
	bytes    int  // of a slab, a power of two and whole blocks
	allocate bool // reserve the space of the file ahead
	direct   bool // past the page cache
	checked  bool // keep a checksum of the entries
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func newSlab(o options) func(*lab.Env) (Writer, error) {
	return func(env *lab.Env) (Writer, error) {
		if err := o.allowed(env.Dir); err != nil {
			return nil, err
		}
		return &slab{options: o, room: aligned(o.bytes + 2*blockBytes)}, nil
	}
}

// allowed asks the file system before anything is measured.
func (o options) allowed(dir string) error {
	if !o.direct {
		return nil
	}
	f, err := Create(filepath.Join(dir, "direct-io-probe"))
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // nothing was written that is wanted
	if err := f.Direct(true); err != nil {
		return fmt.Errorf("%w; give a folder on a disk, for example with TMPDIR", err)
	}
	if _, err := f.Write(aligned(blockBytes)); err != nil {
		return fmt.Errorf("direct I/O: a write of one block fails: %w; give a folder on a disk, for example with TMPDIR", err)
	}
	return nil
}

// aligned returns memory that starts on a block.
func aligned(bytes int) []byte {
	b := make([]byte, bytes+blockBytes)
	skip := -uintptr(unsafe.Pointer(&b[0])) & (blockBytes - 1) // the collector does not move it
	return b[skip : skip+uintptr(bytes)]
}

func (w *slab) Begin(f *File) error {
	w.file, w.at, w.written, w.allocated, w.sum, w.summed = f, 0, 0, 0, 0, 0
	if w.direct {
		return f.Direct(true)
	}
	return nil
}

func (w *slab) Append(key, value []byte) error {
	size := entry.Size(len(key), len(value))
	if len(w.room)-w.at < size {
		w.grow(w.at + size)
	}
	w.at += entry.PutInterleaved(w.room[w.at:], key, value)
	if w.at < w.bytes {
		return nil
	}
	return w.spill()
}

// add appends bytes that are no entry.
func (w *slab) add(b []byte) error {
	if len(w.room)-w.at < len(b) {
		w.grow(w.at + len(b))
	}
	w.at += copy(w.room[w.at:], b)
	if w.at < w.bytes {
		return nil
	}
	return w.spill()
}

// grow makes room for an entry that is larger than what a slab overhangs.
func (w *slab) grow(bytes int) {
	room := aligned(bytes + w.bytes)
	copy(room, w.room[:w.at])
	w.room = room
}

// spill writes the full slabs and moves what is left to the front.
func (w *slab) spill() error {
	full := w.at &^ (w.bytes - 1)
	w.check(full)
	w.summed = 0
	if err := w.put(w.room[:full]); err != nil {
		return err
	}
	w.at = copy(w.room, w.room[full:w.at])
	return nil
}

// check brings the sum up to a position, while the bytes are still in cache.
func (w *slab) check(to int) {
	if w.checked {
		w.sum = crc32.Update(w.sum, castagnoli, w.room[w.summed:to])
		w.summed = to
	}
}

func (w *slab) put(b []byte) error {
	if w.allocate && w.written+int64(len(b)) > w.allocated {
		ahead := max(reserve, int64(len(b)))
		if err := w.file.Allocate(w.allocated, ahead); err != nil {
			return err
		}
		w.allocated += ahead
	}
	n, err := w.file.Write(b)
	w.written += int64(n)
	return err
}

// Finish writes the rest. A direct write is of whole blocks, so the last one is
// padded and the file cut to its length; so is one with space in reserve.
func (w *slab) Finish() error {
	end := w.written + int64(w.at)
	if w.direct {
		padded := (w.at + blockBytes - 1) &^ (blockBytes - 1)
		clear(w.room[w.at:padded])
		w.at = padded
	}
	if w.at > 0 {
		if err := w.put(w.room[:w.at]); err != nil {
			return err
		}
		w.at = 0
	}
	if w.direct || w.allocate {
		return w.file.Truncate(end)
	}
	return nil
}
