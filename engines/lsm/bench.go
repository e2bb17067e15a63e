package lsm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"assay/engines/lsm/part"
	"assay/runner/lab"
	"assay/workloads"
)

// bench is one trial: an engine, the folders it opened, and the records of the
// slice at hand. All of it is made outside the clock, by the functions that
// operations give to [lab.T.Prepare]; what fails there is told by the next batch.
type bench struct {
	t       *lab.T
	engine  Engine
	folders int
	records []record
	bytes   []byte
	err     error
}

type record struct{ key, value []byte }

// folder is an open store and where it is.
type folder struct {
	store Store
	dir   string
}

// open makes a store in a folder of its own.
func (b *bench) open() (*folder, error) {
	b.folders++
	dir := filepath.Join(b.t.Dir, fmt.Sprintf("store%d", b.folders))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	s, err := b.engine.Open(dir)
	if err != nil {
		return nil, err
	}
	return &folder{s, dir}, nil
}

// drop closes a store and removes it. A store that can be abandoned is: what it
// has not flushed need not be written first.
func (f *folder) drop() error {
	if f == nil {
		return nil
	}
	end := f.store.Close
	if a, ok := f.store.(Abandoner); ok {
		end = a.Abandon
	}
	return errors.Join(end(), os.RemoveAll(f.dir))
}

// load puts all entries of the population.
func (b *bench) load(f *folder) error {
	data := b.t.Data
	var key, value []byte
	for _, e := range data.Entries {
		key, value = data.AppendKey(key[:0], e), data.AppendValue(value[:0], e)
		if err := f.store.Put(key, value); err != nil {
			return fmt.Errorf("loading: %w", err)
		}
	}
	return nil
}

// Where the keys of a slice come from.
const (
	asDrawn = iota // the keys drawn
	behind         // absent keys, each the very next behind one drawn: between keys that are there, whatever their law
)

// draw writes the keys and values of a pool; Place says which is whose.
func (b *bench) draw(pool []workloads.Entry, keys int) {
	data := b.t.Data
	b.bytes, b.records = b.bytes[:0], b.records[:0]
	ends := make([]int, 0, 2*len(pool))
	for i := range pool {
		pool[i].Place = uint32(i)
		b.bytes = data.AppendKey(b.bytes, pool[i])
		if keys == behind {
			b.bytes = append(b.bytes, 0)
		}
		ends = append(ends, len(b.bytes))
		b.bytes = data.AppendValue(b.bytes, pool[i])
		ends = append(ends, len(b.bytes))
	}
	from := 0
	for i := 0; i < len(ends); i += 2 {
		k, v := ends[i], ends[i+1]
		b.records = append(b.records, record{b.bytes[from:k:k], b.bytes[k:v:v]})
		from = v
	}
}

// counts returns what the store counts, if it does.
func (f *folder) counts() (part.Counts, bool) {
	if c, ok := f.store.(Counter); ok {
		return c.Counts(), true
	}
	return part.Counts{}, false
}

// bytesOnDisk is the size of all files of the store. A peer may compact behind
// our back and remove a file between its listing and its look-up: it is gone,
// and counts for nothing.
func (f *folder) bytesOnDisk() (total int64, err error) {
	err = filepath.WalkDir(f.dir, func(_ string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			total += info.Size()
		}
		return err
	})
	return total, err
}

// distinct is the number of different keys of the population.
func distinct(data *workloads.Data) int {
	n := 0
	for i, e := range data.Entries {
		if last, _ := data.Position(e.Key); int(last) == i {
			n++
		}
	}
	return n
}

// weigh folds a value into a number: its length, its first and its last bytes.
func weigh(value []byte) uint64 {
	n := uint64(len(value))
	if len(value) < 8 {
		for _, c := range value {
			n = n<<8 | uint64(c)
		}
		return n
	}
	return n + binary.LittleEndian.Uint64(value)*0x9e3779b97f4a7c15 + binary.LittleEndian.Uint64(value[len(value)-8:])
}
