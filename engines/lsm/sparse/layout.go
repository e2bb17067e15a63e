package sparse

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"assay/encodings/entry"
	"assay/engines/lsm/part"
)

// Layout is the order of an entry's four fields, as package encodings/entry has
// them. A deleted key has no value and the value length deadLength.
type Layout uint8

// The layouts: key and value each behind its length, which takes four reads
// (entry.Interleaved), or both lengths first, so that key and value are one
// read: two in all (entry.Headed).
const (
	Apart Layout = iota
	Together
)

// String returns "apart" or "together".
func (l Layout) String() string { return [...]string{"apart", "together"}[l] }

// deadLength is -1 as a length field has it: no value has that length.
const deadLength = -1

// write gives w the four fields in four calls.
func (l Layout) write(w io.Writer, e part.Entry, scratch *[entry.HeaderBytes]byte) error {
	key, value := scratch[:entry.LengthBytes], scratch[entry.LengthBytes:]
	entry.PutLength(key, len(e.Key))
	entry.PutLength(value, len(e.Value))
	if e.Deleted {
		entry.PutLength(value, deadLength)
	}
	fields := [4][]byte{key, e.Key, value, e.Value}
	if l == Together {
		fields = [4][]byte{key, value, e.Key, e.Value}
	}
	for _, f := range fields {
		if _, err := w.Write(f); err != nil {
			return err
		}
	}
	return nil
}

// fields reads entries as the published store does: a read call for each part,
// into memory made for it. It counts the calls.
type fields struct {
	layout Layout
	rest   []byte
	reads  int
	head   [entry.HeaderBytes]byte
}

// read is one read call.
func (f *fields) read(into []byte) error {
	f.reads++
	if len(f.rest) < len(into) {
		return fmt.Errorf("an entry needs %d bytes where %d are left", len(into), len(f.rest))
	}
	f.rest = f.rest[copy(into, f.rest):]
	return nil
}

// next reads one entry; more is false at the end.
func (f *fields) next(e *part.Entry) (more bool, err error) {
	if len(f.rest) == 0 {
		return false, nil
	}
	if f.layout == Together {
		return true, f.together(e)
	}
	return true, f.apart(e)
}

func (f *fields) apart(e *part.Entry) error {
	key, err := f.keyLength(f.head[:entry.LengthBytes])
	if err != nil {
		return err
	}
	e.Key = make([]byte, key)
	if err := f.read(e.Key); err != nil {
		return err
	}
	if err := f.read(f.head[entry.LengthBytes:]); err != nil {
		return err
	}
	value, dead, err := f.valueLength(0)
	if err != nil {
		return err
	}
	e.Value, e.Deleted = make([]byte, value), dead
	return f.read(e.Value)
}

func (f *fields) together(e *part.Entry) error {
	key, err := f.keyLength(f.head[:])
	if err != nil {
		return err
	}
	value, dead, err := f.valueLength(key)
	if err != nil {
		return err
	}
	both := make([]byte, key+value)
	e.Key, e.Value, e.Deleted = both[:key:key], both[key:], dead
	return f.read(both)
}

// keyLength reads a head that begins with the length of a key, and holds it to
// what is left before any memory is made for it.
func (f *fields) keyLength(head []byte) (int, error) {
	if err := f.read(head); err != nil {
		return 0, err
	}
	n, err := entry.Length(head)
	if err == nil && (n == 0 || n > min(part.MaxKey, len(f.rest))) {
		err = fmt.Errorf("an entry claims a key of %d bytes where %d are left", n, len(f.rest))
	}
	return n, err
}

// valueLength takes the length of the value from the head; before is how many
// bytes come before the value.
func (f *fields) valueLength(before int) (n int, dead bool, err error) {
	field := f.head[entry.LengthBytes:]
	if binary.LittleEndian.Uint64(field) == math.MaxUint64 {
		return 0, true, nil
	}
	n, err = entry.Length(field)
	if left := len(f.rest) - before; err == nil && n > left {
		err = fmt.Errorf("an entry claims a value of %d bytes where %d are left", n, left)
	}
	return n, false, err
}
