package sparse

import (
	"bufio"
	"bytes"
	"io"
	"os"

	"assay/encodings/entry"
	"assay/engines/bloom"
	"assay/engines/lsm/disk"
	"assay/engines/lsm/part"
)

// builder writes a table. It is the writer that the entries go to as well: in
// front of the file, so that checksums and offsets are of what was written,
// however it is buffered.
type builder struct {
	format  *format
	path    string
	file    *disk.File
	out     io.Writer
	buffer  *bufio.Writer // nil where every field is a write call
	index   index
	filter  bloom.Filter
	sum     uint32
	scratch [entry.HeaderBytes]byte
}

// Create begins a table of at most so many entries.
func (f *format) Create(path string, entries int) (part.Builder, error) {
	filter, err := f.Filter.make(entries)
	if err != nil {
		return nil, err
	}
	file, err := disk.Create(path+dataExtension, f.counts)
	if err != nil {
		return nil, err
	}
	b := &builder{format: f, path: path, file: file, out: file, filter: filter}
	if f.Buffer > 0 {
		b.buffer = bufio.NewWriterSize(file, f.Buffer)
		b.out = b.buffer
	}
	return b, nil
}

// Write passes bytes of an entry on.
func (b *builder) Write(p []byte) (int, error) {
	n, err := b.out.Write(p)
	b.sum = part.Checksum(b.sum, p[:n])
	b.index.size += int64(n)
	return n, err
}

// Add writes one entry.
func (b *builder) Add(e part.Entry, _ uint64) error {
	if b.index.entries%perChunk == 0 {
		b.endChunk()
		b.index.chunks = append(b.index.chunks, chunk{key: bytes.Clone(e.Key), offset: b.index.size})
	}
	b.index.entries++
	b.format.counts.Entries++
	b.filter.Add(e.Key)
	return b.format.Layout.write(b, e, &b.scratch)
}

func (b *builder) endChunk() {
	if n := len(b.index.chunks); n > 0 {
		b.index.chunks[n-1].sum = b.sum
	}
	b.sum = 0
}

// Finish completes both files and returns the table.
func (b *builder) Finish() (part.Table, error) {
	b.endChunk()
	if b.buffer != nil {
		if err := b.buffer.Flush(); err != nil {
			b.Abort()
			return nil, err
		}
	}
	if err := os.WriteFile(b.path+indexExtension, b.index.append(nil), 0o600); err != nil {
		b.Abort()
		return nil, err
	}
	return &table{format: b.format, path: b.path + dataExtension, file: b.file.Take(), index: &b.index, filter: b.filter}, nil
}

// Abort gives the table up.
func (b *builder) Abort() { b.file.Close() }
