package block

import (
	"assay/engines/lsm/disk"
	"assay/engines/lsm/part"
)

// Format is the block format of one store.
type format struct {
	counts *part.Counts
	// A store is for one goroutine, so one of each will do.
	buf  []byte // of the block that a Get reads
	slab []byte // of the table being written
}

// New returns the format for a store that counts there. The store must hash:
// see [Hash].
func New(counts *part.Counts) part.Format { return &format{counts: counts} }

func (f *format) Name() string { return "block" }

// builder gathers blocks in a slab and writes it when it is full.
type builder struct {
	format  *format
	path    string
	file    *disk.File
	slab    []byte
	begun   int   // where the open block begins in the slab
	written int64 // bytes before the slab
	index   index
	keys    []byte // first keys; pieces of it are in the index
	filter  filter
	entries uint64
}

// Create begins a table of at most so many entries.
func (f *format) Create(path string, entries int) (part.Builder, error) {
	file, err := disk.Create(path+extension, f.counts)
	if err != nil {
		return nil, err
	}
	if f.slab == nil {
		f.slab = make([]byte, 0, slabBytes)
	}
	return &builder{format: f, path: path + extension, file: file, slab: f.slab[:0], filter: newFilter(entries)}, nil
}

// Add puts an entry into the open block.
func (b *builder) Add(e part.Entry, hash uint64) error {
	if len(b.slab) == b.begun {
		b.index.add(b.keep(e.Key), b.written+int64(b.begun))
	}
	b.slab = appendEntry(b.slab, e)
	b.filter.add(hash)
	b.entries++
	b.format.counts.Entries++
	if len(b.slab)-b.begun < blockBytes {
		return nil
	}
	return b.end()
}

// keep copies a key into memory that is made by the page, not by the key.
func (b *builder) keep(key []byte) []byte {
	const page = 16 << 10
	if cap(b.keys)-len(b.keys) < len(key) {
		b.keys = make([]byte, 0, max(page, len(key)))
	}
	from := len(b.keys)
	b.keys = append(b.keys, key...)
	return b.keys[from:len(b.keys):len(b.keys)]
}

// end closes the open block, and writes the slab where another may not fit.
func (b *builder) end() error {
	if len(b.slab) == b.begun {
		return nil
	}
	b.slab = seal(b.slab, b.begun)
	b.begun = len(b.slab)
	if len(b.slab) < slabBytes-2*blockBytes {
		return nil
	}
	return b.write()
}

func (b *builder) write() error {
	n, err := b.file.Write(b.slab)
	b.written += int64(n)
	b.slab, b.begun = b.slab[:0], 0
	if cap(b.slab) <= 4*slabBytes { // one that a huge value has grown is not kept
		b.format.slab = b.slab
	}
	return err
}

// Finish writes index, filter and foot and returns the table.
func (b *builder) Finish() (part.Table, error) {
	t, err := b.finish()
	if err != nil {
		b.Abort()
		return nil, err
	}
	return t, nil
}

func (b *builder) finish() (part.Table, error) {
	if err := b.end(); err != nil {
		return nil, err
	}
	f := foot{blocks: uint32(len(b.index.keys)), entries: b.entries, index: b.written + int64(len(b.slab))}
	b.index.finish(f.index)
	from := len(b.slab)
	b.slab = seal(b.index.append(b.slab), from)
	f.filter = b.written + int64(len(b.slab))
	from = len(b.slab)
	b.slab = seal(b.filter.append(b.slab), from)
	f.size = b.written + int64(len(b.slab)+footBytes)
	b.slab = f.append(b.slab)
	if err := b.write(); err != nil {
		return nil, err
	}
	return &table{format: b.format, path: b.path, file: b.file.Take(), index: &b.index, filter: b.filter, entries: int(b.entries)}, nil
}

// Abort gives the table up.
func (b *builder) Abort() { b.file.Close() }
