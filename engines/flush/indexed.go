package flush

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"assay/encodings/entry"
	"assay/engines/bloom"
	"assay/runner/lab"
)

// The footer of an indexed table, all little-endian. The three parts stand
// before it in this order and without gaps.
const (
	footerData    = 0  // u64, bytes of interleaved entries
	footerIndex   = 8  // u64, bytes of index
	footerFilter  = 16 // u64, bytes of filter
	footerEntries = 24 // u64
	footerDataSum = 32 // CRC-32C of the data
	footerPartSum = 36 // CRC-32C of index and filter
	footerMagic   = 40 // says whether there is a sum of the data
	footerSum     = 44 // CRC-32C of the footer up to here
	footerBytes   = 48

	magicPlain   = "aFl0"
	magicChecked = "aFl1"
)

const (
	// indexEvery is how many entries share an index entry, as published.
	indexEvery = 8
	// filterRate is the false-positive rate of the filter, as published.
	filterRate = 0.01
	// offsetBytes is the size of an index entry's value.
	offsetBytes = 8
)

// indexed is a table that can be read without a scan: a slab of entries, then a
// sparse index (the key and offset of every eighth entry, as an interleaved
// entry each), then a split-block filter, then the footer. Index, filter and
// footer are always protected by checksums: they are few bytes and decide what
// is read. The entries are where the checked option says so.
type indexed struct {
	slab
	index  []byte
	hashes []uint64 // of all keys
	filter *bloom.SplitBlock
	sized  int // the keys filter is for
	bits   []byte
}

func newIndexed(o options) func(*lab.Env) (Writer, error) {
	return func(env *lab.Env) (Writer, error) {
		if err := o.allowed(env.Dir); err != nil {
			return nil, err
		}
		return &indexed{slab: slab{options: o, room: aligned(o.bytes + 2*blockBytes)}}, nil
	}
}

func (w *indexed) Begin(f *File) error {
	w.index, w.hashes = w.index[:0], w.hashes[:0]
	return w.slab.Begin(f)
}

func (w *indexed) Append(key, value []byte) error {
	if len(w.hashes)%indexEvery == 0 {
		var offset [offsetBytes]byte
		binary.LittleEndian.PutUint64(offset[:], uint64(w.written)+uint64(w.at))
		w.index = entry.AppendInterleaved(w.index, key, offset[:])
	}
	w.hashes = append(w.hashes, bloom.Hash(key))
	return w.slab.Append(key, value)
}

func (w *indexed) Finish() error {
	if err := w.fill(); err != nil {
		return err
	}
	w.check(w.at)
	var footer [footerBytes]byte
	le := binary.LittleEndian
	le.PutUint64(footer[footerData:], uint64(w.written)+uint64(w.at))
	le.PutUint64(footer[footerIndex:], uint64(len(w.index)))
	le.PutUint64(footer[footerFilter:], uint64(len(w.bits)))
	le.PutUint64(footer[footerEntries:], uint64(len(w.hashes)))
	le.PutUint32(footer[footerDataSum:], w.sum)
	le.PutUint32(footer[footerPartSum:], crc32.Update(crc32.Checksum(w.index, castagnoli), castagnoli, w.bits))
	copy(footer[footerMagic:], magicPlain)
	if w.checked {
		copy(footer[footerMagic:], magicChecked)
	}
	le.PutUint32(footer[footerSum:], crc32.Checksum(footer[:footerSum], castagnoli))
	for _, part := range [][]byte{w.index, w.bits, footer[:]} {
		if err := w.add(part); err != nil {
			return err
		}
	}
	return w.slab.Finish()
}

// fill makes the filter, when the number of keys is known. To be told the number
// beforehand and set the bits in Append was tried: no hashes need keeping, but
// a few scattered writes between the copies of each entry cost 3 ns per entry
// more than this loop, in which nothing waits for anything.
func (w *indexed) fill() error {
	keys := max(1, len(w.hashes))
	if w.filter == nil || w.sized != keys {
		f, err := bloom.NewSplitBlock(keys, filterRate)
		if err != nil {
			return err
		}
		w.filter, w.sized = f, keys
	}
	w.filter.Reset()
	for _, h := range w.hashes {
		w.filter.AddHash(h)
	}
	w.bits = w.filter.AppendTo(w.bits[:0])
	return nil
}

// Plain returns the data of a table that holds in all its parts.
func (w *indexed) Plain(table []byte) ([]byte, error) { return openIndexed(table) }

var errDamaged = errors.New("indexed table is damaged")

// openIndexed checks all parts of a table and returns its entries.
func openIndexed(table []byte) ([]byte, error) {
	if len(table) < footerBytes {
		return nil, fmt.Errorf("%w: %d bytes, the footer alone has %d", errDamaged, len(table), footerBytes)
	}
	end := len(table) - footerBytes
	footer := table[end:]
	le := binary.LittleEndian
	kind := string(footer[footerMagic:footerSum])
	if kind != magicPlain && kind != magicChecked {
		return nil, fmt.Errorf("%w: offset %d: %q where %q or %q should be: cut short, or another format", errDamaged, end+footerMagic, kind, magicPlain, magicChecked)
	}
	if le.Uint32(footer[footerSum:]) != crc32.Checksum(footer[:footerSum], castagnoli) {
		return nil, fmt.Errorf("%w: offset %d: the footer's checksum differs", errDamaged, end)
	}
	data, index, filter := le.Uint64(footer[footerData:]), le.Uint64(footer[footerIndex:]), le.Uint64(footer[footerFilter:])
	all := uint64(end)
	if data > all || index > all-data || filter != all-data-index {
		return nil, fmt.Errorf("%w: parts of %d, %d and %d bytes do not make up the %d before the footer", errDamaged, data, index, filter, all)
	}
	if kind == magicChecked && le.Uint32(footer[footerDataSum:]) != crc32.Checksum(table[:data], castagnoli) {
		return nil, fmt.Errorf("%w: offset 0: the checksum of %d bytes of entries differs", errDamaged, data)
	}
	if le.Uint32(footer[footerPartSum:]) != crc32.Checksum(table[data:end], castagnoli) {
		return nil, fmt.Errorf("%w: offset %d: the checksum of index and filter differs", errDamaged, data)
	}
	x := tableParts{data: table[:data], index: table[data : data+index], filter: table[data+index : end]}
	if err := x.agree(le.Uint64(footer[footerEntries:])); err != nil {
		return nil, err
	}
	return x.data, nil
}

// tableParts are the parts of a table whose checksums hold.
type tableParts struct{ data, index, filter []byte }

// agree walks the entries and holds index, filter and order to them: what a
// checksum cannot see is a writer that was wrong.
func (x tableParts) agree(entries uint64) error {
	filter, err := bloom.OpenSplitBlock(x.filter)
	if err != nil {
		return fmt.Errorf("%w: offset %d: %w", errDamaged, len(x.data)+len(x.index), err)
	}
	rest, index := x.data, x.index
	var last []byte
	for n := uint64(0); len(rest) > 0 || n < entries; n++ {
		at := len(x.data) - len(rest)
		key, _, next, err := entry.Interleaved(rest)
		if err != nil {
			return fmt.Errorf("%w: entry %d at offset %d: %w", errDamaged, n, at, err)
		}
		if n >= entries {
			return fmt.Errorf("%w: offset %d: more than the %d entries counted", errDamaged, at, entries)
		}
		if n > 0 && bytes.Compare(last, key) >= 0 {
			return fmt.Errorf("%w: offset %d: key %q does not come after %q", errDamaged, at, key, last)
		}
		if !filter.Contains(key) {
			return fmt.Errorf("%w: offset %d: the filter denies key %q", errDamaged, at, key)
		}
		if n%indexEvery == 0 {
			if index, err = points(index, key, uint64(at)); err != nil {
				return err
			}
		}
		rest, last = next, key
	}
	if len(index) > 0 {
		return fmt.Errorf("%w: offset %d: %d bytes of index belong to no entry", errDamaged, len(x.data)+len(x.index)-len(index), len(index))
	}
	return nil
}

// points takes the next index entry, which must be of this key and offset.
func points(index, key []byte, at uint64) (rest []byte, err error) {
	name, offset, rest, err := entry.Interleaved(index)
	if err != nil {
		return nil, fmt.Errorf("%w: the index entry for offset %d: %w", errDamaged, at, err)
	}
	if !bytes.Equal(name, key) || len(offset) != offsetBytes || binary.LittleEndian.Uint64(offset) != at {
		return nil, fmt.Errorf("%w: the index names key %q at %x, it is %q at offset %d", errDamaged, name, offset, key, at)
	}
	return rest, nil
}
