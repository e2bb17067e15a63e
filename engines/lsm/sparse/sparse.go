// Package sparse is the published table format: entries with 8-byte lengths,
// a sparse index of every eighth key held in memory, and a filter in memory.
//
// A table is two files. The .tbl file is the published one, byte for byte:
// entries one after another, nothing else, so that its write calls can be
// counted as published. The .idx file has what the published store kept in
// memory only, the sparse index, and what it lacked, a CRC-32C of each chunk of
// eight entries. The filter has no byte form: opening a table reads it once and
// fills the filter anew, which also meets every damaged byte.
package sparse

import (
	"sync"

	"assay/engines/lsm/part"
)

// Options choose the parts in which the published steps differ.
type Options struct {
	Layout Layout
	Filter Filter
	Buffer int  // bytes gathered before a write call; 0 writes every field by itself
	Pool   bool // one chunk buffer for all Gets, from a sync.Pool, instead of one for each
}

const (
	perChunk       = 8
	filterRate     = .01 // what the filters are sized for
	dataExtension  = ".tbl"
	indexExtension = ".idx"
	readAhead      = 64 << 10 // of a cursor
)

type format struct {
	Options
	counts *part.Counts
	pool   sync.Pool
}

// New returns the format for a store that counts there.
func New(o Options) func(*part.Counts) part.Format {
	return func(counts *part.Counts) part.Format {
		return &format{Options: o, counts: counts, pool: sync.Pool{New: func() any { return new([]byte) }}}
	}
}

// Name tells the layouts apart; filter, buffer and pool leave no trace on disk.
func (f *format) Name() string { return "sparse-" + f.Layout.String() }

// chunkBuffer returns a buffer of n bytes and the function that ends its use.
func (f *format) chunkBuffer(n int) (*[]byte, []byte) {
	if !f.Pool {
		return nil, make([]byte, n)
	}
	b := f.pool.Get().(*[]byte)
	if cap(*b) < n {
		*b = make([]byte, n)
	}
	return b, (*b)[:n]
}

func (f *format) done(b *[]byte) {
	if b != nil {
		f.pool.Put(b)
	}
}
